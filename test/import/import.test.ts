/** `sluice import influxdb` as a process, and what its users and tokens can do afterwards. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import { openBoltFile } from '../../src/import/influxd/bolt-file.ts'
import { bearer, get, post, setUpServer, signIn } from '../process/api.ts'
import { runSluice, startSluice } from '../process/sluice.ts'
import { influxdFile, influxdID, manyTokens } from '../support/bolt-writer.ts'
import { runCommand } from '../support/command.ts'
import { emptyDatabase, query, withoutPostgres } from '../support/engines/postgres.ts'
import { temporaryFolder } from '../support/folder.ts'
import { send } from '../support/http.ts'

const boltPath = (name: string) => join(import.meta.dirname, 'bolt', name)

interface Expected {
  readonly users: Record<string, { id: string; status: string; password: string | null }>
  readonly orgs: Record<string, { id: string; description: string }>
  readonly buckets: Record<string, { id: string; orgID: string }>
  readonly tokens: {
    id: string
    plain: string
    userID: string
    status: string
    permissions: object[]
    authenticates: number
  }[]
  readonly v1auths: { username: string; password: string | null }[]
}
const expectedOf = (name: string): Expected =>
  JSON.parse(readFileSync(boltPath(`${name}.expected.json`), 'utf8'))

/** Every password, token and hash of a sample. */
function secretsOf(name: string): string[] {
  const { users, tokens, v1auths } = expectedOf(name)
  const passwords = [...Object.values(users), ...v1auths].flatMap(({ password }) => password ?? [])
  return [...passwords, ...tokens.map(({ plain }) => plain), '$2a$', '$influxdb2-']
}

/** The hash of a user's password in plain.bolt. */
function bcryptOf(userID: string): string {
  const found =
    openBoltFile(readFileSync(boltPath('plain.bolt')))
      .bucket('userspasswordv1')
      ?.entries() ?? []
  return [...found].find(({ key }) => key.toString() === userID)?.value.toString() ?? assert.fail(userID)
}

function run(args: readonly string[], { json = false } = {}) {
  return runSluice(['import', 'influxdb', ...args, ...(json ? ['--json'] : [])])
}

async function counted(args: readonly string[]) {
  const { code, out, err } = await run(args, { json: true })
  assert.deepEqual([code, err], [0, ''])
  return JSON.parse(out)
}

/**
 * An import of 10,000 tokens in this process. What counts is processor time, since other tests that run beside this one
 * may take most of the clock's; alone the two are about the same.
 */
async function requireQuick(t: TestContext, args: readonly string[]): Promise<void> {
  const [begun, before] = [performance.now(), process.cpuUsage()]
  const { status, out, err } = await runCommand(['import', 'influxdb', ...args, '--json'])
  const { user, system } = process.cpuUsage(before)
  const took = `${Math.round(performance.now() - begun)} ms, ${Math.round((user + system) / 1000)} ms of processor time`
  t.diagnostic(`10,000 tokens: ${took}`)
  assert.deepEqual([status, err], [0, ''])
  assert.equal(JSON.parse(out).came.tokens, 10_000)
  assert.ok(user + system < 10e6, took)
}

const ALL_OF_SAMPLE = {
  ...{ users: 6, passwords: 5, organizations: 2, buckets: 8, memberships: 9, tokens: 13 },
  ...{ legacyAuthorizations: 4, legacyPasswords: 3, dbrpMappings: 2 },
}

