import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { createExpiryQueue } from './expiry-queue.ts'

const SECOND = 1000
const YEAR = 365 * 86_400 * SECOND

interface Item {
  expiresAt: number
}

/** A queue whose clock and whose timer the test moves. */
function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const clock = { at: Date.UTC(2026, 0, 1) }
  const held = new Set<Item>()
  const queue = createExpiryQueue<Item>({
    now: () => clock.at,
    isHeld: (item) => held.has(item),
    expire: (item) => held.delete(item),
  })
  t.after(() => queue.stop())
  function add(inMs: number): Item {
    const item = { expiresAt: clock.at + inMs }
    held.add(item)
    queue.add(item)
    return item
  }
  /** Lets the timer fire and whatever it leaves for later turns be done. */
  async function sweep() {
    t.mock.timers.tick(SECOND)
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
  return { clock, held, queue, add, sweep }
}

suite('expiry queue', () => {
  test('what is over is dropped without being asked for, what is not stays', async (t) => {
    const { clock, held, add, sweep } = setUp(t)
    add(1)
    add(5 * SECOND)
    const later = add(20 * SECOND)
    clock.at += 10 * SECOND
    await sweep()
    assert.deepEqual([...held], [later])
    clock.at += 11 * SECOND
    await sweep()
    assert.equal(held.size, 0)
  })

  test('what was renewed lives on, and ends when its new time is over', async (t) => {
    const { clock, held, add, sweep } = setUp(t)
    const item = add(5 * SECOND)
    for (let count = 0; count < 5; count++) {
      item.expiresAt = clock.at + 5 * SECOND
      clock.at += 4 * SECOND
      await sweep()
      assert.ok(held.has(item))
    }
    clock.at += 6 * SECOND
    await sweep()
    assert.equal(held.size, 0)
  })

  test('nothing is dropped before its time, to the millisecond', async (t) => {
    const { clock, held, add, sweep } = setUp(t)
    const item = add(1500)
    clock.at = item.expiresAt - 1
    await sweep()
    assert.ok(held.has(item))
  })

  test('what is over before it is added is dropped too', async (t) => {
    const { clock, held, add, sweep } = setUp(t)
    for (let seconds = 10; seconds < 20; seconds++) add(seconds * SECOND)
    const over = add(-5 * SECOND)
    clock.at += 2 * SECOND
    await sweep()
    assert.ok(!held.has(over))
    assert.equal(held.size, 10)
  })

  test('what is no longer held is passed over', async (t) => {
    const { clock, held, add, sweep } = setUp(t)
    const [ended, other] = [add(SECOND), add(SECOND)]
    held.delete(ended)
    clock.at += 3 * SECOND
    await sweep()
    assert.ok(!held.has(other))
  })

  test('a clock that jumps two years ahead ends everything, and what comes later in its time', async (t) => {
    const { clock, held, add, sweep } = setUp(t)
    for (let count = 0; count < 200_000; count++) add(count * SECOND)
    clock.at += 2 * YEAR
    await sweep()
    while (held.size > 0) await new Promise((resolve) => setImmediate(resolve))
    add(SECOND)
    clock.at += 3 * SECOND
    await sweep()
    await sweep()
    assert.equal(held.size, 0)
  })

  test('a clock that is set back two years keeps what lives on and still drops what comes later', async (t) => {
    const { clock, held, add, sweep } = setUp(t)
    const old = add(60 * SECOND)
    clock.at += 5 * SECOND
    await sweep()
    clock.at -= 2 * YEAR
    const beforeSweep = add(10 * SECOND)
    await sweep()
    const afterSweep = add(10 * SECOND)
    clock.at += 13 * SECOND
    await sweep()
    await sweep()
    assert.ok(!held.has(beforeSweep) && !held.has(afterSweep), 'dropped by the clock there is')
    assert.ok(held.has(old))
    clock.at += 2 * YEAR + 60 * SECOND
    await sweep()
    assert.equal(held.size, 0)
  })

  test('100,000 that end at once are dropped in portions, with other work in between', async (t) => {
    const { clock, held, add } = setUp(t)
    for (let count = 0; count < 100_000; count++) add(SECOND)
    clock.at += 3 * SECOND
    t.mock.timers.tick(SECOND)
    const sizes = [held.size]
    while (held.size > 0) {
      await new Promise((resolve) => setImmediate(resolve))
      sizes.push(held.size)
    }
    const largest = Math.max(...sizes.slice(1).map((size, index) => (sizes[index] as number) - size))
    assert.ok(largest <= 1000, `${largest} without a pause`)
  })

  test('whatever the clock does: nothing ends early, and nothing is forgotten', async (t) => {
    const jumps = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -1e9, max: 1e9 }))
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), jumps, fc.boolean()), { maxLength: 40 })
    const { clock, held, add, sweep } = setUp(t)
    await fc.assert(
      fc.asyncProperty(steps, async (commands) => {
        const items: Item[] = []
        let newest = clock.at
        for (const [lifetime, jump, renew] of commands) {
          const item = add(lifetime * SECOND)
          items.push(item)
          const first = items[0]
          if (renew && first && held.has(first)) first.expiresAt = Math.max(first.expiresAt, clock.at + 5000)
          clock.at += jump * SECOND
          newest = Math.max(newest, clock.at)
          await sweep()
          for (const each of items) assert.ok(held.has(each) || each.expiresAt <= newest)
        }
        clock.at = Math.max(newest, ...items.map(({ expiresAt }) => expiresAt)) + 2 * SECOND
        await sweep()
        await sweep()
        assert.equal(held.size, 0)
      }),
    )
  })

  test('one that was stopped drops nothing more', async (t) => {
    const { clock, held, queue, add, sweep } = setUp(t)
    for (let count = 0; count < 1500; count++) add(SECOND)
    clock.at += 3 * SECOND
    t.mock.timers.tick(SECOND)
    queue.stop()
    const left = held.size
    await sweep()
    assert.equal(held.size, left)
    assert.ok(left > 0)
  })
})
