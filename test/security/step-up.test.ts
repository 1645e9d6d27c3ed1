/** The most powerful acts ask a session for a fresh sign-in, and never a token (ASVS 5.0 7.5.1, 7.5.3). */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Attacked, cookie, MINUTE, startAttacked } from './attack.ts'

const NEW = 'another horse 2'

let server: Attacked
let stale: { cookie: string }
let bob: string
let owner: string

before(async () => {
  server = await startAttacked()
  bob = await server.addUser('bob')
  owner = await server.addUser('owner')
  await server.ask('POST', `/api/v2/orgs/${server.orgID}/owners`, { id: owner })
  stale = await server.session()
  server.pass(9 * MINUTE)
  await server.ask('GET', '/api/v2/me', undefined, stale)
  server.pass(MINUTE)
})
after(() => server.stop())

interface Act {
  readonly method: string
  readonly path: string
  readonly json?: object
}

function acts(): Record<string, Act> {
  const { orgID, userID } = server
  const token = (...permissions: object[]) => ({
    method: 'POST',
    path: '/api/v2/authorizations',
    json: { orgID, permissions },
  })
  const write = (type: string, more = {}) => ({ action: 'write', resource: { type, ...more } })
  return {
    'an operator token': token(write('users'), write('authorizations')),
    'an all-access token': token(write('buckets', { orgID }), write('authorizations', { orgID })),
    'a token of the instance': token({ action: 'read', resource: { type: 'instance' } }),
    'an unscoped token': token({ action: 'read', resource: { type: 'buckets' } }),
    'the password of another': {
      method: 'POST',
      path: `/api/v2/users/${bob}/password`,
      json: { password: NEW },
    },
    'one’s own without the old': {
      method: 'POST',
      path: `/api/v2/users/${userID}/password`,
      json: { password: NEW },
    },
    'deactivating an owner': {
      method: 'PATCH',
      path: `/api/v2/users/${owner}`,
      json: { status: 'inactive' },
    },
    'deleting an owner': { method: 'DELETE', path: `/api/v2/users/${owner}` },
  }
}

const perform = ({ method, path, json }: Act, who?: Record<string, string>) =>
  server.ask(method, path, json, who)

describe('by a session that is ten minutes old', () => {
  test('they are refused, and nothing happens', async () => {
    for (const [name, act] of Object.entries(acts())) {
      const { status, json } = await perform(act, stale)
      assert.deepEqual([status, json.code], [403, 'forbidden'], name)
      assert.match(json.message, /sign in again/, name)
    }
    assert.equal((await server.ask('GET', `/api/v2/users/${owner}`)).json.status, 'active')
    for (const name of ['ada', 'bob', 'owner']) assert.equal((await server.signIn(name)).status, 204, name)
  })

  test('what is less is not', async () => {
    const { orgID } = server
    const permissions = [{ action: 'write', resource: { type: 'buckets', orgID } }]
    const narrow = await server.ask('POST', '/api/v2/authorizations', { orgID, permissions }, stale)
    assert.equal(narrow.status, 201, narrow.text)
    const renamed = await server.ask('PATCH', `/api/v2/users/${owner}`, { name: 'owner 2' }, stale)
    assert.equal(renamed.status, 200)
    const off = await server.ask('PATCH', `/api/v2/users/${bob}`, { status: 'inactive' }, stale)
    assert.equal(off.status, 200)
    await server.ask('PATCH', `/api/v2/users/${bob}`, { status: 'active' })
  })

  test('a powerful token is not rotated', async () => {
    const [token] = (await server.ask('GET', '/api/v2/authorizations')).json.authorizations
    const { status } = await server.ask('POST', `/api/v2/authorizations/${token.id}/rotate`, undefined, stale)
    assert.equal(status, 403)
  })
})

test('by a session that is a moment younger they are not', async () => {
  const fresh = await server.session()
  server.pass(10 * MINUTE - 1)
  const { 'an operator token': act } = acts()
  assert.ok(act)
  assert.equal((await perform(act, fresh)).status, 201)
})

test('a fresh sign-in satisfies it, and a token is not asked', async () => {
  for (const headers of [cookie(await server.enter({ headers: stale })), server.operator]) {
    for (const [name, act] of Object.entries(acts())) {
      // The operator token of setup has no permission on the instance to hand on.
      if (name.startsWith('deleting') || name.endsWith('instance')) continue
      const { status, text } = await perform(act, headers)
      assert.ok(status < 300, `${name}: ${text}`)
    }
    await server.ask('PATCH', `/api/v2/users/${owner}`, { status: 'active' })
    await server.ask('POST', `/api/v2/users/${server.userID}/password`, { password: 'correct horse 1' })
  }
})

test('with 0 nobody is asked', async () => {
  const lax = await startAttacked('--session-fresh-length', '0')
  try {
    const session = await lax.session()
    lax.pass(9 * MINUTE)
    await lax.ask('GET', '/api/v2/me', undefined, session)
    lax.pass(9 * MINUTE)
    const path = `/api/v2/users/${lax.userID}/password`
    assert.equal((await lax.ask('POST', path, { password: NEW }, session)).status, 204)
  } finally {
    await lax.stop()
  }
})
