import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Id } from '../../domain/id.ts'
import { describeSessionStore } from '../../domain/sessions/session-store.conformance.ts'
import { createMemorySessionStore } from './session-store.ts'

async function open() {
  let at = Date.now()
  const now = () => at
  return {
    store: createMemorySessionStore({ now }),
    now,
    forward: (ms: number) => {
      at += ms
    },
  }
}

describeSessionStore('memory', open)

suite('sessions in memory', () => {
  test('expired ones are dropped without being asked for, those that live on are kept', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const { store, now, forward } = await open()
    const userOf = (index: number) => (index % 7).toString(16).padStart(16, '0') as Id
    for (let index = 0; index < 100; index++) {
      const expiresAt = now() + 600_000
      await store.add(`hash ${index}`, {
        userID: userOf(index),
        orgID: undefined,
        createdAt: now(),
        expiresAt,
      })
    }
    await store.renew('hash 3', now() + 900_000)
    forward(602_000)
    t.mock.timers.tick(1000)
    assert.equal(store.count(), 1)
    assert.ok(await store.find('hash 3'))
    assert.equal(await store.removeOfUser(userOf(3)), 1)
    assert.equal(await store.removeOfUser(userOf(4)), 0)
    await store.close()
  })
})
