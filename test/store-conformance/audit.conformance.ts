import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditEvent, AuditFilter, AuditPage } from '../../src/domain/records/audit-event.ts'
import type { OpenIdentityStore } from './identity-store.ts'
import { GREAT_IDS, idOf, idsOf, opened, plain } from './records.conformance.ts'

const [ADA, BOB, ORG, OTHER_ORG] = [idOf(0xa1), idOf(0xb1), idOf(0xc1), idOf(0xc2)]
const PAGE: AuditPage = { limit: 100, offset: 0, descending: false }

const timeOf = (number: number) => `2026-01-02T03:04:05.${String(number).padStart(3, '0')}Z`

const NO_ACTOR: AuditEvent['actor'] = {
  ...{ userID: undefined, userName: undefined, sessionID: undefined },
  ...{ authorizationID: undefined, authorizationDescription: undefined, authorizationOrgID: undefined },
}

const event = (number: number, more: Partial<AuditEvent> = {}): AuditEvent => ({
  id: idOf(number),
  time: timeOf(number),
  ...{ event: 'user.create', outcome: 'success', count: 1 },
  actor: { ...NO_ACTOR, userID: ADA },
  target: {
    ...{ type: 'user', id: undefined, name: undefined },
    ...{ orgID: undefined, orgName: undefined, userID: undefined, userName: undefined },
  },
  ...{ address: '192.0.2.1', userAgent: 'test', requestId: 'r-1' },
  ...more,
})
const target = (more: Partial<AuditEvent['target']>): AuditEvent['target'] => ({
  ...event(1).target,
  ...more,
})