/** Each user signs in with the old password, each token does what it did, and new ids are greater than all old ones. */
async function requireEverythingWorks(t: TestContext, name: string, store: readonly string[]): Promise<void> {
  const { users, tokens, orgs, buckets } = expectedOf(name)
  const server = await startSluice(t, store)
  assert.equal((await get(server.url, '/api/v2/setup')).json.allowed, false)
  for (const [user, { id, status, password }] of Object.entries(users)) {
    if (password === null) continue
    const { status: answer, cookie } = await signIn(server.url, user, password)
    if (status === 'inactive') assert.equal(answer, 403, user)
    else {
      assert.equal(answer, 204, user)
      assert.equal((await get(server.url, '/api/v2/me', cookie)).json.id, id)
      assert.equal((await signIn(server.url, user, password)).status, 204, 'by the new hash')
    }
    assert.equal((await signIn(server.url, user, `${password}x`)).status, 401)
  }
  for (const token of tokens) {
    const { status } = await get(server.url, '/api/v2/flags', bearer(token.plain))
    // InfluxDB lets an inactive token read its flags; Sluice refuses it everywhere.
    assert.equal(status, token.status === 'inactive' ? 401 : token.authenticates, token.id)
  }
  const operator = bearer(tokens[0]?.plain ?? '')
  const listed = await get(server.url, '/api/v2/authorizations', operator)
  for (const token of tokens) {
    const found = listed.json.authorizations.find(({ id }: { id: string }) => id === token.id)
    const permissions = found.permissions.map(
      ({ action, resource }: { action: string; resource: object }) => {
        const { name: _name, org: _org, ...rest } = resource as Record<string, string>
        return { action, resource: rest }
      },
    )
    assert.deepEqual(
      [found.userID, found.status, permissions],
      [token.userID, token.status, token.permissions],
    )
  }
  for (const [org, { id, description }] of Object.entries(orgs)) {
    const { json } = await get(server.url, `/api/v2/orgs/${id}`, operator)
    assert.deepEqual([json.name, json.description ?? ''], [org, description])
  }
  for (const [bucket, { id, orgID }] of Object.entries(buckets)) {
    const { json } = await get(server.url, `/api/v2/buckets/${id}`, operator)
    assert.deepEqual([json.name, json.orgID], [bucket, orgID])
  }
  const made = await post(server.url, '/api/v2/users', operator, { name: 'new' })
  const ids = [users, orgs, buckets].flatMap((records) => Object.values(records).map(({ id }) => id))
  for (const id of [...ids, ...tokens.map((token) => token.id)]) assert.ok(made.json.id > id, id)
  const audit = await get(server.url, '/api/v2/audit?event=import', operator)
  assert.deepEqual(
    audit.json.events.map(({ userAgent, actor }: { userAgent: string; actor: object }) => [userAgent, actor]),
    [['sluice import', {}]],
  )
  for (const secret of secretsOf(name)) assert.ok(!server.output().includes(secret), 'a secret is in the log')
  await server.stop()
}

