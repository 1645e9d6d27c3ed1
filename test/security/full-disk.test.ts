/** A full disk: 503, no partial changes, and full recovery once there is space (ASVS 5.0 16.5.2, 16.5.3). */
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { openMemoryStore } from '../../src/store/sqlite/open.ts'
import { basic, cookieOf, type Received, send } from '../support/http.ts'
import { PASSWORD, type SetUpServer, startSetUp } from '../support/populate.ts'

const database = new DatabaseSync(':memory:')
let server: SetUpServer
/** A session and a token that exist before the disk is full. */
let session: { cookie: string }
let token: { id: string; authorization: string }
let bob: string

before(async () => {
  server = await startSetUp([], { open: () => openMemoryStore(database) })
  bob = (await server.ask('POST', '/api/v2/users', { name: 'bob' })).json.id
  const set = await server.ask('POST', `/api/v2/users/${bob}/password`, { password: PASSWORD })
  assert.equal(set.status, 204)
  session = { cookie: cookieOf(await enter('bob', true)) }
  token = await makeToken()
})
after(() => server.stop())

function enter(name: string, remember = false): Promise<Received> {
  const path = `/api/v2/signin?remember=${remember}`
  return send(server.url, { method: 'POST', path, headers: { authorization: basic(name, PASSWORD) } })
}

async function makeToken() {
  const { orgID } = server
  const permissions = [{ action: 'read', resource: { type: 'buckets', orgID } }]
  const { json, text } = await server.ask('POST', '/api/v2/authorizations', { orgID, permissions })
  assert.ok(json.token, text)
  return { id: json.id as string, authorization: `Token ${json.token}` }
}

/** The contents of the database, without the audit log. */
function contents(): string {
  const tables = ['users', 'organizations', 'buckets', 'authorizations', 'remembered_sessions', 'passwords']
  return JSON.stringify(tables.map((table) => database.prepare(`select * from ${table}`).all()))
}

const pragma = (name: string) => Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0]

/** Uses up all free pages, and then the space left in allocated pages. */
async function fill(): Promise<void> {
  database.exec('create table ballast (bytes blob)')
  database.exec(`pragma max_page_count = ${pragma('page_count')}`)
  const add = database.prepare('insert into ballast values (zeroblob(?))')
  for (const size of [3000, 30]) {
    assert.throws(() => {
      for (;;) add.run(size)
    }, /full/)
  }
  for (let i = 0; i < 200; i++) {
    const { status } = await server.ask('POST', '/api/v2/users', { name: `u${i}` })
    if (status === 503) return
  }
  assert.fail('there was always room')
}

function assertUnavailable({ status, headers, json, text }: Received, what: string): void {
  assert.deepEqual([status, json?.code], [503, 'unavailable'], `${what}: ${status} ${text}`)
  assert.match(String(headers['retry-after']), /^[1-9]\d*$/)
  assert.equal(headers['set-cookie'], undefined)
}

const status = async (path: string, headers: Record<string, string>) =>
  (await server.ask('GET', path, undefined, headers)).status

describe('on a full disk', () => {
  let full: string
  let sessions: number
  const countSessions = async () =>
    (await server.ask('GET', `/api/v2/users/${bob}/sessions`)).json.sessions.length
  before(async () => {
    await fill()
    full = contents()
    sessions = await countSessions()
  })

  test('nothing is created', async () => {
    const { orgID } = server
    const permissions = [{ action: 'read', resource: { type: 'buckets', orgID } }]
    for (const [path, json] of [
      ['users', { name: 'carol' }],
      ['orgs', { name: 'o' }],
      ['buckets', { name: 'b', orgID }],
      ['authorizations', { orgID, permissions }],
      [`orgs/${orgID}/members`, { id: bob }],
    ] as const) {
      assertUnavailable(await server.ask('POST', `/api/v2/${path}`, json), path)
    }
    assert.equal(contents(), full)
  })

  test('no sign-in succeeds, remembered or not, and no session is left behind', async () => {
    for (const remember of [false, true]) assertUnavailable(await enter('bob', remember), 'a sign-in')
    assert.equal(await countSessions(), sessions)
    assert.equal(contents(), full)
  })

  test('a revocation that fails leaves everything unchanged', async () => {
    const one = `/api/v2/authorizations/${token.id}`
    const { json } = await server.ask('GET', `/api/v2/users/${bob}/sessions`)
    const user = `/api/v2/users/${bob}`
    const revocations: [string, string, object?][] = [
      ['PATCH', one, { status: 'inactive' }],
      ['POST', `${one}/rotate`],
      ['DELETE', one],
      ['DELETE', `${user}/sessions/${json.sessions[0].id}`],
      ['DELETE', `${user}/sessions`],
      ['DELETE', '/api/v2/sessions'],
      ['POST', `${user}/password`, { password: 'a fine new horse' }],
      ['PATCH', user, { status: 'inactive' }],
      ['DELETE', user],
    ]
    for (const [method, path, body] of revocations) {
      assertUnavailable(await server.ask(method, path, body), `${method} ${path}`)
      assert.equal(contents(), full, path)
      assert.equal(await status('/api/v2/me', session), 200, path)
      assert.equal(await status('/api/v2/buckets', token), 200, path)
    }
  })

  test('a sign-out reports that it is not written, and takes effect nevertheless', async () => {
    assertUnavailable(await server.ask('POST', '/api/v2/signout', undefined, session), 'a sign-out')
    assert.equal(await status('/api/v2/me', session), 401)
    assert.equal(contents(), full)
  })

  test('reading works', async () => {
    for (const path of ['users', 'orgs', 'buckets', 'authorizations', 'audit', 'me']) {
      assert.equal(await status(`/api/v2/${path}`, server.operator), 200, path)
    }
    assert.equal(await status('/health', {}), 200)
  })

  test('the log gives the cause, and the responses do not', async () => {
    const failures = server.log.map((line) => JSON.parse(line)).filter(({ level }) => level === 'error')
    assert.ok(failures.length > 10)
    assert.ok(failures.some(({ causes }) => JSON.stringify(causes ?? '').includes('full')))
    const { text } = await server.ask('POST', '/api/v2/users', { name: 'dora' })
    assert.doesNotMatch(text, /full|sqlite|insert/i)
  })

  test('once there is space, everything that failed succeeds', async () => {
    database.exec('pragma max_page_count = 100000; drop table ballast')
    assert.equal((await server.ask('POST', '/api/v2/users', { name: 'carol' })).status, 201)
    const entered = await enter('bob', true)
    assert.equal(entered.status, 204, 'by the password that could not be changed')
    const again = { cookie: cookieOf(entered) }
    assert.equal((await server.ask('POST', '/api/v2/signout', undefined, again)).status, 204)
    assert.equal(await status('/api/v2/me', again), 401)
    assert.equal(await status('/api/v2/me', session), 401)
    assert.equal((await server.ask('DELETE', `/api/v2/authorizations/${token.id}`)).status, 204)
    assert.equal(await status('/api/v2/buckets', token), 401)
    assert.equal((await server.ask('DELETE', `/api/v2/users/${bob}`)).status, 204)
  })
})
