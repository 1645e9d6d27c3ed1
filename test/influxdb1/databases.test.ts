/** Buckets and the databases of a real InfluxDB 1.x: found, made, altered and dropped. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startInfluxdb1 } from '../../scripts/engines/influxdb1.ts'
import { runCommand } from '../support/command.ts'
import { send } from '../support/http.ts'
import { startSetUp } from '../support/populate.ts'
import { type Influxdb1World, startInfluxdb1World, withoutInfluxdb1 } from './world.ts'

const skip = withoutInfluxdb1

describe('databases as buckets', { skip, timeout: 120_000 }, () => {
  let world: Influxdb1World
  let operator: string
  before(async () => {
    world = await startInfluxdb1World()
    operator = world.operator.authorization.slice('Token '.length)
  })
  after(() => world?.stop())

  async function databases(): Promise<string[]> {
    const { results } = await world.influxdb.query('SHOW DATABASES')
    return (results[0]?.series?.[0]?.values ?? []).map(([name]) => String(name))
  }
  async function policies(database: string): Promise<string> {
    const { results } = await world.influxdb.query(`SHOW RETENTION POLICIES ON "${database}"`)
    return JSON.stringify(results[0]?.series?.[0]?.values)
  }
  const bucketNamed = async (name: string) => {
    const { json } = await world.ask(
      'GET',
      `/api/v2/buckets?name=${encodeURIComponent(name)}&orgID=${world.orgID}`,
    )
    return json.buckets?.[0]
  }

  test('the bucket of the setup has its database', async () => {
    for (let tries = 0; !(await databases()).includes('engine'); tries++) {
      assert.ok(tries < 100)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })

  test('a new bucket has its database when it is answered, with its retention', async () => {
    const made = await world.ask('POST', '/api/v2/buckets', {
      ...{ orgID: world.orgID, name: 'kept' },
      retentionRules: [{ type: 'expire', everySeconds: 7200 }],
    })
    assert.equal(made.status, 201, made.text)
    assert.match(await policies('kept'), /"2h0m0s"/)
    const changed = await world.ask('PATCH', `/api/v2/buckets/${made.json.id}`, {
      retentionRules: [{ type: 'expire', everySeconds: 10_800 }],
    })
    assert.equal(changed.status, 200, changed.text)
    assert.match(await policies('kept'), /"3h0m0s"/)
    const renamed = await world.ask('PATCH', `/api/v2/buckets/${made.json.id}`, { name: 'other' })
    assert.equal(renamed.status, 400, renamed.text)
    const described = await world.ask('PATCH', `/api/v2/buckets/${made.json.id}`, {
      name: 'kept',
      description: 'x',
    })
    assert.equal(described.status, 200, described.text)
  })

  test('a name that InfluxQL must quote is quoted', async () => {
    const name = `o'dd; DROP DATABASE a -- é`
    const made = await world.ask('POST', '/api/v2/buckets', { orgID: world.orgID, name })
    assert.equal(made.status, 201, made.text)
    assert.ok((await databases()).includes(name))
    assert.ok((await databases()).includes('a'))
    assert.equal((await world.write(operator, `db=${encodeURIComponent(name)}`, 'm v=1')).status, 204)
  })

  test('CREATE DATABASE makes the bucket too', async () => {
    const answer = await world.query(operator, 'CREATE DATABASE made WITH DURATION 2d NAME "two days"')
    assert.equal(answer.text.trim(), '{"results":[{"statement_id":0}]}')
    assert.match(await policies('made'), /"two days","48h0m0s"/)
    assert.equal((await bucketNamed('made')).retentionRules[0].everySeconds, 172_800)
    assert.equal((await world.write(operator, 'db=made', 'm v=1')).status, 204)
    // Clients ask for it at each start.
    assert.equal((await world.query(operator, 'CREATE DATABASE "engine"')).status, 200)
  })

  test('who may only write a bucket makes none', async () => {
    const token = await world.tokenWith(['write:a', 'read:a'])
    assert.equal((await world.query(token, 'CREATE DATABASE theirs')).status, 403)
    assert.ok(!(await databases()).includes('theirs'))
    const manager = await world.tokenWith(['manage'])
    assert.equal((await world.query(manager, 'CREATE DATABASE theirs')).status, 200)
    assert.ok(await bucketNamed('theirs'))
    assert.equal(
      (await world.query(manager, 'CREATE RETENTION POLICY p ON theirs DURATION 1d REPLICATION 1')).status,
      200,
    )
    assert.ok(await bucketNamed('theirs/p'))
    // Its data would be gone.
    assert.equal((await world.query(manager, 'DROP RETENTION POLICY p ON theirs')).status, 403)
    assert.ok(await bucketNamed('theirs/p'))
  })

  test('deleting a bucket, or DROP DATABASE, leaves the data unless the settings say otherwise', async () => {
    const { id } = await bucketNamed('c')
    assert.equal((await world.query(operator, 'DROP DATABASE c')).status, 403)
    assert.equal((await world.ask('DELETE', `/api/v2/buckets/${id}`)).status, 204)
    await new Promise((resolve) => setTimeout(resolve, 300))
    assert.ok((await databases()).includes('c'))
    const { status } = await world.query(operator, 'SELECT * FROM c..m')
    assert.equal(status, 404)
  })

  test('databases are shown before they are adopted', async () => {
    await world.influxdb.query('CREATE DATABASE older WITH DURATION 5d')
    await world.influxdb.query('CREATE RETENTION POLICY long ON older DURATION 9d REPLICATION 1')
    const argv = ['--host', world.url, '--token', operator]
    const shown = await runCommand(['upstream', 'adopt', ...argv])
    assert.match(
      shown.out,
      /Would become buckets[\s\S]*c +analytics[\s\S]*older +analytics +432000 s[\s\S]*older\/long/,
    )
    assert.equal(await bucketNamed('older'), undefined)
    const status = await runCommand(['upstream', 'status', ...argv])
    assert.match(status.out, /Both sides have the same records[\s\S]*without a bucket[\s\S]*older\/long/)
    const repair = await runCommand(['upstream', 'repair', '--from', 'here', ...argv])
    assert.match(repair.err, /no InfluxDB 2 is configured/)
    const done = await runCommand(['upstream', 'adopt', '--yes', ...argv])
    assert.equal(done.status, 0, done.err)
    assert.equal((await bucketNamed('older')).retentionRules[0].everySeconds, 432_000)
    assert.match((await world.query(operator, 'SELECT * FROM c..m')).text, /mark_c/)
    assert.match((await runCommand(['upstream', 'adopt', ...argv])).out, /Every database has its bucket/)
    const nobody = await runCommand([
      'upstream',
      'adopt',
      '--host',
      world.url,
      '--token',
      await world.tokenWith(['read:a']),
    ])
    assert.notEqual(nobody.status, 0)
  })
})

describe('a start', { skip, timeout: 120_000 }, () => {
  test('names the databases that have no bucket once', async (t) => {
    const influxdb = await startInfluxdb1()
    t.after(() => influxdb.stop())
    for (const name of ['older', 'engine', '_hidden']) await influxdb.query(`CREATE DATABASE "${name}"`)
    const server = await startSetUp([
      ...['--upstream-kind', 'influxdb1', '--upstream-url', influxdb.url, '--upstream-org', 'analytics'],
    ])
    t.after(() => server.stop())
    const named = () => server.log.filter((line) => line.includes('have no bucket'))
    for (let tries = 0; tries < 200 && named().length === 0; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await server.ask('POST', '/api/v2/buckets', { orgID: server.orgID, name: 'more' })
    await new Promise((resolve) => setTimeout(resolve, 300))
    assert.equal(named().length, 1, named().join('\n'))
    assert.match(named()[0] ?? '', /sluice upstream adopt/)
    assert.match(named()[0] ?? '', /older/)
    assert.doesNotMatch(named()[0] ?? '', /engine/)
  })
})

describe('with drop-databases', { skip, timeout: 120_000 }, () => {
  test('both ways drop the database', async (t) => {
    const world = await startInfluxdb1World(['--upstream-drop-databases'])
    t.after(() => world.stop())
    const operator = world.operator.authorization.slice('Token '.length)
    const done = async (statement: string) => {
      const { status, text } = await world.query(operator, statement)
      assert.equal(status, 200, `${statement}: ${text}`)
    }
    assert.equal((await world.ask('DELETE', `/api/v2/buckets/${world.buckets.a}`)).status, 204)
    for (const policy of ['dropped', 'left']) {
      await done(`CREATE RETENTION POLICY ${policy} ON b DURATION 1d REPLICATION 1`)
    }
    const left = async (...names: string[]) => {
      for (let look = 0; look < 100 && (await namesOf(world, /^[ab]/)).length > names.length; look += 1) {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      assert.deepEqual(await namesOf(world, /^[ab]/), names)
    }
    await done('DROP RETENTION POLICY dropped ON b')
    await left('b', 'b/left')
    await done('DROP DATABASE b')
    await left()
    // Had a bucket been left, its database would be made again now.
    await world.ask('POST', '/api/v2/buckets', { orgID: world.orgID, name: 'another' })
    await new Promise((resolve) => setTimeout(resolve, 500))
    const { results } = await world.influxdb.query('SHOW DATABASES')
    assert.doesNotMatch(JSON.stringify(results), /\["[ab]"\]/)
  })
})

describe('what a statement does to buckets', { skip, timeout: 120_000 }, () => {
  test('is undone if InfluxDB refuses it or is away, and a changed policy changes its bucket', async (t) => {
    const world = await startInfluxdb1World(['--upstream-drop-databases'])
    t.after(() => world.stop())
    const operator = world.operator.authorization.slice('Token '.length)
    const statusOf = async (statement: string) => (await world.query(operator, statement)).status
    const secondsOf = async (id: string | undefined) =>
      (await world.ask('GET', `/api/v2/buckets/${id}`)).json.retentionRules[0]?.everySeconds
    // The bucket follows once InfluxDB has answered, which the client sees first.
    const becomes = async (id: string | undefined, seconds: number) => {
      for (let look = 0; look < 100 && (await secondsOf(id)) !== seconds; look += 1) {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      assert.equal(await secondsOf(id), seconds)
    }
    assert.equal(await statusOf('ALTER RETENTION POLICY autogen ON b DURATION 240h'), 200)
    await becomes(world.buckets.b, 864_000)
    assert.equal(await statusOf('ALTER RETENTION POLICY second ON a DURATION 480h'), 200)
    await becomes(world.buckets['a/second'], 1_728_000)
    assert.equal(await secondsOf(world.buckets.a), 0)
    // Shorter than its groups of shards, which InfluxDB refuses with 200.
    assert.equal(await statusOf('ALTER RETENTION POLICY second ON a DURATION 2h'), 200)
    assert.equal(await statusOf('ALTER RETENTION POLICY second ON a REPLICATION 1 DEFAULT'), 200)
    await becomes(world.buckets.a, 1_728_000)
    assert.equal(await secondsOf(world.buckets['a/second']), 1_728_000)

    // Its groups of shards are shorter too now, which the bucket does not contradict.
    const shorter = 'ALTER RETENTION POLICY autogen ON c DURATION 48h SHARD DURATION 1h'
    assert.equal(await statusOf(shorter), 200)
    await becomes(world.buckets.c, 172_800)

    const before = await namesOf(world, /./)
    assert.equal(await statusOf('CREATE DATABASE wrong WITH REPLICATION 0'), 400)
    await world.influxdb.stop()
    assert.equal(await statusOf('CREATE DATABASE away'), 503)
    assert.equal(await statusOf('CREATE RETENTION POLICY away ON b DURATION 1d REPLICATION 1'), 503)
    assert.equal(await statusOf('DROP DATABASE b'), 503)
    assert.equal(await statusOf('ALTER RETENTION POLICY autogen ON b DURATION 480h'), 503)
    assert.deepEqual(await namesOf(world, /./), before)
    assert.equal(await secondsOf(world.buckets.b), 864_000)
    const rules = { retentionRules: [{ type: 'expire', everySeconds: 1_728_000 }] }
    assert.equal((await world.ask('PATCH', `/api/v2/buckets/${world.buckets.b}`, rules)).status, 503)
    assert.equal(await secondsOf(world.buckets.b), 864_000)
    assert.equal((await world.ask('DELETE', `/api/v2/buckets/${world.buckets.a}`)).status, 503)
    assert.deepEqual(await namesOf(world, /./), before)
  })

  test('is what InfluxDB made of it, once the client has the answer', async (t) => {
    const world = await startInfluxdb1World(['--upstream-drop-databases'])
    t.after(() => world.stop())
    const operator = world.operator.authorization.slice('Token '.length)
    const everySeconds = async (name: string): Promise<number | undefined> => {
      const { json } = await world.ask('GET', `/api/v2/buckets?limit=100&orgID=${world.orgID}`)
      const found = json.buckets.find((each: { readonly name: string }) => each.name === name)
      return found && (found.retentionRules[0]?.everySeconds ?? 0)
    }
    async function after(statements: string, errors: number): Promise<void> {
      const { status, json } = await world.query(operator, statements)
      assert.equal(status, 200, statements)
      const failed = json.results.filter((each: { readonly error?: string }) => each.error !== undefined)
      assert.equal(failed.length, errors, JSON.stringify(json))
    }

    await after('CREATE RETENTION POLICY year ON b DURATION 8760h REPLICATION 1 DEFAULT', 0)
    assert.deepEqual([await everySeconds('b'), await everySeconds('b/year')], [31_536_000, 31_536_000])
    // The policy is there already, with another duration.
    await after('CREATE RETENTION POLICY year ON b DURATION 2d REPLICATION 1', 1)
    assert.equal(await everySeconds('b/year'), 31_536_000)
    await after('CREATE RETENTION POLICY p ON c DURATION 2d REPLICATION 1', 0)
    // InfluxDB stops at the first statement that fails.
    await after(
      'CREATE DATABASE one; CREATE RETENTION POLICY year ON b DURATION 2d REPLICATION 1; CREATE DATABASE two; DROP DATABASE c',
      1,
    )
    assert.deepEqual(await namesOf(world, /^(?:one|two|c|c\/p)$/), ['c', 'c/p', 'one'])
    await after('DROP DATABASE c; CREATE DATABASE c WITH DURATION 2d', 0)
    assert.deepEqual([await everySeconds('c'), await everySeconds('c/p')], [172_800, undefined])

    // Clients that start together all create their database, and write at once.
    const token = await world.tokenWith(['manage'])
    const together = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const { status, text } = await world.query(token, 'CREATE DATABASE shared')
        assert.equal(status, 200, text)
        return (await world.write(token, 'db=shared', 'm v=1')).status
      }),
    )
    assert.deepEqual(new Set(together), new Set([204]))
  })

  test('of a bucket that the caller may delete, but not its policies: none of them', async (t) => {
    const world = await startInfluxdb1World(['--upstream-drop-databases'])
    t.after(() => world.stop())
    const headers = { authorization: `Token ${await world.tokenWith(['write:a', 'read:a'])}` }
    const path = `/api/v2/buckets/${world.buckets.a}`
    const { status, text } = await send(world.url, { method: 'DELETE', path, headers })
    assert.equal(status, 401, text)
    assert.deepEqual(await namesOf(world, /^a/), ['a', 'a/second'])
    const { results } = await world.influxdb.query('SELECT * FROM a.second.m')
    assert.match(JSON.stringify(results), /mark_second/)
  })
})

describe('an upstream that is away or refuses', { skip, timeout: 120_000 }, () => {
  test('makes no bucket, and its refusal is not the caller’s', async (t) => {
    const influxdb = await startInfluxdb1({ hasUsers: true })
    const server = await startSetUp([
      ...['--upstream-kind', 'influxdb1', '--upstream-url', influxdb.url, '--upstream-org', 'analytics'],
      ...['--upstream-username', 'root', '--upstream-password', 'wrong'],
    ])
    t.after(() => server.stop())
    const ready = await server.ask('GET', '/ready')
    assert.equal(ready.status, 503)
    assert.match(ready.text, /refuses the credentials/)
    const refused = await server.ask('GET', '/query?db=engine&q=SHOW+MEASUREMENTS')
    assert.equal(refused.status, 503, refused.text)
    await influxdb.stop()
    const made = await server.ask('POST', '/api/v2/buckets', { orgID: server.orgID, name: 'none' })
    assert.equal(made.status, 503, made.text)
    const { json } = await server.ask('GET', '/api/v2/buckets')
    assert.ok(!JSON.stringify(json).includes('"none"'))
    assert.equal((await server.ask('GET', '/query?db=engine&q=SHOW+MEASUREMENTS')).status, 503)
  })
})

async function namesOf(
  world: Awaited<ReturnType<typeof startInfluxdb1World>>,
  pattern: RegExp,
): Promise<string[]> {
  const { json } = await world.ask('GET', `/api/v2/buckets?limit=100&orgID=${world.orgID}`)
  const names: string[] = json.buckets.map(({ name }: { name: string }) => name)
  return names.filter((name) => pattern.test(name)).toSorted()
}
