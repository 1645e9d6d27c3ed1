import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Id } from '../../domain/id.ts'
import type { Session } from '../../domain/sessions/session.ts'
import { describeSessionStore } from '../../domain/sessions/session-store.conformance.ts'
import { connected, ownPrefix, quiet, withoutRedis } from '../../test-redis.ts'
import { createRedisSessionStore } from './session-store.ts'

const ADA = '00000000000000a1' as Id
const fence = { sessionStoreID: () => undefined, tag: (stamp: string) => stamp }

async function open({ prefix = ownPrefix(), onExpired = (_: Session) => {} } = {}) {
  const redis = await connected({ keyPrefix: prefix })
  let at = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
  const now = () => at
  const serverID = () => {
    const state = redis.state()
    return state.connected ? state.serverId : undefined
  }
  const store = createRedisSessionStore({
    ...{ redis, prefix, now, log: quiet, onExpired },
    fence: { ...fence, sessionStoreID: serverID },
  })
  return {
    ...{ store, now, prefix },
    forward(ms: number) {
      at += ms
    },
  }
}

const session = (index: number, at: number, more: Partial<Session> = {}): Session => ({
  keyHash: `hash ${index}`,
  ...{ userID: ADA, orgID: undefined, address: '', userAgent: '', remembered: false },
  ...{ instanceGeneration: 0, userGeneration: 0 },
  ...{ createdAt: at, lastUsedAt: at, cookieSentAt: at, expiresAt: at + 600_000 },
  ...more,
})

if (withoutRedis.skip) test('sessions in Redis', withoutRedis, () => {})
else describeSessionStore('Redis', () => open())

suite('sessions in Redis', withoutRedis, () => {
  test('ended ones are swept, each told to one node; those that live on are kept', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const told: string[] = []
    const onExpired = ({ keyHash }: Session) => told.push(keyHash)
    const one = await open({ onExpired })
    const other = await open({ prefix: one.prefix, onExpired })
    for (let index = 0; index < 1200; index++) await one.store.add(session(index, one.now()))
    one.forward(1000)
    const renewal = { at: one.now(), lengthMs: 900_000, longestMs: 10_000_000, cookieAgeMs: 0 }
    assert.ok(await one.store.use('hash 3', renewal))
    for (const node of [one, other]) node.forward(602_000)
    t.mock.timers.tick(1000)
    await Promise.all([one.store.close(), other.store.close()])
    assert.equal(told.length, 1199)
    assert.equal(new Set(told).size, 1199)
    assert.equal(await one.store.count(), 1)
    assert.ok(await one.store.find('hash 3'))
  })

  test('what one node begins and ends another one sees', async () => {
    const one = await open()
    const other = await open({ prefix: one.prefix })
    await one.store.add(session(1, one.now()))
    assert.ok(await other.store.find('hash 1'))
    assert.ok(await other.store.remove('hash 1'))
    assert.equal(await one.store.find('hash 1'), undefined)
    assert.deepEqual(await one.store.ofUser(ADA), [])
    for (const { store } of [one, other]) await store.close()
  })
})
