import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../test-refused.ts'
import { createWorld } from '../../test-world.ts'
import { hashSecret } from '../secrets.ts'

const MINUTE = 60_000

/** A world with a user who is signed in. */
async function setUp(options: { lengthMs?: number; renew?: boolean } = {}) {
  const world = await createWorld(options)
  const operator = await world.addOperator()
  const userID = await world.addUser('ada')
  const { key, expiresAt } = await world.sessions.start(userID, undefined)
  const authenticate = async () => world.sessions.authenticate(key)
  const end = async () => (await world.sessionStore.find(hashSecret(key)))?.expiresAt
  return { ...world, operator, userID, key, expiresAt, authenticate, end }
}

suite('sessions', () => {
  test('a key that nobody has is refused', async () => {
    const { sessions } = await setUp()
    for (const key of ['', 'nope']) await refused(() => sessions.authenticate(key), 'unauthorized')
  })

  test('one is refused from the very millisecond on in which it ends', async () => {
    const { clock, expiresAt, authenticate, sessions, key } = await setUp({ renew: false })
    clock.at = expiresAt - 1
    await authenticate()
    clock.at = expiresAt
    await refused(authenticate, 'unauthorized', 'unauthorized access')
    await refused(() => sessions.end(key), 'unauthorized', 'unauthorized access')
  })

  test('an expired one stays refused when the clock goes back after it was asked to end', async () => {
    const { clock, expiresAt, sessions, key, authenticate } = await setUp()
    clock.at = expiresAt
    await refused(() => sessions.end(key), 'unauthorized')
    clock.at = expiresAt - 1
    await refused(authenticate, 'unauthorized')
  })

  test('one that was ended is refused, and ending it again too', async () => {
    const { sessions, key, authenticate } = await setUp()
    await sessions.end(key)
    await refused(authenticate, 'unauthorized', 'unauthorized access')
    await refused(() => sessions.end(key), 'unauthorized', 'unauthorized access')
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

  test("ending all of a user's leaves others alone", async () => {
    const { sessions, addUser, userID, authenticate } = await setUp()
    const other = await sessions.start(await addUser('bob'), undefined)
    await sessions.start(userID, undefined)
    await sessions.endAllOf(userID)
    await refused(authenticate, 'unauthorized')
    assert.equal((await sessions.authenticate(other.key)).user.name, 'bob')
  })

  test('it lasts as long as it is set to, and only the hash of its key is kept', async () => {
    const { clock, expiresAt, key, userID, sessionStore, authenticate } = await setUp({
      lengthMs: 30 * MINUTE,
    })
    assert.equal(expiresAt, clock.at + 30 * MINUTE)
    assert.equal(await sessionStore.find(key), undefined)
    const principal = await authenticate()
    assert.deepEqual([principal.kind, principal.user.id], ['session', userID])
  })
})

suite('renewal', () => {
  test('moves the end to five minutes from now, and never nearer', async () => {
    const { clock, expiresAt, authenticate, end } = await setUp({ lengthMs: 10 * MINUTE })
    await authenticate()
    clock.forward(4 * MINUTE)
    await authenticate()
    assert.equal(await end(), expiresAt)
    clock.at = expiresAt - 5 * MINUTE + 1
    await authenticate()
    assert.equal(await end(), clock.at + 5 * MINUTE)
  })

  test('a clock that goes back shortens nothing', async () => {
    const { clock, expiresAt, authenticate, end } = await setUp()
    clock.forward(-20 * MINUTE)
    await authenticate()
    assert.equal(await end(), expiresAt)
  })

  test('one that is busy lives on for hours, one that rests five minutes ends', async () => {
    const { clock, authenticate } = await setUp()
    for (let minutes = 0; minutes < 300; minutes += 4) {
      await authenticate()
      clock.forward(4 * MINUTE)
    }
    await authenticate()
    clock.forward(5 * MINUTE)
    await refused(authenticate, 'unauthorized')
  })

  test('does not happen where it is switched off', async () => {
    const { clock, expiresAt, authenticate, end } = await setUp({ renew: false })
    clock.at = expiresAt - 1
    await authenticate()
    assert.equal(await end(), expiresAt)
  })
})
