/** Listing and ending sessions, and what ends them automatically (ASVS 5.0 7.2.4, 7.4, 7.5). */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { basic } from '../support/http.ts'
import { PASSWORD } from '../support/populate.ts'
import { type Attacked, cookie, MINUTE, meStatus, startAttacked } from './attack.ts'

const NEW = 'another horse 2'
type Cookie = { cookie: string }

interface Listed {
  readonly id: string
  readonly current: boolean
}

let server: Attacked
let userID: string
let tries = 0
let name: string

before(async () => {
  server = await startAttacked()
})
after(() => server.stop())
beforeEach(async () => {
  tries += 1
  name = `user ${tries}`
  userID = await server.addUser(name)
})

const signIn = async (password = PASSWORD): Promise<Cookie> => cookie(await server.enter({ name, password }))

async function list(who: Cookie): Promise<Listed[]> {
  const { status, json, text } = await server.ask('GET', '/api/v2/me/sessions', undefined, who)
  assert.equal(status, 200, text)
  return json.sessions
}

async function alive(...sessions: Cookie[]): Promise<number[]> {
  return Promise.all(sessions.map((each) => meStatus(server, each)))
}

describe('a sign-in', () => {
  test('that presents a session ends it, whichever user it belongs to', async () => {
    const mine = await signIn()
    const others = await server.session()
    const again = cookie(await server.enter({ name, headers: mine }))
    const third = cookie(await server.enter({ name, headers: others }))
    assert.notEqual(again.cookie, mine.cookie)
    assert.deepEqual(await alive(mine, again, others, third), [401, 200, 401, 200])
  })

  test('does not adopt a key chosen by the client', async () => {
    const chosen = { cookie: `influxdb-oss-session=${'A'.repeat(86)}==` }
    const session = cookie(await server.enter({ name, headers: chosen }))
    assert.notEqual(session.cookie, chosen.cookie)
    assert.deepEqual(await alive(chosen, session), [401, 200])
  })

  test('that fails ends nothing', async () => {
    const mine = await signIn()
    assert.equal((await server.enter({ name, password: 'wrong horse', headers: mine })).status, 401)
    assert.deepEqual(await alive(mine), [200])
  })

  test('has a key of 64 random bytes each time', async () => {
    const keys = new Set<string>()
    for (let count = 0; count < 5; count++) keys.add((await signIn()).cookie.split('=')[1] ?? '')
    assert.equal(keys.size, 5)
    for (const key of keys) assert.equal(Buffer.from(key, 'base64url').length, 64)
  })
})

describe('the list', () => {
  test('shows the caller’s sessions, newest first, and marks the current one', async () => {
    const [first, second] = [await signIn(), await signIn()]
    await server.session()
    const { json } = await server.ask('GET', '/api/v2/me/sessions', undefined, first)
    assert.deepEqual(Object.keys(json), ['links', 'sessions'])
    assert.deepEqual(
      (await list(first)).map(({ current }) => current),
      [false, true],
    )
    assert.deepEqual(Object.keys(json.sessions[0]), [
      'id',
      'createdAt',
      'lastUsedAt',
      'expiresAt',
      'address',
      'userAgent',
      'method',
      'level',
      'remembered',
      'current',
    ])
    assert.equal(json.sessions[0].address, '127.0.0.1')
    for (const { cookie: key } of [first, second]) {
      assert.ok(!JSON.stringify(json).includes(key.split('=')[1] ?? ''))
    }
  })

  test('has ids that give no access', async () => {
    const [{ id } = { id: '' }] = await list(await signIn())
    assert.deepEqual(await alive({ cookie: `influxdb-oss-session=${id}` }), [401])
  })

  test('omits expired sessions', async () => {
    await signIn()
    server.pass(10 * MINUTE)
    assert.equal((await list(await signIn())).length, 1)
  })
})