suite('an import from a bolt file', { concurrency: true }, () => {
  for (const name of ['hashed', 'plain']) {
    test(`of ${name}.bolt: users sign in, tokens work, secrets are not printed`, async (t) => {
      const store = ['--sqlite-path', join(temporaryFolder(), 'data.sqlite')]
      const args = ['--bolt-path', boltPath(`${name}.bolt`), ...store]
      const dry = await run([...args, '--dry-run'])
      assert.deepEqual([dry.code, dry.err], [0, ''])
      assert.match(dry.out, /^ +WOULD COME +ALREADY HERE +LEFT OUT\nusers +6 +0 +0\n/)
      assert.match(dry.out, /\nThis was a dry run: nothing was changed\. The import would add 6 users, /)
      assert.ok(!existsSync(store[1] ?? ''), 'a dry run makes no file')
      const done = await run(args)
      assert.deepEqual([done.code, done.err], [0, ''])
      assert.match(done.out, /\nImported 6 users, 5 passwords, .+ and 2 DBRP mappings; data is in \S+\n$/)
      for (const secret of secretsOf(name)) assert.ok(![dry.out, done.out].join('').includes(secret))
      await requireEverythingWorks(t, name, store)
    })
  }

  test('of another program, of no program and of none says so and makes no store', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'text'), 'hello')
    const refused: [path: string, sentence: RegExp][] = [
      [
        boltPath('branches.bolt'),
        /^sluice: this bolt file is not that of InfluxDB 2\.x: .+; nothing was imported\n$/,
      ],
      [join(folder, 'text'), /^sluice: the bolt file is damaged: this is no bolt file/],
      [join(folder, 'none'), /^sluice: ENOENT/],
      [folder, /^sluice: /],
    ]
    const path = join(folder, 'data.sqlite')
    for (const [bolt, sentence] of refused) {
      const { code, out, err } = await run(['--bolt-path', bolt, '--sqlite-path', path])
      assert.deepEqual([code, out], [1, ''], err)
      assert.match(err, sentence)
      assert.ok(!existsSync(path))
    }
  })

  test('prints its usage, and refuses what it cannot do', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'token'), 'secret token\n')
    const usage = /^sluice: usage: sluice import influxdb --from URL/
    const bolt = ['--bolt-path', boltPath('plain.bolt')]
    const refused: [args: string[], sentence: RegExp][] = [
      [['import'], /^sluice: import needs a command after it; /],
      [['import', 'mysql'], /^sluice: import mysql is not a command; /],
      [['import', 'influxdb'], usage],
      [['import', 'influxdb', ...bolt, '--from', 'http://localhost:1'], usage],
      [['import', 'influxdb', '--from', 'http://localhost:1'], /^sluice: --from needs --token-file; usage/],
      [['import', 'influxdb', ...bolt, '--store', 'memory'], /^sluice: a store in memory keeps nothing/],
    ]
    for (const url of ['localhost', 'ftp://localhost', 'http://ada:hunter2@localhost:1']) {
      const args = ['import', 'influxdb', '--from', url, '--token-file', join(folder, 'token')]
      refused.push([args, /^sluice: --from must be a URL without user and password/])
    }
    const args = ['import', 'influxdb', '--from', 'http://localhost:1', '--token-file', join(folder, 'token')]
    refused.push([args, /token does not hold a token\n$/])
    for (const [args, sentence] of refused) {
      const { code, out, err } = await runSluice(args)
      assert.deepEqual([code, out], [2, ''], `${args.join(' ')}: ${err}`)
      assert.match(err, sentence)
      assert.ok(!err.includes('hunter2') && !err.includes('secret token'))
    }
  })

  test('into a store with data needs --add, which changes nothing that is here', async (t) => {
    const store = ['--sqlite-path', join(temporaryFolder(), 'data.sqlite')]
    const server = await startSluice(t, store)
    const { token, userID } = await setUpServer(server.url)
    const args = ['--bolt-path', boltPath('hashed.bolt'), ...store]
    const busy = await run(args)
    assert.equal(busy.code, 1)
    assert.match(busy.err, /is in use by another Sluice; stop that one first/)
    await server.stop()
    const refused = await run(args)
    assert.deepEqual([refused.code, refused.out], [1, ''])
    assert.match(
      refused.err,
      /^sluice: there are users or organizations already; with --add .+; nothing was imported\n$/,
    )
    assert.deepEqual((await counted([...args, '--add', '--dry-run'])).came, ALL_OF_SAMPLE)
    assert.deepEqual((await counted([...args, '--add'])).came, ALL_OF_SAMPLE)
    const again = await counted([...args, '--add'])
    assert.deepEqual(again.alreadyHere, ALL_OF_SAMPLE)
    assert.deepEqual(again.leftOut, [])

    const after = await startSluice(t, store)
    assert.equal((await get(after.url, '/api/v2/me', bearer(token))).json.id, userID)
    assert.equal((await signIn(after.url)).status, 204)
    assert.equal((await signIn(after.url, 'alice', 'alice-pass-123')).status, 204)
    const deleted = expectedOf('hashed').tokens[2]
    const path = `/api/v2/authorizations/${deleted?.id}`
    assert.equal((await send(after.url, { method: 'DELETE', path, headers: bearer(token) })).status, 204)
    await after.stop()
    const { came, leftOut } = await counted([...args, '--add'])
    assert.equal(came.tokens, 0)
    assert.deepEqual(
      leftOut.map(({ id, why }: { id: string; why: string }) => [id, why]),
      [[deleted?.id, 'it was deleted here after an earlier import']],
    )
  })

  test('of awkward names: each user signs in with exactly their name', async (t) => {
    const folder = temporaryFolder()
    const [bolt, path] = [join(folder, 'influxd.bolt'), join(folder, 'data.sqlite')]
    const names = ['Ada', 'ada', 'ada\u00a0', 'x'.repeat(6000), ' ', 'a\nb', '\u202eevil', '🙂']
    const { alice } = expectedOf('plain').users
    assert.ok(alice)
    const users = names.map((name, n) => ({ id: influxdID(n + 1), name, status: 'active' }))
    const hash = bcryptOf(alice.id)
    writeFileSync(
      bolt,
      influxdFile({ users, passwords: Object.fromEntries(users.map(({ id }) => [id, hash])) }),
    )
    const { came, remarks } = await counted(['--bolt-path', bolt, '--sqlite-path', path])
    assert.deepEqual([came.users, came.passwords], [names.length, names.length])
    assert.deepEqual(
      remarks.map(({ kind, id }: { kind: string; id: string }) => [kind, id]),
      [
        ['users', influxdID(3)],
        ['instance', '0000000000000001'],
      ],
    )
    const server = await startSluice(t, ['--sqlite-path', path])
    for (const { id, name } of users) {
      const { status, cookie } = await signIn(server.url, name, alice.password ?? '')
      assert.equal(status, 204, name)
      assert.equal((await get(server.url, '/api/v2/me', cookie)).json.id, id)
    }
  })

  test('lists what is left out, at most 20 for a reason, and escapes names', async () => {
    const folder = temporaryFolder()
    const bolt = join(folder, 'influxd.bolt')
    const rows = manyTokens(50, 1)
    const tokens = rows.tokens?.map((token, n) => ({
      ...token,
      description: `\u001b[2J${n}`,
      userID: influxdID(99),
    }))
    writeFileSync(bolt, influxdFile({ ...rows, tokens: tokens ?? [] }))
    const args = ['--bolt-path', bolt, '--sqlite-path', join(folder, 'data.sqlite'), '--dry-run']
    const { out } = await run(args)
    assert.equal(
      out.match(/^tokens {2,}\w{16} +\\u001b\[2J\d+ +its user \w{16} does not exist$/gm)?.length,
      20,
    )
    assert.match(out, /\nand 30 more for the same reasons; --json lists all\n/)
    assert.equal((await counted(args)).leftOut.length, 50)
  })
})

