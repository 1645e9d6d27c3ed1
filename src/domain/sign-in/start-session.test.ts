import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { refused } from '../../../test/support/refused.ts'
import { createWorld, NOBODY, ORIGIN } from '../../../test/support/world.ts'
import type { ID } from '../base/id.ts'
import { hashSecret } from '../base/secrets.ts'
import type { SessionStart } from './start-session.ts'

async function setUp() {
  const world = await createWorld({ freshMs: 600_000 })
  const userID = await world.addUser('ada')
  const start = (more: Partial<SessionStart> = {}) =>
    world.startNewSession({
      ...{ userID, orgID: undefined, remember: false, presentedKeys: [], origin: ORIGIN },
      authentication: { method: 'password', level: 'one-factor' },
      confirm: async () => {},
      ...more,
    })
  return { ...world, userID, start }
}

suite('starting a session', () => {
  test('records how and when the user authenticated, by default now', async () => {
    const { start, sessionStore, clock, asSession, freshness } = await setUp()
    const { key } = await start()
    const session = await sessionStore.find(hashSecret(key))
    assert.deepEqual(
      [session?.method, session?.level, session?.authenticatedAt, session?.createdAt],
      ['password', 'one-factor', clock.at, clock.at],
    )
    const before = clock.at - 600_000
    const earlier = await start({
      authentication: { method: 'password', level: 'two-factors', authenticatedAt: before },
    })
    const { authenticatedAt, createdAt } = (await sessionStore.find(hashSecret(earlier.key))) ?? {}
    assert.deepEqual([authenticatedAt, createdAt], [before, clock.at])
    // A recent sign-in is judged by the time of authentication, not by the start of the session.
    freshness.require(await asSession(key), 'user.delete')
    const caller = await asSession(earlier.key)
    await refused(() => freshness.require(caller, 'user.delete'), 'forbidden')
  })

  test('is refused if the change is not confirmed, or the user is deleted or inactive', async () => {
    const { start, store, userID, sessionStore } = await setUp()
    const refusal = new Error('not confirmed')
    await assert.rejects(
      start({
        confirm: async () => {
          throw refusal
        },
      }),
      refusal,
    )
    await refused(() => start({ userID: NOBODY as ID }), 'unauthorized')
    await store.users.update({ id: userID, name: 'ada', status: 'inactive' })
    await refused(() => start(), 'unauthorized')
    assert.equal(await sessionStore.count(), 0)
  })
})
