import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, ORIGIN } from '../../../test/support/world.ts'
import { unavailable } from '../base/errors.ts'

const DAY = 86_400_000

/** A user with a remembered session, and a store that refuses changes as long as `isFull`. */
async function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const world = await createWorld({ rememberLengthMs: 30 * DAY })
  const userID = await world.addUser('ada')
  const { key, session } = await world.startSession(userID, { remembered: true })
  const { transaction } = world.store
  const state = { isFull: true, tries: 0 }
  t.mock.method(world.store, 'transaction', (work: Parameters<typeof transaction>[0]) => {
    state.tries += 1
    return state.isFull ? Promise.reject(unavailable('full')) : transaction(work)
  })
  const signOut = () => world.sessions.end(key, ORIGIN)
  const rows = async () => (await world.store.rememberedSessions.all()).length
  const written = async () => (await world.audited({ event: 'signout' })).length
  /** Lets what a timer began end. */
  async function pass(ms: number) {
    t.mock.timers.tick(ms)
    for (let index = 0; index < 50; index++) await new Promise((resolve) => setImmediate(resolve))
  }
  return { ...world, userID, key, session, state, signOut, rows, written, pass }
}

suite('a sign-out that the store does not take', () => {
  test('fails, and the session is dead at once', async (t) => {
    const { sessions, key, signOut, rows } = await setUp(t)
    await refused(signOut, 'unavailable')
    await refused(() => sessions.authenticate(key, false), 'unauthorized')
    assert.equal(await rows(), 1)
  })

  test('is tried again, ever more seldom, until it is written; then a repetition succeeds, once', async (t) => {
    const { signOut, rows, written, pass, state, lines } = await setUp(t)
    await refused(signOut, 'unavailable')
    await pass(1000)
    await pass(1999)
    assert.equal(state.tries, 2)
    await pass(1)
    assert.equal(state.tries, 3)
    assert.equal(lines.at(-1)?.message, 'sign-outs cannot be written yet')
    state.isFull = false
    await pass(4000)
    assert.deepEqual([await rows(), await written()], [0, 1])
    await signOut()
    assert.equal(await written(), 1)
    await refused(signOut, 'unauthorized')
  })

  test('is written by its repetition, once, also where two come together', async (t) => {
    const { signOut, rows, written, state } = await setUp(t)
    await refused(signOut, 'unavailable')
    await refused(signOut, 'unavailable')
    state.isFull = false
    const outcomes = await Promise.allSettled([signOut(), signOut()])
    assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    assert.deepEqual([await rows(), await written()], [0, 1])
  })

  test('is tried once more when the server stops', async (t) => {
    const { signOut, signOuts, rows, state } = await setUp(t)
    await refused(signOut, 'unavailable')
    state.isFull = false
    await signOuts.stop()
    assert.equal(await rows(), 0)
  })

  test('is forgotten once the session would be over anyway', async (t) => {
    const { signOut, clock, session, pass, state } = await setUp(t)
    await refused(signOut, 'unavailable')
    clock.at = session.expiresAt
    const { tries } = state
    await pass(1000)
    await pass(60_000)
    assert.equal(state.tries, tries)
    await refused(signOut, 'unauthorized')
  })
})
