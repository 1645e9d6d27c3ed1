/** Buckets and the databases of a real InfluxDB 1.x: found, made, altered and dropped. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startInfluxdb1 } from '../../scripts/engines/influxdb1.ts'
import { runCommand } from '../support/command.ts'
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
    assert.equal((await world.query(manager, 'DROP RETENTION POLICY p ON theirs')).status, 200)
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

describe('with drop-databases', { skip, timeout: 120_000 }, () => {
  test('both ways drop the database', async (t) => {
    const world = await startInfluxdb1World(['--upstream-drop-databases'])
    t.after(() => world.stop())
    // The policy's own bucket needs the database too.
    assert.equal((await world.ask('DELETE', `/api/v2/buckets/${world.buckets['a/second']}`)).status, 204)
    assert.equal((await world.ask('DELETE', `/api/v2/buckets/${world.buckets.a}`)).status, 204)
    const operator = world.operator.authorization.slice('Token '.length)
    const answer = await world.query(operator, 'DROP DATABASE b')
    assert.equal(answer.status, 200, answer.text)
    const { text } = await world.ask('GET', `/api/v2/buckets/${world.buckets.b}`)
    assert.match(text, /not found/)
    const { results } = await world.influxdb.query('SHOW DATABASES')
    assert.doesNotMatch(JSON.stringify(results), /\["[ab]"\]/)
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
