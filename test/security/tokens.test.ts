/** Tokens that expire, are used, and are rotated. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type Attacked, cookie, DAY, HOUR, MINUTE, meStatus, SECOND, startAttacked } from './attack.ts'

type Headers = Record<string, string>

let server: Attacked
before(async () => {
  server = await startAttacked('--authorization-max-length', '30d')
})
after(() => server.stop())

const bearer = (token: string) => ({ authorization: `Token ${token}` })
const at = (ms: number) => new Date(server.now() + ms).toISOString()
const readBuckets = () => [{ action: 'read', resource: { type: 'buckets', orgID: server.orgID } }]

function create(body: object, who?: Headers) {
  const whole = { orgID: server.orgID, permissions: readBuckets(), ...body }
  return server.ask('POST', '/api/v2/authorizations', whole, who)
}
const statusOf = async (token: string) =>
  (await server.ask('GET', '/api/v2/buckets', undefined, bearer(token))).status

describe('an expiry', () => {
  test('in the past, malformed or too late is refused', async () => {
    for (const expiresAt of [
      at(0),
      at(-1),
      '2020-01-01T00:00:00Z',
      '',
      'tomorrow',
      '2026-06-02',
      '2026-06-02T00:00:00',
      '1780000000000',
      '2026-13-01T00:00:00Z',
      at(30 * DAY + 1),
      '9999-12-31T23:59:59Z',
      5,
      {},
    ]) {
      const { status, json } = await create({ expiresAt })
      assert.deepEqual([status, json.code], [400, 'invalid'], String(expiresAt))
    }
  })

  test('is set for every token if there is a maximum length', async () => {
    assert.equal((await create({})).json.expiresAt, at(30 * DAY))
  })

  test('is stored in UTC and takes effect at once', async () => {
    const { json } = await create({ expiresAt: at(HOUR).replace('Z', '+00:00') })
    assert.equal(json.expiresAt, at(HOUR))
    assert.equal(await statusOf(json.token), 200)
    server.pass(HOUR - 1)
    assert.equal(await statusOf(json.token), 200)
    server.pass(1)
    const { status, json: said } = await server.ask('GET', '/api/v2/me', undefined, bearer(json.token))
    assert.deepEqual([status, said], [401, { code: 'unauthorized', message: 'token is expired' }])
    const path = `/api/v2/authorizations/${json.id}`
    assert.equal((await server.ask('PATCH', path, { status: 'active' })).status, 200)
    assert.equal((await server.ask('PATCH', path, { expiresAt: at(DAY) })).status, 400)
    assert.equal(await statusOf(json.token), 401, 'no PATCH revives it')
    for (let count = 0; count < 120; count++) await statusOf(json.token)
    assert.equal(await statusOf(json.token), 401, 'and it does not count as a guess')
  })

  test('takes away what the token gave sessions, at that moment', async () => {
    const userID = await server.addUser('bob')
    const session = cookie(await server.enter({ name: 'bob' }))
    const { json } = await create({ userID, expiresAt: at(5 * MINUTE) })
    const seen = async () =>
      (await server.ask('GET', '/api/v2/buckets', undefined, session)).json.buckets.length
    assert.ok((await seen()) > 0)
    server.pass(5 * MINUTE - 1)
    assert.ok((await seen()) > 0)
    server.pass(1)
    assert.equal(await seen(), 0)
    assert.equal(await statusOf(json.token), 401)
  })
})

describe('the last use', () => {
  test('is shown on request', async () => {
    const { json } = await create({})
    const path = `/api/v2/authorizations/${json.id}`
    const shown = async (query: string) => (await server.ask('GET', path + query)).json
    assert.equal((await shown('?usage=true')).lastUsedAt, undefined)
    server.pass(SECOND)
    await statusOf(json.token)
    assert.equal((await shown('?usage=true')).lastUsedAt, at(0))
    assert.equal((await shown('')).lastUsedAt, undefined)
    const { authorizations } = (await server.ask('GET', '/api/v2/authorizations?usage=true')).json
    assert.equal(authorizations.find(({ id }: { id: string }) => id === json.id).lastUsedAt, at(0))
  })
})

describe('a rotation', () => {
  let id: string
  let token: string
  beforeEach(async () => {
    const { json } = await create({})
    ;({ id, token } = json)
  })
  const rotate = (body?: unknown, who?: Headers) =>
    server.ask('POST', `/api/v2/authorizations/${id}/rotate`, body, who)

  test('creates a new secret under the same id, and the old one is revoked at once', async () => {
    const { status, json } = await rotate()
    assert.deepEqual([status, json.id], [200, id])
    assert.notEqual(json.token, token)
    assert.deepEqual([await statusOf(token), await statusOf(json.token)], [401, 200])
    assert.equal((await server.ask('GET', `/api/v2/authorizations/${id}`)).json.token, '')
  })

  test('with a grace period revokes the old one after it', async () => {
    const { json } = await rotate({ graceSeconds: 60 })
    server.pass(MINUTE - 1)
    assert.deepEqual([await statusOf(token), await statusOf(json.token)], [200, 200])
    server.pass(1)
    assert.deepEqual([await statusOf(token), await statusOf(json.token)], [401, 200])
  })

  test('a second time without grace revokes both older ones', async () => {
    const second = (await rotate({ graceSeconds: 60 })).json.token
    const third = (await rotate()).json.token
    assert.deepEqual(await Promise.all([token, second, third].map(statusOf)), [401, 401, 200])
  })

  test('deleting or disabling the token also revokes an old secret in its grace period', async () => {
    const second = (await rotate({ graceSeconds: 60 })).json.token
    await server.ask('PATCH', `/api/v2/authorizations/${id}`, { status: 'inactive' })
    assert.deepEqual(await Promise.all([token, second].map(statusOf)), [401, 401])
    await server.ask('DELETE', `/api/v2/authorizations/${id}`)
    assert.deepEqual(await Promise.all([token, second].map(statusOf)), [401, 401])
  })

  test('with an invalid grace period is refused', async () => {
    for (const graceSeconds of [-1, 1.5, '60', 1e9]) {
      assert.equal((await rotate({ graceSeconds })).status, 400, String(graceSeconds))
    }
    assert.equal(await statusOf(token), 200)
  })

  test('gives the caller no rights that they do not hold', async () => {
    const all = ['read', 'write'].flatMap((action) =>
      ['authorizations', 'users'].map((type) => ({ action, resource: { type } })),
    )
    const keeper = bearer((await create({ permissions: all })).json.token)
    const { status, json } = await rotate(undefined, keeper)
    assert.deepEqual([status, json.code], [403, 'forbidden'])
    assert.equal(await statusOf(token), 200)
  })

  test('is refused for other users and for the token itself', async () => {
    await server.addUser('carl')
    const stranger = cookie(await server.enter({ name: 'carl' }))
    for (const who of [stranger, bearer(token)]) assert.equal((await rotate(undefined, who)).status, 401)
    assert.equal((await rotate(undefined, {})).status, 401)
    assert.equal(await meStatus(server, bearer(token)), 401, 'it may not read its user')
  })
})
