import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld } from '../../../test/support/world.ts'
import { unavailable } from '../base/errors.ts'
import { hashSecret } from '../base/secrets.ts'
import { createWithLiveKey } from './live-key.ts'

async function setUp() {
  const world = await createWorld()
  const withLiveKey = createWithLiveKey({
    ...world.store,
    store: world.sessionStore,
    now: world.clock.now,
  })
  const userID = await world.addUser('ada')
  return {
    ...{ world, userID },
    start: async () => (await world.startSession(userID)).key,
    act: (keys: string[]) =>
      withLiveKey(keys, async (key) => (await world.sessions.authenticate(key, false)).session.keyHash),
    withLiveKey,
  }
}

suite('of several keys', () => {
  test('the one that opens a session counts, wherever it stands', async () => {
    const { act, start } = await setUp()
    const key = await start()
    for (const keys of [
      [key, 'dead'],
      ['dead', key],
      ['a', 'b', key, 'c'],
    ])
      assert.equal(await act(keys), hashSecret(key))
  })

  test('one that is over is as good as none', async () => {
    const { act, start, world } = await setUp()
    const old = await start()
    world.clock.forward(9 * 60_000)
    const key = await start()
    world.clock.forward(2 * 60_000)
    assert.equal(await act([old, key]), hashSecret(key))
  })

  test('one that the store of record ended is as good as none, though it is still kept', async () => {
    const { act, start, world, userID } = await setUp()
    const old = await start()
    await world.store.sessionEnds.endAllOf(userID, undefined)
    const ended = await start()
    await world.store.sessionEnds.end(hashSecret(ended), world.clock.now() + 600_000)
    const key = await start()
    assert.equal(await act([old, ended, key]), hashSecret(key))
  })

  test('two that open different sessions are refused, and neither is used', async () => {
    const { act, start, world } = await setUp()
    const keys = [await start(), await start()]
    const before = await Promise.all(keys.map((key) => world.sessionStore.find(hashSecret(key))))
    const ends = before.map((session) => session?.expiresAt)
    world.clock.forward(60_000)
    await refused(() => act(keys), 'unauthorized', /^two session cookies open different sessions/)
    const after = await Promise.all(keys.map((key) => world.sessionStore.find(hashSecret(key))))
    assert.deepEqual(
      after.map((session) => session?.expiresAt),
      ends,
    )
  })

  test('none that opens one: the last refusal', async () => {
    const { act } = await setUp()
    await refused(() => act(['a', 'b']), 'unauthorized', /^unauthorized access$/)
  })

  test('a store that is away is no refusal', async () => {
    const { withLiveKey } = await setUp()
    await refused(() => withLiveKey(['a', 'b'], () => Promise.reject(unavailable('away'))), 'unavailable')
  })

  test('more than ten are refused, also where one of them opens a session', async () => {
    const { act, start } = await setUp()
    const dead = Array.from({ length: 9 }, (_, index) => `dead ${index}`)
    const key = await start()
    assert.equal(await act([...dead, key]), hashSecret(key))
    await refused(() => act(['one more', ...dead, key]), 'unauthorized', /^more than 10 session cookies/)
  })
})
