/** Authentication of plain requests: no server and no Fastify. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld } from '../../../test/support/world.ts'
import type { SluiceError } from '../../domain/base/errors.ts'
import { createWithLiveKey } from '../../domain/sessions/live-key.ts'
import type { PlainRequest } from '../request/plain-request.ts'
import { createSessionCookie } from '../request/session-cookie.ts'
import { createAuthenticate } from './authentication.ts'
import { ForgeryError } from './forgery.ts'
import { GateError } from './gates.ts'

const PASSWORD = 'correct horse 1'

async function setUp() {
  const world = await createWorld()
  const { store, sessionStore, clock } = world
  const { userID, orgID, caller } = await world.addOperator('ada')
  const { token } = await world.addToken(caller, userID, orgID, [
    { action: 'read', resource: { type: 'orgs', orgID } },
  ])
  const { key } = await world.startSession(userID)
  const guesses: string[] = []
  const cookie = createSessionCookie({
    ...{ name: 'session', path: '/api/', sameSite: 'strict', isSecure: () => false, now: clock.now },
  })
  const authenticate = createAuthenticate({
    ...{ principals: world.principals, sessions: world.sessions, cookie },
    withLiveKey: createWithLiveKey({ ...store, store: sessionStore, now: clock.now }),
    guard: { countWrongToken: async (address) => void guesses.push(address) },
    origins: { schemes: ['http'], publicOrigin: undefined, allowed: new Set(), mayEnter: new Set() },
  })
  return { ...world, authenticate, caller, guesses, userID, orgID, token, key }
}

const plain = (headers: PlainRequest['headers'], method = 'GET'): PlainRequest => ({
  ...{ method, headers },
  clientAddress: () => '192.0.2.9',
})

suite('a plain request', () => {
  test('is authenticated by token and by cookie, at once where both are known', async () => {
    const { authenticate, userID, token, key } = await setUp()
    for (const headers of [{ authorization: `Token ${token}` }, { cookie: `session=${key}` }]) {
      assert.equal((await authenticate(plain(headers))).principal.user.id, userID)
      assert.ok(!(authenticate(plain(headers)) instanceof Promise), JSON.stringify(headers))
    }
  })

  test('without credentials is refused; a wrong token is counted by the address', async () => {
    const { authenticate, guesses } = await setUp()
    await refused(() => authenticate(plain({})), 'unauthorized')
    await refused(() => authenticate(plain({ authorization: 'Token wrong' })), 'unauthorized')
    assert.deepEqual(guesses, ['192.0.2.9'])
  })

  test('by cookie from a page of another site is refused', async () => {
    const { authenticate, key } = await setUp()
    const headers = { cookie: `session=${key}`, host: 'here', origin: 'http://elsewhere' }
    assert.throws(() => authenticate(plain(headers, 'POST')), ForgeryError)
    assert.ok('session' in (await authenticate(plain(headers))))
  })
})

suite('the gate of a password that must be changed', () => {
  /** A user whose password the operator has just set, with a session and a token. */
  async function withGate() {
    const world = await setUp()
    const userID = await world.addUser('bob')
    await world.passwords.set(world.caller, userID, PASSWORD, { mustChange: true })
    const { key } = await world.startSession(userID)
    const { token } = await world.addToken(world.caller, userID, world.orgID, [
      { action: 'read', resource: { type: 'orgs', orgID: world.orgID } },
    ])
    return { ...world, userID, token, headers: { cookie: `session=${key}` } }
  }

  test('is closed unless it is said to be open, whether the session is known or loaded', async () => {
    const { authenticate, headers, userID } = await withGate()
    for (const time of ['loaded', 'known']) {
      await refused(() => authenticate(plain(headers)), 'forbidden', 'password change required')
      await refused(() => authenticate(plain(headers), {}), 'forbidden')
      const open = await authenticate(plain(headers), { beforePasswordChange: true })
      assert.equal(open.principal.user.id, userID, time)
    }
  })

  test('says who was refused, for the audit log', async () => {
    const { authenticate, headers, userID } = await withGate()
    const error = await Promise.try(() => authenticate(plain(headers))).catch((each: SluiceError) => each)
    assert.ok(error instanceof GateError)
    assert.equal(error.found.principal.user.id, userID)
    assert.ok('session' in error.found)
  })

  test('does not stop a token', async () => {
    const { authenticate, token, userID } = await withGate()
    assert.equal((await authenticate(plain({ authorization: `Token ${token}` }))).principal.user.id, userID)
  })
})