suite('an import of 10,000 tokens', () => {
  test('of 10,000 tokens of all three forms takes less than 10 seconds', async (t) => {
    const folder = temporaryFolder()
    const [bolt, path] = [join(folder, 'influxd.bolt'), join(folder, 'data.sqlite')]
    writeFileSync(bolt, influxdFile(manyTokens(10_000)))
    await requireQuick(t, ['--bolt-path', bolt, '--sqlite-path', path])
    const server = await startSluice(t, ['--sqlite-path', path])
    for (const number of [0, 1, 2, 9_997, 9_998, 9_999]) {
      const { status } = await get(server.url, '/api/v2/flags', bearer(`token-${number}`))
      assert.equal(status, 200)
    }
  })
})

suite('an import from a running server', { concurrency: true }, () => {
  const TOKEN = 'operator-token'

  async function influxd(t: TestContext, backup: Buffer) {
    const server = createServer(({ url, headers }, response) => {
      const isKnown = headers.authorization === `Token ${TOKEN}`
      if (!isKnown) response.writeHead(401).end('{"code":"unauthorized","message":"unauthorized access"}')
      else if (url === '/api/v2/backup/kv') response.end(backup)
      else response.writeHead(404).end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.close())
    const folder = temporaryFolder()
    const file = (token: string) => {
      writeFileSync(join(folder, 'token'), `${token}\n`)
      return ['--token-file', join(folder, 'token'), '--sqlite-path', join(folder, 'data.sqlite')]
    }
    return { from: ['--from', `http://127.0.0.1:${(server.address() as AddressInfo).port}`], file }
  }

  test('reads its backup with an operator token', async (t) => {
    const { from, file } = await influxd(t, readFileSync(boltPath('plain.bolt')))
    const wrong = await run([...from, ...file('wrong-token')])
    assert.deepEqual([wrong.code, wrong.out], [1, ''])
    assert.match(
      wrong.err,
      /does not accept the token: it is unknown or inactive, or its user is; nothing was imported\n$/,
    )
    assert.ok(!wrong.err.includes('wrong-token'))
    const done = await run([...from, ...file(TOKEN)])
    assert.deepEqual([done.code, done.err], [0, ''])
    assert.ok(!done.out.includes(TOKEN))
    await requireEverythingWorks(t, 'plain', file(TOKEN).slice(2))
  })

  test('refuses a backup that is cut, and makes no store', async (t) => {
    const { from, file } = await influxd(t, readFileSync(boltPath('plain.bolt')).subarray(0, 60_000))
    const args = file(TOKEN)
    const { code, err } = await run([...from, ...args])
    assert.equal(code, 1)
    assert.match(
      err,
      /^sluice: the bolt file is damaged: the file ends (before|within) page \d+; nothing was imported\n$/,
    )
    assert.ok(!existsSync(args[3] ?? ''))
  })
})

suite('an import into PostgreSQL', { skip: withoutPostgres }, () => {
  test('works as into a file, also while a server runs on it', async (t) => {
    const url = await emptyDatabase()
    const store = ['--store', 'postgres', '--postgres-url', url]
    const running = await startSluice(t, store)
    const args = ['--bolt-path', boltPath('hashed.bolt'), ...store]
    assert.deepEqual((await counted([...args, '--dry-run'])).came, ALL_OF_SAMPLE)
    assert.deepEqual(await query(url, 'select count(*)::int as users from users'), [{ users: 0 }])
    const done = await run(args)
    assert.deepEqual([done.code, done.err], [0, ''])
    assert.ok(!done.out.includes(new URL(url).password))
    assert.equal((await signIn(running.url, 'bob', 'pässwörd-日本-1')).status, 204)
    await running.stop()
    await requireEverythingWorks(t, 'hashed', store)
  })

  test('of 10,000 tokens takes less than 10 seconds; an index finds each by either hash', async (t) => {
    const url = await emptyDatabase()
    const bolt = join(temporaryFolder(), 'influxd.bolt')
    writeFileSync(bolt, influxdFile(manyTokens(10_000)))
    await requireQuick(t, ['--bolt-path', bolt, '--store', 'postgres', '--postgres-url', url])
    const plan = await query(
      url,
      `analyze authorizations; explain select * from authorizations where hashed_token in ('a', 'b')`,
    )
    assert.match(JSON.stringify(plan), /Index Scan/)
  })
})