describe('ending', () => {
  const end = (who: Record<string, string>, path: string) => server.ask('DELETE', path, undefined, who)

  test('another user’s session is refused, by every path', async () => {
    const mine = await signIn()
    const adas = await server.session()
    const id = (await list(adas)).find(({ current }) => current)?.id
    const refused: [string, number][] = [
      [`/api/v2/me/sessions/${id}`, 404],
      ['/api/v2/me/sessions/0000000000000009', 404],
      [`/api/v2/users/${server.userID}/sessions/${id}`, 401],
      [`/api/v2/users/${userID}/sessions/${id}`, 404],
      [`/api/v2/users/${server.userID}/sessions`, 401],
      ['/api/v2/sessions', 401],
    ]
    for (const [path, status] of refused) assert.equal((await end(mine, path)).status, status, path)
    const listed = await server.ask('GET', `/api/v2/users/${server.userID}/sessions`, undefined, mine)
    assert.equal(listed.status, 401)
    assert.deepEqual(await alive(adas, mine), [200, 200])
  })

  test('one session, all others, and those of a user by an operator', async () => {
    const [first, second, third] = [await signIn(), await signIn(), await signIn()]
    const id = (await list(second)).find(({ current }) => current)?.id
    assert.equal((await end(first, `/api/v2/me/sessions/${id}`)).status, 204)
    assert.deepEqual(await alive(first, second, third), [200, 401, 200])
    assert.equal((await end(first, '/api/v2/me/sessions')).status, 204)
    assert.deepEqual(await alive(first, third), [200, 401])
    const path = `/api/v2/users/${userID}/sessions`
    const { json } = await server.ask('GET', path)
    assert.equal(json.sessions.length, 1)
    assert.equal((await end(server.operator, `${path}/${json.sessions[0].id}`)).status, 204)
    assert.deepEqual(await alive(first), [401])
    const last = await signIn()
    assert.equal((await end(server.operator, path)).status, 204)
    assert.deepEqual(await alive(last), [401])
  })

  test('sessions of a missing user is 404, like the user', async () => {
    const absent = '/api/v2/users/ffffffffffff0001'
    for (const [method, path] of [
      ['GET', absent],
      ['GET', `${absent}/sessions`],
      ['DELETE', `${absent}/sessions`],
      ['DELETE', `${absent}/sessions/0000000000000009`],
    ] as const) {
      const { status, json } = await server.ask(method, path)
      assert.deepEqual([status, json.code], [404, 'not found'], `${method} ${path}`)
    }
  })

  test('all users’ sessions, by an operator', async () => {
    const sessions = [await signIn(), await server.session()]
    assert.equal((await end(server.operator, '/api/v2/sessions')).status, 204)
    assert.deepEqual(await alive(...sessions), [401, 401])
  })

  test('by signing out is permanent', async () => {
    const mine = await signIn()
    assert.equal((await server.ask('POST', '/api/v2/signout', undefined, mine)).status, 204)
    assert.equal((await server.ask('POST', '/api/v2/signout', undefined, mine)).status, 401)
    assert.deepEqual(await alive(mine), [401])
  })
})

describe('a changed password', () => {
  test('ends the other sessions and keeps the one that made the change', async () => {
    const [mine, other] = [await signIn(), await signIn()]
    const headers = { ...mine, authorization: basic(name, PASSWORD) }
    assert.equal((await server.ask('PUT', '/api/v2/me/password', { password: NEW }, headers)).status, 204)
    assert.deepEqual(await alive(mine, other), [200, 401])
    assert.equal((await server.enter({ name })).status, 401)
  })

  test('set by an administrator ends all sessions', async () => {
    const mine = await signIn()
    await server.ask('POST', `/api/v2/users/${userID}/password`, { password: NEW })
    assert.deepEqual(await alive(mine), [401])
  })

  test('ends remembered sessions too', async () => {
    const kept = cookie(await server.enter({ name, query: '?remember=true' }))
    await server.ask('POST', `/api/v2/users/${userID}/password`, { password: NEW })
    assert.deepEqual(await alive(kept), [401])
  })
})

