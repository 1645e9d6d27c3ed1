import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, ORIGIN, START } from '../../../test/support/world.ts'
import { restoreRemembered } from './restore-remembered.ts'

const DAY = 86_400_000

/** Two remembered sessions, one begun ten days ago, for 30 days each; and the process was restarted. */
async function setUp() {
  const world = await createWorld({ rememberLengthMs: 30 * DAY })
  const userID = await world.addUser('ada')
  world.clock.at = START - 10 * DAY
  const older = await world.startSession(userID, { remembered: true })
  world.clock.at = START
  const newer = await world.startSession(userID, { remembered: true })
  /** What is alive after a start at that time, and when it ends, in days from `START`. */
  async function restart({ at = START, lengthMs = 30 * DAY, isTrusted = true } = {}) {
    for (const { keyHash } of await world.sessionStore.ofUser(userID))
      await world.sessionStore.remove(keyHash)
    world.expiredUnpersisted.clear()
    world.clock.at = at
    const remembered = world.store.rememberedSessions
    const { sessionStore: sessions, expiredUnpersisted, onExpired, batches } = world
    const parts = { remembered, sessions, expiredUnpersisted, onExpired, flush: batches.flush }
    await restoreRemembered({ ...parts, now: at, isTrusted, lengthMs })
    const ends = (await sessions.ofUser(userID)).map(({ expiresAt }) => (expiresAt - START) / DAY)
    return ends.toSorted((a, b) => a - b)
  }
  const rows = async () => (await world.store.rememberedSessions.all()).length
  return { ...world, older, newer, restart, rows }
}

suite('remembered sessions after a restart', () => {
  test('are there as they were, those that are not over', async () => {
    const { restart, rows, expiredUnpersisted } = await setUp()
    assert.deepEqual(await restart(), [20, 30])
    assert.deepEqual(await restart({ at: START + 20 * DAY }), [30])
    assert.deepEqual([await rows(), expiredUnpersisted.size], [1, 0])
  })

  test('last no longer than is set now, also should more be set again', async () => {
    const { restart, rows } = await setUp()
    assert.deepEqual(await restart({ lengthMs: 15 * DAY }), [5, 15])
    assert.deepEqual(await restart({ lengthMs: 10 * DAY }), [10])
    assert.deepEqual(await restart({ lengthMs: 60 * DAY }), [10])
    assert.equal(await rows(), 1)
  })

  test('are all gone where none are allowed, whatever the clock says', async () => {
    for (const isTrusted of [true, false]) {
      const { restart, rows, expiredUnpersisted } = await setUp()
      assert.deepEqual(await restart({ lengthMs: 0, isTrusted, at: START - 730 * DAY }), [])
      assert.deepEqual([await rows(), expiredUnpersisted.size], [0, 0])
    }
  })

  test('last no longer from now on than one that begins now, where they come from a time ahead', async () => {
    const { restart } = await setUp()
    const at = START - 730 * DAY
    assert.deepEqual(await restart({ at, isTrusted: false }), [-700, -700])
    assert.deepEqual(await restart(), [20, 30])
  })
})

suite('under a clock that may be wrong', () => {
  test('nobody is thrown out who did not come by meanwhile', async () => {
    const { restart, sessions, older, newer, rows } = await setUp()
    assert.deepEqual(await restart({ at: START + 730 * DAY, isTrusted: false }), [])
    assert.equal(await rows(), 2)
    await refused(() => sessions.authenticate(older.key, false), 'unauthorized', 'unauthorized access')
    assert.deepEqual(await restart(), [30])
    await sessions.authenticate(newer.key, false)
  })

  test('whoever was told that a session is over was told for good, also by way of a sign-out', async () => {
    const { restart, sessions, older, newer, rows } = await setUp()
    await restart({ at: START + 730 * DAY, isTrusted: false })
    await refused(() => sessions.authenticate(older.key, true), 'unauthorized')
    await refused(() => sessions.authenticate(older.key, true), 'unauthorized')
    await refused(() => sessions.end(newer.key, ORIGIN), 'unauthorized')
    assert.equal(await rows(), 0)
    assert.deepEqual(await restart(), [])
  })

  test('so it is with one whose end comes while the server runs, swept or not', async () => {
    const { restart, sessions, clock, newer, older, expiredUnpersisted, sessionStore, rows } = await setUp()
    await restart({ isTrusted: false })
    clock.at = newer.expiresAt
    await refused(() => sessions.authenticate(newer.key, false), 'unauthorized')
    await sessionStore.remove(older.session.keyHash)
    expiredUnpersisted.add(older.session.keyHash)
    await refused(() => sessions.authenticate(older.key, false), 'unauthorized')
    assert.equal(await rows(), 0)
  })

  test('what cannot be made final is not told', async (t) => {
    const { restart, sessions, older, store, rows } = await setUp()
    await restart({ at: START + 730 * DAY, isTrusted: false })
    t.mock.method(store.rememberedSessions, 'remove', () => Promise.reject(new Error('full')))
    await assert.rejects(async () => sessions.authenticate(older.key, false), /full/)
    t.mock.reset()
    await refused(() => sessions.authenticate(older.key, false), 'unauthorized')
    assert.equal(await rows(), 1)
  })
})
