import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, ORIGIN, type WorldOptions } from '../../../test/support/world.ts'
import { hashSecret } from '../base/secrets.ts'
import { sessionID } from '../records/session.ts'

const MINUTE = 60_000

/** A world with a user who is signed in. */
async function setUp(options: WorldOptions = {}) {
  const world = await createWorld(options)
  const operator = await world.addOperator()
  const userID = await world.addUser('ada')
  const { key, session, expiresAt } = await world.startSession(userID)
  const authenticate = async (background = false) => world.sessions.authenticate(key, background)
  const end = async () => (await world.sessionStore.find(hashSecret(key)))?.expiresAt
  const signOut = () => world.sessions.end(key, ORIGIN)
  return { ...world, operator, userID, key, session, expiresAt, authenticate, end, signOut }
}

suite('sessions', () => {
  test('a key that nobody has is refused', async () => {
    const { sessions } = await setUp()
    for (const key of ['', 'nope']) await refused(() => sessions.authenticate(key, false), 'unauthorized')
  })

  test('one that was used before is answered without a promise, which GET /me would pay for', async () => {
    const { sessions, key, authenticate } = await setUp()
    await authenticate()
    assert.ok(!(sessions.authenticate(key, false) instanceof Promise))
  })

  test('one is refused from the very millisecond on in which it ends', async () => {
    const { clock, expiresAt, authenticate, signOut } = await setUp({ renew: false })
    clock.at = expiresAt - 1
    await authenticate()
    clock.at = expiresAt
    await refused(authenticate, 'unauthorized', 'unauthorized access')
    await refused(signOut, 'unauthorized', 'unauthorized access')
  })

  test('one that had run out when it was to be ended did so once, says the audit log', async () => {
    const { clock, expiresAt, signOut, audited, userID } = await setUp()
    clock.at = expiresAt
    for (const _ of [1, 2]) await refused(signOut, 'unauthorized')
    const events = await audited({ event: 'session.end', outcome: 'expired', userID })
    assert.deepEqual(
      events.map(({ count, actor }) => [count, actor.userID]),
      [[1, userID]],
    )
    assert.deepEqual(await audited({ event: 'signout' }), [])
  })

  test('an expired one stays refused when the clock goes back after it was asked to end', async () => {
    const { clock, expiresAt, signOut, authenticate } = await setUp()
    clock.at = expiresAt
    await refused(signOut, 'unauthorized')
    clock.at = expiresAt - 1
    await refused(authenticate, 'unauthorized')
  })

  test('one that was ended is refused, and ending it again too; the audit log says so once', async () => {
    const { session, signOut, authenticate, audited, userID } = await setUp()
    await signOut()
    await refused(authenticate, 'unauthorized', 'unauthorized access')
    await refused(signOut, 'unauthorized', 'unauthorized access')
    const [event, ...others] = await audited({ event: 'signout' })
    assert.deepEqual(others, [])
    assert.deepEqual([event?.actor.userID, event?.target.id], [userID, sessionID(session)])
    assert.equal(event?.address, ORIGIN.address)
  })

  test('when the user is inactive it ends for good: reactivating does not bring it back', async () => {
    const { users, store, operator, userID, authenticate, sessionStore } = await setUp()
    await store.users.update({ id: userID, name: 'ada', status: 'inactive' })
    await refused(authenticate, 'unauthorized', 'unauthorized access')
    assert.equal(sessionStore.count(), 0)
    await users.update(operator.caller, userID, { status: 'active' })
    await refused(authenticate, 'unauthorized')
  })

  test('when the user is gone it ends for good', async () => {
    const { store, userID, authenticate, sessionStore } = await setUp()
    await store.users.remove(userID)
    await refused(authenticate, 'unauthorized', 'unauthorized access')
    assert.equal(sessionStore.count(), 0)
  })

  test('it lasts as long as it is set to, and only the hash of its key is kept', async () => {
    const { clock, expiresAt, key, userID, sessionStore, authenticate } = await setUp({
      lengthMs: 30 * MINUTE,
    })
    assert.equal(expiresAt, clock.at + 30 * MINUTE)
    assert.equal(await sessionStore.find(key), undefined)
    const { principal } = await authenticate()
    assert.deepEqual([principal.kind, principal.user.id], ['session', userID])
  })

  test('its public name is made of the hash, and is an id', async () => {
    const { session } = await setUp()
    const id = sessionID(session)
    assert.match(id, /^[0-9a-f]{16}$/)
    assert.ok(Buffer.from(session.keyHash, 'base64url').toString('hex').startsWith(id))
  })
})

suite('renewal', () => {
  test('each request moves the end to the length from now', async () => {
    const { clock, authenticate, end } = await setUp({ lengthMs: 10 * MINUTE })
    for (const ms of [0, 1, 4 * MINUTE, 10 * MINUTE - 1]) {
      clock.forward(ms)
      await authenticate()
      assert.equal(await end(), clock.at + 10 * MINUTE)
    }
  })

  test('a clock that goes back shortens nothing', async () => {
    const { clock, expiresAt, authenticate, end } = await setUp()
    clock.forward(-20 * MINUTE)
    await authenticate()
    assert.equal(await end(), expiresAt)
  })

  test('one that is busy lives on to the longest length and not a millisecond longer', async () => {
    const { clock, session, authenticate } = await setUp({ lengthMs: 10 * MINUTE, maxLengthMs: 60 * MINUTE })
    for (let minutes = 0; minutes < 60; minutes += 9) {
      clock.at = session.createdAt + minutes * MINUTE
      await authenticate()
    }
    clock.at = session.createdAt + 60 * MINUTE - 1
    await authenticate()
    clock.forward(1)
    await refused(authenticate, 'unauthorized')
  })

  test('what happens in the background keeps nobody signed in', async () => {
    const { clock, expiresAt, authenticate, end, sessionStore, key } = await setUp()
    clock.at = expiresAt - 1
    await authenticate(true)
    assert.equal(await end(), expiresAt)
    assert.equal((await sessionStore.find(hashSecret(key)))?.lastUsedAt, clock.at)
    clock.forward(1)
    await refused(() => authenticate(true), 'unauthorized')
  })

  test('does not happen where it is switched off', async () => {
    const { clock, expiresAt, authenticate, end } = await setUp({ renew: false })
    clock.at = expiresAt - 1
    await authenticate()
    assert.equal(await end(), expiresAt)
  })

  test('the cookie is sent again once a minute, with the end that it then has', async () => {
    const { clock, authenticate } = await setUp({ lengthMs: 10 * MINUTE })
    const sent = async (ms: number) => {
      clock.forward(ms)
      const { cookieExpiresAt } = await authenticate()
      return cookieExpiresAt && cookieExpiresAt - clock.at
    }
    assert.deepEqual(
      [await sent(0), await sent(MINUTE - 1), await sent(1), await sent(0), await sent(MINUTE)],
      [undefined, undefined, 10 * MINUTE, undefined, 10 * MINUTE],
    )
  })
})
