import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld } from '../../../test/support/world.ts'
import { createAuthenticateLegacy } from './legacy-authentication.ts'

async function setUp() {
  const world = await createWorld()
  const { caller, userID, orgID } = await world.addOperator()
  const { token, id } = await world.addToken(caller, userID, orgID, [
    { action: 'read', resource: { type: 'buckets', orgID } },
  ])
  const counted: string[] = []
  const authenticate = createAuthenticateLegacy({
    ...{ principals: world.principals, legacyPrincipals: world.legacyPrincipals },
    guard: { countWrongToken: async (key) => void counted.push(key) },
  })
  const ask = async (authorization?: string, parameters = {}) =>
    authenticate({
      ...{ headers: authorization === undefined ? {} : { authorization }, parameters },
      address: '192.0.2.7',
    })
  return { world, caller, ask, token, id, userID, orgID, counted }
}

suite('a request to the 1.x API', () => {
  test('is that of the token’s user, however the token was sent', async () => {
    const { ask, token, userID, orgID, counted } = await setUp()
    const basic = Buffer.from(`whoever:${token}`).toString('base64')
    for (const each of [
      ask(`Token ${token}`),
      ask(`Token whoever:${token}`),
      ask(`Bearer ${token}`),
      ask(`Basic ${basic}`),
      ask(undefined, { u: 'whoever', p: token }),
      ask('Token bad', { u: 'whoever', p: token }),
    ]) {
      const { principal } = await each
      assert.deepEqual([principal.user.id, principal.authorizationOrgID], [userID, orgID])
    }
    assert.deepEqual(counted, [])
  })

  test('without credentials is refused, and is no guess', async () => {
    const { ask, counted } = await setUp()
    await assert.rejects(ask(), { code: 'unauthorized', reason: 'no-credentials' })
    assert.deepEqual(counted, [])
  })

  test('with a wrong token is a guess of its address, also beside a good one that does not count', async () => {
    const { ask, token, counted } = await setUp()
    await assert.rejects(ask('Token bad'), { code: 'unauthorized', reason: 'unknown-token' })
    await assert.rejects(ask(`Token ${token}`, { u: 'x', p: 'bad' }), { reason: 'unknown-token' })
    assert.deepEqual(counted, ['192.0.2.7', '192.0.2.7'])
  })

  test('with an inactive token is refused, and is no guess', async () => {
    const { ask, token, id, world, caller, counted } = await setUp()
    await world.authorizations.update(caller, id, { status: 'inactive' })
    await refused(() => ask(`Token ${token}`), 'unauthorized', 'token is inactive')
    assert.deepEqual(counted, [])
  })

  test('fails where tokens cannot be looked up', async () => {
    const { ask, world, token, counted } = await setUp()
    await world.store.close()
    await assert.rejects(ask(`Token ${token}`), (error: { code?: string }) => error.code !== 'unauthorized')
    assert.deepEqual(counted, [])
  })
})
