import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { createIDGenerator } from '../base/id.ts'
import type { AuditEvent } from '../records/audit-event.ts'
import { createAuditBatches } from './refusal-batches.ts'
import type { RefusedEvent } from './refusal-rows.ts'

const MINUTE = 60_000
/** The beginning of a minute. */
const START = Date.UTC(2026, 0, 2, 3, 4)

const refusal = (address: string, more: Partial<RefusedEvent> = {}): RefusedEvent => ({
  ...{ event: 'signin', outcome: 'refused', actor: {}, target: { type: 'user', name: 'ada' } },
  ...{ address, userAgent: 'test', requestId: 'r-1' },
  ...more,
})

/** Batches over a store that `append` replaces where a test says so. */
function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let at = START
  const now = () => at
  const kept = new Map<string, AuditEvent>()
  const copied: AuditEvent[] = []
  const errors: string[] = []
  const keep = async (events: readonly AuditEvent[]) => {
    for (const event of events) kept.set(event.id, event)
    return events
  }
  const state = { append: keep }
  const batches = createAuditBatches({
    append: (events) => state.append(events),
    ...{ ids: createIDGenerator({ now, node: 7 }), now },
    log: { error: (message) => errors.push(message) },
    sink: { write: (events) => copied.push(...events) },
  })
  const rows = () => [...kept.values()].map(({ address, count }) => `${address} ${count}`)
  return {
    ...{ batches, state, keep, kept, copied, errors, rows },
    forward(ms: number) {
      at += ms
    },
  }
}

suite('what is counted', () => {
  test('is one row for each kind, user, route, address and minute, and about the first of them', async (t) => {
    const { batches, kept, forward } = setUp(t)
    forward(1234)
    for (const requestId of ['r-1', 'r-2', 'r-3']) batches.add(refusal('192.0.2.1', { requestId }))
    batches.add(refusal('192.0.2.2'))
    batches.add(refusal('192.0.2.1', { outcome: 'throttled' }))
    batches.add(refusal('192.0.2.1', { event: 'access' }))
    forward(MINUTE)
    batches.add(refusal('192.0.2.1'))
    await batches.flush()
    const rows = [...kept.values()].map((each) => [each.event, each.outcome, each.address, each.count])
    assert.deepEqual(rows, [
      ['signin', 'refused', '192.0.2.1', 3],
      ['signin', 'refused', '192.0.2.2', 1],
      ['signin', 'throttled', '192.0.2.1', 1],
      ['access', 'refused', '192.0.2.1', 1],
      ['signin', 'refused', '192.0.2.1', 1],
    ])
    const [first] = kept.values()
    assert.deepEqual([first?.requestId, first?.time], ['r-1', new Date(START + 1234).toISOString()])
    await batches.stop()
  })

  test('goes on in the same row while its minute lasts, and nothing is written twice', async (t) => {
    const { batches, rows, copied, forward } = setUp(t)
    assert.equal(batches.add(refusal('192.0.2.1')), true)
    await batches.flush()
    await batches.flush()
    assert.equal(batches.add(refusal('192.0.2.1')), false)
    await batches.flush()
    assert.deepEqual(rows(), ['192.0.2.1 2'])
    assert.deepEqual(
      copied.map(({ count }) => count),
      [1, 2],
    )
    forward(MINUTE)
    await batches.flush()
    assert.equal(batches.add(refusal('192.0.2.1')), true, 'a new minute is a new row')
    await batches.stop()
    assert.deepEqual(rows(), ['192.0.2.1 2', '192.0.2.1 1'])
  })

  test('is written once a minute by itself', async (t) => {
    const { batches, rows } = setUp(t)
    batches.add(refusal('192.0.2.1'))
    t.mock.timers.tick(MINUTE)
    await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual(rows(), ['192.0.2.1 1'])
    await batches.stop()
  })

  test('tells users and routes of one address apart, up to a bound, then puts them under the address', async (t) => {
    const { batches, kept } = setUp(t)
    const user = (id: number) => refusal('192.0.2.1', { target: { type: 'user', id: `user ${id}` as never } })
    for (let id = 0; id < 30; id++) for (const _ of [1, 2]) batches.add(user(id))
    batches.add(refusal('192.0.2.1', { event: 'access', target: { type: 'route', name: 'GetUsers' } }))
    batches.add(refusal('192.0.2.2', { event: 'access', target: { type: 'route', name: 'GetUsers' } }))
    batches.add(refusal('192.0.2.2', { event: 'access', target: { type: 'route', name: 'GetOrgs' } }))
    await batches.flush()
    const rows = [...kept.values()].map(({ target, count }) => `${target.id ?? target.name ?? '-'} ${count}`)
    assert.deepEqual(rows, [
      ...Array.from({ length: 20 }, (_, id) => `user ${id} 2`),
      '- 20',
      ...['- 1', 'GetUsers 1', 'GetOrgs 1'],
    ])
    await batches.stop()
  })

  test('is first of its kind, address and minute once, whatever users are named', async (t) => {
    const { batches } = setUp(t)
    const user = (id: string | undefined) =>
      batches.add(refusal('192.0.2.1', { target: { type: 'user', id: id as never } }))
    assert.deepEqual(['a', 'b', undefined, 'a'].map(user), [true, false, false, false])
    await batches.stop()
  })

  test('has an IPv6 network as one address', async (t) => {
    const { batches, rows } = setUp(t)
    for (let host = 1; host <= 3000; host++) batches.add(refusal(`2001:db8:1:2::${host.toString(16)}`))
    batches.add(refusal('2001:db8:1:3::1'))
    await batches.flush()
    assert.deepEqual(rows(), ['2001:db8:1:2::/64 3000', '2001:db8:1:3::/64 1'])
    await batches.stop()
  })

  test('is never much: from ever more addresses it comes under none, minute by minute', async (t) => {
    const { batches, kept, forward } = setUp(t)
    for (let minute = 0; minute < 30; minute++) {
      for (let index = 0; index < 500; index++) {
        const actor = { userID: '00000000000000a1' as never }
        batches.add(refusal(`address ${minute} ${index}`, { actor }))
      }
      await batches.flush()
      assert.equal(kept.size, 201 + minute * 11)
      forward(MINUTE)
    }
    const many = [...kept.values()].find(({ address }) => address === 'many')
    assert.deepEqual([many?.count, many?.actor, many?.userAgent], [300, {}, ''])
    await batches.stop()
  })

  test('keeps no long name, and cuts none within a character', async (t) => {
    const { batches, kept } = setUp(t)
    const name = `n${'🙂'.repeat(100_000)}`
    const cut = `n${'🙂'.repeat(63)}`
    batches.add(
      refusal('192.0.2.1', {
        actor: { userName: name, authorizationDescription: name },
        target: { type: 'route', name, userName: name, orgName: name },
      }),
    )
    await batches.flush()
    const [event] = kept.values()
    assert.deepEqual(event?.actor, { userName: cut, authorizationDescription: cut })
    assert.deepEqual(event?.target, { type: 'route', name: cut, userName: cut, orgName: cut })
    await batches.stop()
  })

  test('has the names of when its row was first written', async (t) => {
    const { batches, state, keep, kept, copied } = setUp(t)
    let name = 'ada'
    const filled = (event: AuditEvent): AuditEvent =>
      event.target.name === undefined ? { ...event, target: { ...event.target, name } } : event
    state.append = (events) => keep(events.map(filled))
    const target = { type: 'user', id: '00000000000000a1' as never }
    batches.add(refusal('192.0.2.1', { target }))
    await batches.flush()
    name = 'lovelace'
    batches.add(refusal('192.0.2.1', { target }))
    await batches.flush()
    assert.deepEqual(
      [...kept.values(), ...copied].map((each) => `${each.target.name} ${each.count}`),
      ['ada 2', 'ada 1', 'ada 2'],
    )
    await batches.stop()
  })
})

