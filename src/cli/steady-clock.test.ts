import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { createSteadyClock } from './steady-clock.ts'

const START = Date.UTC(2026, 0, 2, 3, 4, 5)
const DAY = 86_400_000

/** A clock on a machine whose monotonic clock and system time differ as the test sets them. */
function setUp(t: TestContext, mark?: number) {
  const machine = { passed: 5000.25, system: START }
  t.mock.method(performance, 'now', () => machine.passed)
  t.mock.method(Date, 'now', () => machine.system)
  t.mock.timers.enable({ apis: ['setInterval'] })
  const messages: string[] = []
  const { now, isTrusted } = createSteadyClock({ mark, onMoved: (message) => messages.push(message) })
  /** Advances both clocks by a minute and moves the system's time in addition. */
  function minute(setMs = 0) {
    machine.passed += 60_000
    machine.system += 60_000 + setMs
    t.mock.timers.tick(60_000)
  }
  return { now, isTrusted, machine, messages, minute }
}

suite('the steady clock', () => {
  test("starts with the system's time, in whole milliseconds", (t) => {
    const { now, machine } = setUp(t)
    assert.equal(now(), START)
    machine.passed += 1.5
    assert.equal(now(), START + 1)
  })

  test("keeps its own pace when the system's time is set", (t) => {
    const { now, machine, minute } = setUp(t)
    minute()
    machine.system -= 86_400_000
    assert.equal(now(), START + 60_000)
    machine.system += 10 * 86_400_000
    assert.equal(now(), START + 60_000)
  })

  test('reports once that the two differ, in either direction', (t) => {
    for (const set of [3_600_000, -3_600_000]) {
      const { messages, minute } = setUp(t)
      minute()
      assert.equal(messages.length, 0)
      minute(set)
      minute()
      minute()
      const [message = '', ...others] = messages
      assert.deepEqual(others, [])
      assert.ok(message.startsWith(`the system's clock was moved by ${set / 1000} s;`), message)
      t.mock.reset()
    }
  })

  test('does not report less than a minute', (t) => {
    const { messages, minute } = setUp(t)
    minute(59_000)
    minute()
    assert.deepEqual(messages, [])
  })

  test('continues from the last use of the data if the system was set back, and is trusted', (t) => {
    const { now, isTrusted, machine } = setUp(t, START + 3_600_000)
    assert.deepEqual([now(), isTrusted()], [START + 3_600_000, true])
    machine.passed += 1000
    assert.equal(now(), START + 3_601_000)
  })

  test('reports a start days away from the last use of the data, and is trusted after running for a day', (t) => {
    for (const [days, words] of [
      [730, '730 days after'],
      [-730, '730 days before'],
    ] as const) {
      const { now, isTrusted, machine, messages } = setUp(t, START - days * DAY)
      assert.deepEqual([now(), isTrusted()], [START, false])
      assert.match(messages[0] ?? '', new RegExp(`^the clock is ${words} the last use of the data; `))
      machine.passed += DAY - 1
      assert.equal(isTrusted(), false)
      machine.passed += 1
      assert.equal(isTrusted(), true)
      t.mock.reset()
    }
  })

  test("is not trusted until a restart if the system's time was set in the meantime", (t) => {
    const { isTrusted, minute, machine } = setUp(t, START - 730 * DAY)
    minute(-730 * DAY)
    machine.passed += 2 * DAY
    assert.equal(isTrusted(), false)
  })
})
