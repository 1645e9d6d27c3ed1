import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { authorization, idOf } from '../../test/store-conformance/records.conformance.ts'
import { byPassword } from '../../test/support/session.ts'
import { NOBODY, START } from '../../test/support/world.ts'
import type { ID } from '../domain/base/id.ts'
import type { AuditEvent } from '../domain/records/audit-event.ts'
import { openMemoryStore } from '../store/sqlite/open.ts'
import { startUpkeep } from './upkeep.ts'

const DAY = 86_400_000

async function setUp(t: TestContext, auditEvents = 2) {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const store = await openMemoryStore()
  let at = START
  const clock = { isTrusted: true }
  const expiredUnpersisted = new Set<string>()
  const errors: string[] = []
  const events = Array.from({ length: auditEvents }, (_, number): AuditEvent => {
    const id = number.toString(16).padStart(16, '0') as ID
    return {
      ...{ id, time: new Date(START + number).toISOString(), event: 'signin', outcome: 'success' },
      ...{ actor: {}, target: { type: 'user' }, address: '', userAgent: '', requestId: '', count: 1 },
    }
  })
  await store.transaction(({ audit }) => audit.append(events))
  await store.knownAddresses.note(NOBODY, '192.0.2.1', START)
  await store.rememberedSessions.add({
    ...{ instanceGeneration: 0, userGeneration: 0 },
    ...{ keyHash: 'hash', userID: NOBODY, orgID: undefined, address: '', userAgent: '', remembered: true },
    ...{
      createdAt: START,
      lastUsedAt: START,
      cookieSentAt: START,
      expiresAt: START + DAY,
      ...byPassword(START),
    },
  })
  await store.sessionEnds.end('ended', START)
  const start = (over: Partial<typeof store> = {}) =>
    startUpkeep({
      store: { ...store, ...over },
      now: () => at,
      isClockTrusted: () => clock.isTrusted,
      expiredUnpersisted,
      log: { error: (message) => errors.push(message) },
      retentionMs: 7 * DAY,
    })
  const left = async () => ({
    events: (await store.audit.list({}, { limit: 10_000, offset: 0, descending: false })).length,
    addresses: (await store.knownAddresses.isKnown(NOBODY, '192.0.2.1', 0)) ? 1 : 0,
    sessions: (await store.rememberedSessions.all()).length,
    ends: (await store.sessionEnds.has('ended')) ? 1 : 0,
  })
  /** Goes to that time, where the timer fires, and lets what it began end. */
  async function goTo(time: number) {
    at = time
    t.mock.timers.tick(600_000)
    for (let index = 0; index < 100; index++) await new Promise((resolve) => setImmediate(resolve))
    return left()
  }
  return { store, start, goTo, left, errors, clock, expiredUnpersisted }
}

suite('upkeep', () => {
  test('clears away what is over, each when it is, and nothing else', async (t) => {
    const { start, goTo } = await setUp(t)
    const upkeep = start()
    assert.deepEqual(await goTo(START + DAY - 1), { events: 2, addresses: 1, sessions: 1, ends: 1 })
    assert.deepEqual(await goTo(START + DAY), { events: 2, addresses: 1, sessions: 0, ends: 1 })
    assert.deepEqual(await goTo(START + 7 * DAY), { events: 2, addresses: 1, sessions: 0, ends: 0 })
    assert.deepEqual(await goTo(START + 7 * DAY + 1), { events: 1, addresses: 1, sessions: 0, ends: 0 })
    assert.deepEqual(await goTo(START + 30 * DAY), { events: 0, addresses: 1, sessions: 0, ends: 0 })
    assert.deepEqual(await goTo(START + 30 * DAY + 1), { events: 0, addresses: 0, sessions: 0, ends: 0 })
    await upkeep.stop()
  })

  test('goes on in portions until all of it is done', async (t) => {
    const { start, goTo } = await setUp(t, 2500)
    const upkeep = start()
    assert.equal((await goTo(START + 8 * DAY)).events, 0)
    await upkeep.stop()
  })

  test('does nothing any more once it is stopped', async (t) => {
    const { start, goTo } = await setUp(t)
    await start().stop()
    assert.deepEqual(await goTo(START + 90 * DAY), { events: 2, addresses: 1, sessions: 1, ends: 1 })
  })

  test('says that it cannot, and tries again the next time', async (t) => {
    const { store, start, goTo, errors } = await setUp(t)
    let isAway = true
    const rememberedSessions = {
      ...store.rememberedSessions,
      removeExpired: async (now: number) => {
        if (isAway) throw new Error('away')
        await store.rememberedSessions.removeExpired(now)
      },
    }
    const upkeep = start({ rememberedSessions })
    errors.length = 0
    assert.equal((await goTo(START + 90 * DAY)).events, 2)
    assert.ok(errors.includes('what is over cannot be cleared away'))
    isAway = false
    assert.deepEqual(await goTo(START + 90 * DAY), { events: 0, addresses: 0, sessions: 0, ends: 0 })
    await upkeep.stop()
  })

  test('notes how far time has come: at the start, each minute and at the end', async (t) => {
    const { store, start, goTo } = await setUp(t)
    const upkeep = start()
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(await store.clockMark.get(), START)
    await goTo(START + 600_000)
    assert.equal(await store.clockMark.get(), START + 600_000)
    await goTo(START + 1_200_000)
    await upkeep.stop()
    assert.equal(await store.clockMark.get(), START + 1_200_000)
  })

  test('under a clock that is not trusted removes nothing and notes nothing, until it is', async (t) => {
    const { store, start, goTo, clock } = await setUp(t)
    await store.clockMark.set(START - 1)
    clock.isTrusted = false
    const upkeep = start()
    assert.deepEqual(await goTo(START + 730 * DAY), { events: 2, addresses: 1, sessions: 1, ends: 1 })
    assert.equal(await store.clockMark.get(), START - 1)
    clock.isTrusted = true
    assert.deepEqual(await goTo(START + 730 * DAY), { events: 0, addresses: 0, sessions: 0, ends: 0 })
    clock.isTrusted = false
    await goTo(START + 731 * DAY)
    await upkeep.stop()
    assert.equal(await store.clockMark.get(), START + 730 * DAY)
  })

  test('forgets of which sessions rows were left, once they are not', async (t) => {
    const { start, goTo, expiredUnpersisted } = await setUp(t)
    expiredUnpersisted.add('hash')
    const upkeep = start()
    await goTo(START + DAY)
    assert.equal(expiredUnpersisted.size, 0)
    await upkeep.stop()
  })

  test('marks tokens that are over', async (t) => {
    const { store, start, goTo } = await setUp(t)
    const expiresAt = new Date(START + DAY).toISOString()
    await store.authorizations.add(authorization(1, { expiresAt }))
    const upkeep = start()
    await goTo(START + DAY - 1)
    assert.equal((await store.authorizations.byID(idOf(1)))?.expired, undefined)
    await goTo(START + DAY)
    assert.equal((await store.authorizations.byID(idOf(1)))?.expired, true)
    await upkeep.stop()
  })
})