suite('a store that is away', () => {
  test('is waited for with no more than so many rows', async (t) => {
    const { batches, state, keep, kept, forward } = setUp(t)
    state.append = () => Promise.reject(new Error('away'))
    for (let minute = 0; minute < 300; minute++) {
      for (let index = 0; index < 20; index++) batches.add(refusal(`address ${minute} ${index}`))
      forward(MINUTE)
    }
    state.append = keep
    await batches.flush()
    const alone = [...kept.values()].filter(({ address }) => address !== 'many')
    assert.ok(alone.length <= 1000, String(alone.length))
    assert.equal(
      [...kept.values()].reduce((sum, { count }) => sum + count, 0),
      6000,
    )
    await batches.stop()
  })

  test('loses nothing: it is written when the store is back, also when that is at the end', async (t) => {
    const { batches, state, keep, rows, copied, errors, forward } = setUp(t)
    state.append = () => Promise.reject(new Error('away'))
    batches.add(refusal('192.0.2.1'))
    await batches.flush()
    batches.add(refusal('192.0.2.1'))
    forward(10 * MINUTE)
    await batches.flush()
    assert.deepEqual([rows(), copied, errors.length], [[], [], 2])
    state.append = keep
    await batches.stop()
    assert.deepEqual(rows(), ['192.0.2.1 2'])
  })

  test('what is counted while rows are being written is not lost', async (t) => {
    const { batches, state, keep, rows, copied, forward } = setUp(t)
    const { promise, resolve } = Promise.withResolvers<void>()
    state.append = async (events) => {
      await promise
      return keep(events)
    }
    batches.add(refusal('192.0.2.1'))
    const flushing = batches.flush()
    batches.add(refusal('192.0.2.1'))
    forward(MINUTE)
    resolve()
    await flushing
    assert.deepEqual(rows(), ['192.0.2.1 1'])
    await batches.flush()
    assert.deepEqual(rows(), ['192.0.2.1 2'])
    assert.deepEqual(
      copied.map(({ count }) => count),
      [1, 2],
    )
    await batches.stop()
  })
})