describe('a password that must be changed', () => {
  const change = (who: Cookie, old: string, password: string) =>
    server.ask('PUT', '/api/v2/me/password', { password }, { ...who, authorization: basic(name, old) })

  beforeEach(async () => {
    const set = { password: PASSWORD, mustChange: true }
    assert.equal((await server.ask('POST', `/api/v2/users/${userID}/password`, set)).status, 204)
  })

  test('allows nothing before the change', async () => {
    const mine = await signIn()
    const { paths } = (await server.ask('GET', '/api/v2/openapi.json')).json
    const open = [
      '/api/v2/me',
      '/api/v2/me/password',
      '/api/v2/signout',
      '/api/v2/signin',
      '/api/v2/signin/second-factor',
      '/api/v2/signin/second-factor/passkey',
      '/api/v2/signin/second-factor/passkey/challenge',
      '/api/v2/signin/passkey',
      '/api/v2/signin/passkey/challenge',
      // With a one-time link, or to get one, and without a session.
      ...['link', 'invitation', 'new-password', 'verify-email', 'forgot'].map(
        (each) => `/api/v2/signin/${each}`,
      ),
      // A command line begins a sign-in without a session, and asks whether a person has approved it.
      ...['command-line', 'device'].flatMap((way) => [
        `/api/v2/signin/${way}`,
        `/api/v2/signin/${way}/token`,
      ]),
      // Through a provider, and without a session.
      ...['', '/callback', '/backchannel-logout'].map((end) => `/api/v2/signin/oidc/{name}${end}`),
      '/api/v2/signout/provider',
      '/api/v2/setup',
      '/api/v2/setup/check',
      '/api/v2/features',
      '/api/v2/auth/return',
    ]
    for (const [template, methods] of Object.entries<object>(paths)) {
      if (!template.startsWith('/api/v2/') || open.includes(template)) continue
      if (template === '/api/v2/openapi.json') continue
      const path = template.replaceAll(/\{\w+\}/g, userID)
      for (const method of Object.keys(methods)) {
        const { status, json } = await server.ask(method.toUpperCase(), path, {}, mine)
        assert.deepEqual([status, json.message], [403, 'password change required'], `${method} ${path}`)
      }
    }
    // Paths and methods without a route are no way around it.
    for (const [method, path] of [
      ['GET', '/api/v2/nothing'],
      ['PUT', '/api/v2/orgs'],
      ['POST', '/api/v2/me'],
    ] as const) {
      const { status, json } = await server.ask(method, path, undefined, mine)
      assert.deepEqual([status, json.message], [403, 'password change required'], `${method} ${path}`)
    }
    assert.deepEqual(await alive(mine), [200])
    assert.equal((await server.ask('POST', '/api/v2/signout', undefined, mine)).status, 204)
  })

  test('does not count as changed if the same one is set again', async () => {
    const mine = await signIn()
    assert.equal((await change(mine, PASSWORD, PASSWORD)).status, 400)
    assert.equal((await server.ask('GET', '/api/v2/orgs', undefined, mine)).status, 403)
  })

  test('allows everything after the change', async () => {
    const mine = await signIn()
    assert.equal((await change(mine, PASSWORD, NEW)).status, 204)
    assert.equal((await server.ask('GET', '/api/v2/orgs', undefined, mine)).status, 200)
  })
})

describe('a user that is', () => {
  afterEach(async () => {
    assert.notEqual((await server.enter({ name })).status, 204)
  })

  test('deactivated stays signed out, even once active again', async () => {
    const mine = [await signIn(), cookie(await server.enter({ name, query: '?remember=true' }))]
    const path = `/api/v2/users/${userID}`
    await server.ask('PATCH', path, { status: 'inactive' })
    assert.deepEqual(await alive(...mine), [401, 401])
    await server.ask('PATCH', path, { status: 'active' })
    assert.deepEqual(await alive(...mine), [401, 401])
    await server.ask('PATCH', path, { status: 'inactive' })
  })

  test('deleted stays signed out, even if another user takes the name', async () => {
    const mine = await signIn()
    await server.ask('DELETE', `/api/v2/users/${userID}`)
    assert.deepEqual(await alive(mine), [401])
    await server.ask('POST', '/api/v2/users', { name })
    assert.deepEqual(await alive(mine), [401])
  })
})
