/** `X-Sluice-Reason`, by which programs tell refusals apart without reading messages. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { REASONS } from '../../src/domain/base/reasons.ts'
import { basic, cookieOf, type Received } from '../support/http.ts'
import { PASSWORD, type SetUpServer, startSetUp } from '../support/populate.ts'

let server: SetUpServer
let at = Date.now()
before(async () => {
  server = await startSetUp(['--guess-pair-free', '3', '--allowed-origins', 'https://friend.example'], {
    now: () => at,
  })
})
after(() => server.stop())

/** Reasons by what was sent, status and message: two of them for one would tell more than the answer does. */
const told = new Map<string, string>()

function reasonOf({ status, headers, json }: Received, sent: string): [number, string | undefined] {
  const reason = headers['x-sluice-reason'] as string | undefined
  const key = `${sent} ${status} ${json?.message}`
  assert.equal(told.get(key) ?? reason, reason, key)
  if (reason !== undefined) told.set(key, reason)
  return [status, reason]
}

const me = (headers: Record<string, string>) => server.ask('GET', '/api/v2/me', undefined, headers)
const token = (value: string) => ({ authorization: `Token ${value}` })

async function addUser(name: string, more: object = {}): Promise<string> {
  const { json } = await server.ask('POST', '/api/v2/users', { name })
  await server.ask('POST', `/api/v2/users/${json.id}/password`, { password: PASSWORD, ...more })
  return json.id
}

async function addToken(more: object = {}) {
  const permissions = [{ action: 'read', resource: { type: 'orgs', id: server.orgID } }]
  const made = await server.ask('POST', '/api/v2/authorizations', {
    ...{ orgID: server.orgID, permissions },
    ...more,
  })
  assert.equal(made.status, 201, made.text)
  return made.json as { id: string; token: string }
}

