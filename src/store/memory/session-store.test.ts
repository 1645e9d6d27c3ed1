import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { describeSessionStore } from '../../../test/store-conformance/session-store.conformance.ts'
import { byPassword } from '../../../test/support/session.ts'
import type { ID } from '../../domain/base/id.ts'
import type { Session } from '../../domain/records/session.ts'
import { createMemorySessionStore } from './session-store.ts'

async function open(onExpired?: (session: Session) => void) {
  let at = Date.now()
  const now = () => at
  return {
    store: createMemorySessionStore({ now, ...(onExpired ? { onExpired } : {}) }),
    now,
    forward: (ms: number) => {
      at += ms
    },
  }
}

describeSessionStore('memory', () => open())

const userOf = (index: number) => (index % 7).toString(16).padStart(16, '0') as ID

function sessionAt(index: number, at: number): Session {
  return {
    keyHash: `hash ${index}`,
    ...{ userID: userOf(index), orgID: undefined, address: '', userAgent: '', remembered: false },
    ...{ instanceGeneration: 0, userGeneration: 0 },
    ...{ createdAt: at, lastUsedAt: at, cookieSentAt: at, expiresAt: at + 600_000, ...byPassword(at) },
  }
}

suite('sessions in memory', () => {
  test('expired ones are dropped without being asked for, and told; those that live on are kept', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const expired: string[] = []
    const { store, now, forward } = await open(({ keyHash }) => expired.push(keyHash))
    for (let index = 0; index < 100; index++) await store.add(sessionAt(index, now()))
    const renewal = { at: now(), lengthMs: 900_000, longestMs: 900_000, cookieAgeMs: 0 }
    assert.ok(await store.use('hash 3', renewal))
    await store.remove('hash 5')
    forward(602_000)
    t.mock.timers.tick(1000)
    assert.equal(await store.count(), 1)
    assert.ok(await store.find('hash 3'))
    assert.equal(await store.removeOfUser(userOf(3), { before: 1 }), 1)
    assert.equal(await store.removeOfUser(userOf(4), { before: 1 }), 0)
    assert.equal(expired.length, 98)
    assert.ok(!expired.includes('hash 3') && !expired.includes('hash 5'))
    await store.close()
  })

  test('one that is signed in while all are being ended stays, all from before are gone', async () => {
    const { store, now } = await open()
    const userID = (index: number) => index.toString(16).padStart(16, '0') as ID
    for (let index = 0; index < 2500; index++) {
      await store.add({ ...sessionAt(index, now()), userID: userID(index) })
    }
    const ending = store.removeAll(1)
    await store.add({ ...sessionAt(9999, now()), userID: userID(9999), instanceGeneration: 1 })
    assert.equal(await ending, 2500)
    assert.equal(await store.count(), 1)
    await store.close()
  })
})