export function describeAuditStore(open: OpenIdentityStore): void {
  async function withEvents(t: Parameters<typeof opened>[0], events: readonly AuditEvent[]) {
    const { audit } = await opened(t, open)
    await audit.append(events)
    const listed = async (filter: AuditFilter = {}, page: Partial<AuditPage> = {}) =>
      idsOf(await audit.list(filter, { ...PAGE, ...page })).map((id) => Number.parseInt(id, 16))
    return { audit, listed }
  }

  test('an empty store has none', async (t) => {
    const { audit, listed } = await withEvents(t, [])
    assert.deepEqual(await listed(), [])
    assert.equal(await audit.removeBefore(timeOf(9), 10), 0)
  })

  test('every field is returned unchanged, in every script', async (t) => {
    const given = event(1, {
      outcome: 'refused',
      actor: {
        ...{ userID: ADA, userName: `a"'\n🙂`, sessionID: idOf(5), authorizationID: idOf(6) },
        ...{ authorizationDescription: `b"'\n🙂`, authorizationOrgID: OTHER_ORG },
      },
      target: {
        ...{ type: 'bucket', id: idOf(7), name: `d"'\n🙂` },
        ...{ orgID: ORG, orgName: `o"'\n🙂`, userID: BOB, userName: `u"'\n🙂` },
      },
      ...{ userAgent: 'é\u0301 \u202e', count: 2 ** 31 - 1 },
    })
    const { audit } = await withEvents(t, [given, event(2, { actor: event(1).actor })])
    assert.deepEqual(plain(await audit.list({}, PAGE)), [given, event(2)])
  })

  test('statement, duration and status are returned unchanged; an event without them has no such fields', async (t) => {
    const given = event(1, {
      ...{ event: 'data.query', outcome: 'failed' },
      ...{ statement: `from(bucket: "b")\n\0\x01🙂`, durationMs: 2 ** 31 - 1, status: 400 },
    })
    const empty = event(2, { statement: '', durationMs: 0, status: 200 })
    const { audit } = await withEvents(t, [given, empty, event(3)])
    assert.deepEqual(plain(await audit.list({}, PAGE)), [given, empty, event(3)])
    assert.ok(!('statement' in ((await audit.list({}, PAGE))[2] ?? {})))
  })

  test('appending an existing id updates only its count', async (t) => {
    const { audit } = await withEvents(t, [event(1), event(2)])
    await audit.append([event(1, { count: 7 }), event(3)])
    await audit.append([])
    assert.deepEqual(plain(await audit.list({}, PAGE)), [event(1, { count: 7 }), event(2), event(3)])
  })

  test("an old row with the user's name in place of the target's is read as the user's name", async (t) => {
    const joined = { userID: BOB, name: 'bob' }
    const { audit } = await withEvents(t, [
      event(1, {
        event: 'owner.add',
        target: target({ type: 'organization', id: ORG, orgID: ORG, ...joined }),
      }),
      event(2, {
        event: 'member.remove',
        target: target({ type: 'bucket', id: idOf(7), orgID: ORG, ...joined }),
      }),
      event(3, { event: 'signin', target: target({ type: 'session', id: idOf(8), name: 'ada' }) }),
      event(4, { event: 'bucket.create', target: target({ type: 'bucket', id: idOf(7), name: 'b' }) }),
      event(5, {
        event: 'owner.add',
        target: target({ type: 'organization', name: 'works', orgName: 'works', userName: 'bob' }),
      }),
    ])
    const read = (await audit.list({}, PAGE)).map(({ target: { name, userID, userName } }) => [
      name,
      userID,
      userName,
    ])
    assert.deepEqual(read, [
      [undefined, BOB, 'bob'],
      [undefined, BOB, 'bob'],
      [undefined, ADA, 'ada'],
      ['b', undefined, undefined],
      ['works', undefined, 'bob'],
    ])
  })

  test('pages go both ways, and continue after an event', async (t) => {
    const { listed } = await withEvents(
      t,
      [4, 2, 5, 1, 3].map((number) => event(number)),
    )
    assert.deepEqual(await listed(), [1, 2, 3, 4, 5])
    assert.deepEqual(await listed({}, { limit: 2, offset: 1 }), [2, 3])
    assert.deepEqual(await listed({}, { limit: 2, after: idOf(2) }), [3, 4])
    assert.deepEqual(await listed({}, { descending: true }), [5, 4, 3, 2, 1])
    assert.deepEqual(await listed({}, { descending: true, limit: 2, after: idOf(4) }), [3, 2])
    assert.deepEqual(await listed({}, { after: idOf(5) }), [])
  })

  test('the order is that of unsigned 64-bit numbers', async (t) => {
    const events = GREAT_IDS.toReversed().map((id) => event(1, { id }))
    const { audit } = await withEvents(t, events)
    assert.deepEqual(idsOf(await audit.list({}, PAGE)), GREAT_IDS)
  })

  test('filters by user: as actor or as user concerned, but not as another kind of target with that id', async (t) => {
    const actor = { userID: BOB, sessionID: undefined, authorizationID: undefined }
    const { listed } = await withEvents(t, [
      event(1),
      event(2, { actor, target: target({ id: ADA }) }),
      event(3, { actor, target: target({ type: 'session', id: ADA }) }),
      event(4, { actor: { ...actor, userID: undefined } }),
      event(5, { actor, target: target({ type: 'organization', id: ORG, userID: ADA }) }),
    ])
    assert.deepEqual(await listed({ userID: ADA }), [1, 2, 5])
    assert.deepEqual(await listed({ userID: BOB }), [2, 3, 5])
    assert.deepEqual(await listed({ userID: idOf(9) }), [])
  })

  test('filters by event, outcome and time: start inclusive, stop exclusive', async (t) => {
    const { listed } = await withEvents(t, [
      event(1),
      event(2, { event: 'signin', outcome: 'refused' }),
      event(3, { event: 'signin' }),
      event(4, { event: 'signin', outcome: 'throttled' }),
    ])
    assert.deepEqual(await listed({ event: 'signin' }), [2, 3, 4])
    assert.deepEqual(await listed({ event: 'sign%' }), [])
    assert.deepEqual(await listed({ outcome: 'refused' }), [2])
    assert.deepEqual(await listed({ event: 'signin', outcome: 'success' }), [3])
    assert.deepEqual(await listed({ start: timeOf(2), stop: timeOf(4) }), [2, 3])
    assert.deepEqual(await listed({ start: timeOf(5) }), [])
  })

  test('tells when users last caused an event with success', async (t) => {
    const signIn = (number: number, userID: typeof ADA, more: Partial<AuditEvent> = {}) =>
      event(number, { event: 'signin', actor: { ...NO_ACTOR, userID }, ...more })
    const { audit } = await withEvents(t, [
      ...[signIn(1, ADA), signIn(2, ADA), signIn(3, ADA, { outcome: 'refused' }), event(4)],
      signIn(5, BOB, { event: 'signout' }),
    ])
    assert.deepEqual([...(await audit.lastTimes('signin', [ADA, BOB]))], [[ADA, timeOf(2)]])
    assert.deepEqual([...(await audit.lastTimes('signin', []))], [])
  })

  test('counts by outcome, and batched events by their count', async (t) => {
    const { audit } = await withEvents(t, [
      event(1, { event: 'signin', count: 2 ** 31 - 1 }),
      event(2, { event: 'signin', count: 2 ** 31 - 1 }),
      event(3, { event: 'signin', outcome: 'refused' }),
      event(4),
      event(5, { event: 'signin', outcome: 'throttled', target: target({ orgID: ORG }) }),
    ])
    const counted = async (filter: AuditFilter) => [...(await audit.count(filter))].toSorted()
    assert.deepEqual(await counted({ event: 'signin', stop: timeOf(5) }), [
      ['refused', 1],
      ['success', 2 ** 32 - 2],
    ])
    assert.deepEqual(await counted({ start: timeOf(4) }), [
      ['success', 1],
      ['throttled', 1],
    ])
    assert.deepEqual(await counted({ orgIDs: [ORG] }), [['throttled', 1]])
    assert.deepEqual(await counted({ orgIDs: [] }), [])
    assert.deepEqual(await counted({ event: 'none' }), [])
  })

  test('filters by organizations; an empty list of organizations matches nothing', async (t) => {
    const { listed } = await withEvents(t, [
      event(1, { target: target({ orgID: ORG }) }),
      event(2, { target: target({ orgID: OTHER_ORG }) }),
      event(3),
    ])
    assert.deepEqual(await listed({ orgIDs: [ORG] }), [1])
    assert.deepEqual(await listed({ orgIDs: [ORG, OTHER_ORG] }), [1, 2])
    assert.deepEqual(await listed({ orgIDs: [] }), [])
    assert.deepEqual(await listed({ orgIDs: [ORG], userID: BOB }), [])
  })

  test('counts refused and throttled sign-ins by user and by address, most first', async (t) => {
    const signIn = (number: number, more: Partial<AuditEvent> & { id?: never }) =>
      event(number, { event: 'signin', outcome: 'refused', ...more })
    const of = (id: AuditEvent['id']) => ({ type: 'user', id })
    const [one, other] = [idOf(0xa1), idOf(0xb1)]
    const { audit } = await withEvents(t, [
      signIn(1, { target: of(one), address: '192.0.2.9', count: 50 }),
      signIn(2, { target: of(one), address: '192.0.2.1', count: 2 }),
      signIn(3, { target: of(other), address: '192.0.2.1', outcome: 'throttled', count: 5 }),
      signIn(4, { target: { type: 'user', name: 'unknown' }, address: '192.0.2.2', count: 9 }),
      signIn(5, { target: of(one), address: '192.0.2.3', outcome: 'success', count: 70 }),
      signIn(6, { target: of(one), event: 'access', address: '192.0.2.3', count: 70 }),
      signIn(7, { target: of(one), address: '', count: 1 }),
    ])
    assert.deepEqual(await audit.mostRefused('user', timeOf(2), 5), [
      { of: other, count: 5 },
      { of: one, count: 3 },
    ])
    assert.deepEqual(await audit.mostRefused('address', timeOf(2), 5), [
      { of: '192.0.2.2', count: 9 },
      { of: '192.0.2.1', count: 7 },
    ])
    assert.deepEqual(await audit.mostRefused('user', timeOf(1), 1), [{ of: one, count: 53 }])
  })

  test('removes events before a time, oldest first, up to a limit', async (t) => {
    const { audit, listed } = await withEvents(
      t,
      [1, 2, 3, 4, 5].map((number) => event(number)),
    )
    assert.equal(await audit.removeBefore(timeOf(4), 2), 2)
    assert.deepEqual(await listed(), [3, 4, 5])
    assert.equal(await audit.removeBefore(timeOf(4), 2), 1)
    assert.equal(await audit.removeBefore(timeOf(4), 2), 0)
    assert.deepEqual(await listed(), [4, 5])
  })

  test('the newest id includes those of events', async (t) => {
    const store = await opened(t, open)
    await store.audit.append([event(0x99)])
    assert.equal(await store.newestID(), idOf(0x99))
  })

  test('a transaction that throws writes none', async (t) => {
    const store = await opened(t, open)
    const work = store.transaction(async (records) => {
      await records.audit.append([event(1)])
      throw new Error('second thoughts')
    })
    await assert.rejects(work, /second thoughts/)
    assert.deepEqual(await store.audit.list({}, PAGE), [])
  })
}
