import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { callerWith } from '../../../test/support/world.ts'
import { compilePermissions } from '../access/permission-set.ts'
import { createIDGenerator, type ID } from '../base/id.ts'
import type { AuditEvent } from '../records/audit-event.ts'
import { createDataTrail, type DataUse } from './data-trail.ts'

const MINUTE = 60_000
/** The beginning of a minute. */
const START = Date.UTC(2026, 0, 2, 3, 4)
const [ORG, OTHER_ORG] = ['00000000000000c1', '00000000000000c2'] as ID[] as [ID, ID]
const [BUCKET, OTHER_BUCKET] = ['00000000000000b1', '00000000000000b2'] as ID[] as [ID, ID]

const caller = callerWith(compilePermissions([]))

const query = (more: Partial<DataUse> = {}): DataUse => ({
  ...{ kind: 'query', outcome: 'success', caller, orgID: ORG, durationMs: 12.4, status: 200 },
  statement: 'from(bucket: "b")',
  ...more,
})
const write = (more: Partial<DataUse> = {}): DataUse => ({
  ...{ kind: 'write', outcome: 'success', caller, orgID: ORG, bucketID: BUCKET, durationMs: 1, status: 204 },
  ...more,
})

/** A trail over a store that `append` replaces where a test says so. */
function setUp(t: TestContext, options: { mostWaiting?: number } = {}) {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let at = START
  const now = () => at
  const kept = new Map<string, AuditEvent>()
  const copied: AuditEvent[] = []
  const errors: { message: string; fields: Readonly<Record<string, unknown>> | undefined }[] = []
  const appended: number[] = []
  const keep = async (events: readonly AuditEvent[]) => {
    appended.push(events.length)
    for (const event of events) kept.set(event.id, event)
    return events
  }
  const state = { append: keep }
  const trail = createDataTrail({
    append: (events) => state.append(events),
    ...{ ids: createIDGenerator({ now, node: 7 }), now },
    log: { error: (message, fields) => errors.push({ message, fields }) },
    sink: { write: (events) => copied.push(...events) },
    ...options,
  })
  return {
    ...{ trail, state, keep, kept, copied, errors, appended },
    events: () => [...kept.values()],
    forward(ms: number) {
      at += ms
    },
  }
}

suite('a query or delete', () => {
  test('is one event, with who, organization, statement, duration and status', async (t) => {
    const { trail, events, copied } = setUp(t)
    trail.note(query())
    trail.note(query({ kind: 'delete', bucketID: BUCKET, statement: '{}', outcome: 'failed', status: 502 }))
    await trail.flush()
    const [first, second] = events()
    assert.equal(first?.event, 'data.query')
    assert.deepEqual(first?.target, { type: 'organization', id: ORG, orgID: ORG })
    assert.deepEqual([first?.actor.userID, first?.actor.userName], [caller.principal.user.id, 'somebody'])
    assert.deepEqual([first?.statement, first?.durationMs, first?.status], ['from(bucket: "b")', 12, 200])
    assert.deepEqual([first?.address, first?.userAgent, first?.requestId], ['192.0.2.7', 'test', 'r-1'])
    assert.equal(first?.time, new Date(START).toISOString())
    assert.deepEqual([second?.event, second?.outcome, second?.status], ['data.delete', 'failed', 502])
    assert.deepEqual(second?.target, { type: 'bucket', id: BUCKET, orgID: ORG })
    assert.deepEqual(copied, events())
    await trail.stop()
  })

  test('keeps the first 4 KiB of the statement, and of a database its name as sent', async (t) => {
    const { trail, events } = setUp(t)
    trail.note(query({ statement: `${'x'.repeat(4095)}🙂` }))
    trail.note(query({ database: 'd'.repeat(200) }))
    await trail.flush()
    const [long, ofDatabase] = events()
    assert.equal(long?.statement, 'x'.repeat(4095))
    assert.deepEqual(ofDatabase?.target, { type: 'database', name: 'd'.repeat(128), orgID: ORG })
    await trail.stop()
  })

  test('has no status and no statement if there is none', async (t) => {
    const { trail, events } = setUp(t)
    trail.note(query({ status: undefined, statement: undefined, outcome: 'failed' }))
    await trail.flush()
    const [event] = events()
    assert.ok(event && !('status' in event) && !('statement' in event))
    await trail.stop()
  })

  test('is written within a second by itself, many in one transaction', async (t) => {
    const { trail, appended } = setUp(t)
    for (let count = 0; count < 5; count++) trail.note(query())
    t.mock.timers.tick(1000)
    await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual(appended, [5])
    await trail.stop()
    assert.deepEqual(appended, [5])
  })

  test('does not wait for the store, also if the store never answers', async (t) => {
    const { trail, state } = setUp(t)
    state.append = () => new Promise(() => {})
    for (let count = 0; count < 500; count++) trail.note(query())
    assert.equal(trail.dropped(), 0)
  })
})