suite('the reason of a refusal', () => {
  test('tells tokens apart: unknown, replaced, switched off, expired, and of an inactive user', async () => {
    assert.deepEqual(reasonOf(await me(token('nobodys')), 'token'), [401, 'unknown-token'])
    const off = await addToken()
    await server.ask('PATCH', `/api/v2/authorizations/${off.id}`, { status: 'inactive' })
    assert.deepEqual(reasonOf(await me(token(off.token)), 'token'), [401, 'token-inactive'])
    const rotated = await addToken()
    const next = await server.ask('POST', `/api/v2/authorizations/${rotated.id}/rotate`, { graceSeconds: 60 })
    assert.equal(next.status, 200, next.text)
    const short = await addToken({ expiresAt: new Date(at + 60_000).toISOString() })
    at += 61_000
    assert.deepEqual(reasonOf(await me(token(rotated.token)), 'token'), [401, 'unknown-token'])
    assert.deepEqual(reasonOf(await me(token(short.token)), 'token'), [401, 'token-expired'])
    const idle = await addUser('idle')
    const theirs = await addToken({ userID: idle })
    await server.ask('PATCH', `/api/v2/users/${idle}`, { status: 'inactive' })
    assert.deepEqual(reasonOf(await me(token(theirs.token)), 'token'), [403, 'user-inactive'])
  })

  test('does not tell a session that expired from one that was ended or never was', async () => {
    assert.deepEqual(reasonOf(await me({}), 'nothing'), [401, 'no-credentials'])
    const never = { cookie: 'influxdb-oss-session=nobodys' }
    assert.deepEqual(reasonOf(await me(never), 'cookie'), [401, 'session-expired'])
    const [ended, expired] = [await server.session(), await server.session()]
    assert.equal((await server.ask('POST', '/api/v2/signout', undefined, ended)).status, 204)
    assert.deepEqual(reasonOf(await me(ended), 'cookie'), [401, 'session-expired'])
    at += 601_000
    assert.deepEqual(reasonOf(await me(expired), 'cookie'), [401, 'session-expired'])
    const again = await server.ask('POST', '/api/v2/signout', undefined, ended)
    assert.deepEqual(reasonOf(again, 'cookie'), [401, 'session-expired'])
    const [one, two] = [await server.session(), await server.session()]
    const both = await me({ cookie: `${one.cookie}; ${two.cookie}` })
    assert.deepEqual(reasonOf(both, 'cookies'), [401, 'ambiguous-session'])
  })

  test('is the same for all refused sign-ins, and says nothing of who exists', async () => {
    const off = await addUser('off')
    await server.ask('PATCH', `/api/v2/users/${off}`, { status: 'inactive' })
    const none = await server.ask('POST', '/api/v2/signin', undefined, {})
    const garbled = await server.ask('POST', '/api/v2/signin', undefined, { authorization: 'Basic %%' })
    const refused = [
      ...[none, garbled],
      ...[await server.signIn('ada', 'wrong'), await server.signIn('nobody', 'wrong')],
      ...[await server.signIn('off', 'wrong'), await server.signIn('', '')],
    ]
    for (const each of refused) assert.deepEqual(reasonOf(each, 'sign-in'), [401, 'wrong-credentials'])
    assert.deepEqual(reasonOf(await server.signIn('off'), 'sign-in'), [403, 'user-inactive'])
    for (let tries = 0; tries < 3; tries++) await server.signIn('ghost', 'wrong')
    assert.deepEqual(reasonOf(await server.signIn('ghost', 'wrong'), 'sign-in'), [429, 'throttled'])
  })

  test('says what a session must do first', async () => {
    await addUser('newcomer', { mustChange: true })
    const due = await server.session('newcomer')
    const orgs = await server.ask('GET', '/api/v2/orgs', undefined, due)
    assert.deepEqual(reasonOf(orgs, 'cookie'), [403, 'password-change-due'])
    const old = await server.session()
    for (let minutes = 0; minutes < 12; minutes += 6) {
      at += 360_000
      assert.equal((await me(old)).status, 200)
    }
    const act = await server.ask(
      'POST',
      '/api/v2/authorizations',
      { orgID: server.orgID, permissions: [] },
      old,
    )
    assert.equal(act.status, 400)
    const others = await server.ask('DELETE', '/api/v2/sessions', undefined, old)
    assert.deepEqual(reasonOf(others, 'cookie'), [403, 'sign-in-too-old'])
    const forged = await server.ask('DELETE', '/api/v2/sessions', undefined, {
      ...old,
      origin: 'https://evil.example',
    })
    assert.deepEqual(reasonOf(forged, 'cookie'), [403, 'forged-request'])
  })

  test('tells what is missing and what is in conflict', async () => {
    const { token: poor } = await addToken()
    const as = token(poor)
    const users = await server.ask('POST', '/api/v2/users', { name: 'x' }, as)
    assert.deepEqual(reasonOf(users, 'token'), [401, 'missing-permission'])
    const taken = await server.ask('POST', '/api/v2/users', { name: 'ada' })
    assert.deepEqual(reasonOf(taken, 'token'), [422, 'name-taken'])
    const last = await server.ask('DELETE', `/api/v2/users/${server.userID}`)
    assert.deepEqual(reasonOf(last, 'token'), [422, 'last-operator'])
    const setup = { username: 'eve', password: PASSWORD, org: 'o', bucket: 'b' }
    const again = await server.ask('POST', '/api/v2/setup', setup, {})
    assert.deepEqual(reasonOf(again, 'nothing'), [422, 'setup-done'])
    const weak = await server.ask('POST', `/api/v2/users/${server.userID}/password`, {
      password: 'password1',
    })
    assert.deepEqual(reasonOf(weak, 'token'), [400, 'weak-password'])
    const wrong = { authorization: basic('ada', 'wrong') }
    const change = await server.ask(
      'PUT',
      '/api/v2/me/password',
      { password: 'another good 1' },
      {
        ...wrong,
        cookie: cookieOf(await server.signIn()),
      },
    )
    assert.deepEqual(reasonOf(change, 'cookie and basic'), [403, 'wrong-credentials'])
  })

  test('is left out where the code says enough', async () => {
    for (const path of ['/api/v2/users/0000000000000fff', '/api/v2/nothing', '/api/v2/users/x']) {
      const { status, headers } = await server.ask('GET', path)
      assert.deepEqual([status >= 400, headers['x-sluice-reason']], [true, undefined], path)
    }
    assert.equal((await server.ask('GET', '/api/v2/me')).headers['x-sluice-reason'], undefined)
  })

  test('is shown to pages of origins that may act for their users, and to no others', async () => {
    const exposed = async (origin: string) => (await me({ origin })).headers['access-control-expose-headers']
    assert.equal(await exposed('https://friend.example'), 'x-sluice-reason')
    assert.equal(await exposed('https://stranger.example'), undefined)
  })
})

suite('the documents', () => {
  test('have every reason once', async () => {
    const { json } = await server.ask('GET', '/api/v2/openapi.json')
    assert.deepEqual(json.components.schemas.Reason.enum, Object.keys(REASONS))
    const { headers } = json.paths['/api/v2/signin'].post.responses[401]
    assert.deepEqual(headers['X-Sluice-Reason'].schema, { $ref: '#/components/schemas/Reason' })
    const written = readFileSync(join(import.meta.dirname, '../../docs/compatibility.md'), 'utf8')
    assert.deepEqual(
      Object.keys(REASONS).filter((reason) => written.split(`\n- \`${reason}\`: `).length !== 2),
      [],
    )
  })
})
