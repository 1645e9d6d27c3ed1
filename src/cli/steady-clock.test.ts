import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { createSteadyClock } from './steady-clock.ts'

const START = Date.UTC(2026, 0, 2, 3, 4, 5)

/** A clock on a machine whose own clock and whose system's time move apart as the test says. */
function setUp(t: TestContext) {
  const machine = { passed: 5000.25, system: START }
  t.mock.method(performance, 'now', () => machine.passed)
  t.mock.method(Date, 'now', () => machine.system)
  t.mock.timers.enable({ apis: ['setInterval'] })
  const messages: string[] = []
  const now = createSteadyClock({ onMoved: (message) => messages.push(message) })
  /** A minute passes; the system's time is set by so much. */
  function minute(setMs = 0) {
    machine.passed += 60_000
    machine.system += 60_000 + setMs
    t.mock.timers.tick(60_000)
  }
  return { now, machine, messages, minute }
}

suite('the steady clock', () => {
  test('begins with the time of the system, in whole milliseconds', (t) => {
    const { now, machine } = setUp(t)
    assert.equal(now(), START)
    machine.passed += 1.5
    assert.equal(now(), START + 1)
  })

  test('goes on at its own pace, wherever the system is set', (t) => {
    const { now, machine, minute } = setUp(t)
    minute()
    machine.system -= 86_400_000
    assert.equal(now(), START + 60_000)
    machine.system += 10 * 86_400_000
    assert.equal(now(), START + 60_000)
  })

  test('says once that the two have come apart, forward or back', (t) => {
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

  test('says nothing of less than a minute', (t) => {
    const { messages, minute } = setUp(t)
    minute(59_000)
    minute()
    assert.deepEqual(messages, [])
  })
})