suite('writes', () => {
  test('are one row for each bucket, outcome and minute, without who wrote', async (t) => {
    const { trail, events, forward } = setUp(t)
    for (let count = 0; count < 3; count++) trail.note(write())
    trail.note(write({ bucketID: OTHER_BUCKET }))
    trail.note(write({ outcome: 'failed', status: 400 }))
    await trail.flush()
    trail.note(write())
    forward(MINUTE)
    trail.note(write())
    await trail.flush()
    assert.deepEqual(
      events().map(({ target, outcome, count }) => [target.id, outcome, count]),
      [
        [BUCKET, 'success', 4],
        [OTHER_BUCKET, 'success', 1],
        [BUCKET, 'failed', 1],
        [BUCKET, 'success', 1],
      ],
    )
    const [first] = events()
    assert.deepEqual(
      [first?.event, first?.actor, first?.address, first?.userAgent],
      ['data.write', {}, '', ''],
    )
    assert.ok(first && !('statement' in first) && !('status' in first))
    await trail.stop()
  })

  test('to databases have the name only if InfluxDB took them: the client chooses it', async (t) => {
    const { trail, events } = setUp(t)
    const to = (database: string, outcome: DataUse['outcome']) =>
      trail.note(write({ bucketID: undefined, database, outcome }))
    to('telegraf', 'success')
    for (let count = 0; count < 50; count++) to(`guess ${count}`, 'failed')
    trail.note(write({ orgID: OTHER_ORG, bucketID: undefined, outcome: 'failed' }))
    await trail.flush()
    assert.deepEqual(
      events().map(({ target, count }) => [target.type, target.name ?? target.id, count]),
      [
        ['database', 'telegraf', 1],
        ['organization', ORG, 50],
        ['organization', OTHER_ORG, 1],
      ],
    )
    await trail.stop()
  })

  test('go under no bucket beyond a thousand rows', async (t) => {
    const { trail, events } = setUp(t)
    for (let count = 0; count < 1500; count++) {
      trail.note(write({ bucketID: count.toString(16).padStart(16, '0') as ID }))
    }
    await trail.flush()
    assert.equal(events().length, 1001)
    assert.deepEqual(
      events()
        .filter(({ target }) => target.type === 'instance')
        .map(({ count }) => count),
      [500],
    )
    await trail.stop()
  })
})

suite('a store that is away', () => {
  test('is waited for: nothing is lost that fits into the queue, and nothing is written twice', async (t) => {
    const { trail, state, keep, events, errors, copied } = setUp(t)
    state.append = () => Promise.reject(new Error('away'))
    for (let count = 0; count < 250; count++) trail.note(query({ statement: String(count) }))
    trail.note(write())
    await trail.flush()
    assert.deepEqual([events().length, copied.length], [0, 0])
    assert.match(errors[0]?.message ?? '', /cannot be written yet/)
    state.append = keep
    await trail.stop()
    assert.deepEqual(
      events()
        .filter(({ event }) => event === 'data.query')
        .map(({ statement }) => statement),
      Array.from({ length: 250 }, (_, count) => String(count)),
    )
    assert.equal(events().length, 251)
    assert.equal(copied.length, 251)
  })

  test('fills the queue up to a bound; what does not fit is dropped, counted and logged once a minute', async (t) => {
    const { trail, state, keep, events, errors, forward } = setUp(t, { mostWaiting: 100_000 })
    state.append = () => Promise.reject(new Error('away'))
    const statement = 'x'.repeat(4096)
    for (let count = 0; count < 1000; count++) trail.note(query({ statement }))
    // 100,000 characters hold 19 events of 4096 and 1024 each.
    assert.equal(trail.dropped(), 981)
    for (let second = 0; second < 30; second++) {
      forward(1000)
      await trail.flush()
    }
    const drops = () => errors.filter(({ message }) => /were dropped/.test(message))
    assert.equal(drops().length, 1)
    assert.deepEqual(drops()[0]?.fields, { dropped: 981 })
    trail.note(query({ statement }))
    state.append = keep
    forward(MINUTE)
    await trail.flush()
    assert.deepEqual([events().length, drops().at(-1)?.fields], [19, { dropped: 1 }])
    trail.note(query())
    await trail.stop()
    assert.equal(events().length, 20, 'there is room again')
  })

  test('that is slow gets one portion after another', async (t) => {
    const { trail, state, keep, appended, events } = setUp(t)
    const gates: (() => void)[] = []
    state.append = async (written) => {
      await new Promise<void>((resolve) => gates.push(resolve))
      return keep(written)
    }
    for (let count = 0; count < 350; count++) trail.note(query())
    const flushed = trail.flush()
    for (let count = 0; count < 4; count++) {
      await new Promise((resolve) => setImmediate(resolve))
      assert.equal(gates.length, count + 1)
      gates[count]?.()
    }
    await flushed
    assert.deepEqual([appended, events().length], [[100, 100, 100, 50], 350])
    await trail.stop()
  })
})
