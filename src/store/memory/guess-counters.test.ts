import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { describeGuessCounters } from '../../../test/store-conformance/guess-counters.conformance.ts'
import { times, turn } from '../../../test/support/guessing.ts'
import type { GuessClaim, GuessOutcome } from '../../domain/guessing/guess-counters.ts'
import { createMemoryGuessCounters } from './guess-counters.ts'

const WINDOW_MS = 1000

function counting(limit: number) {
  const counters = createMemoryGuessCounters({ limit })
  const claim = (key: string): GuessClaim => ({
    key,
    scope: 'address',
    rule: { free: 1, windowMs: WINDOW_MS },
  })
  const take = async (key: string, at: number) => {
    const answer = await counters.reserve([claim(key)], at)
    return answer.kind === 'place' ? answer : assert.fail(`${key} is throttled`)
  }
  return {
    counters,
    take,
    settle: async (key: string, outcome: GuessOutcome, at: number) =>
      (await take(key, at)).settle(outcome, at),
    isThrottled: async (key: string, at: number) => {
      const answer = await counters.reserve([claim(key)], at)
      if (answer.kind === 'place') await answer.settle('undecided', at)
      return answer.kind === 'throttled'
    },
  }
}

describeGuessCounters('memory', {
  open: async () => [createMemoryGuessCounters()],
  settled: turn,
  runs: 300,
})

suite('guess counters in memory', () => {
  test('a flood of keys pushes out the oldest, not the newest, and memory stays bounded', async () => {
    const { counters, settle, isThrottled } = counting(100)
    for (const key of times(1000, (index) => `key ${index}`)) {
      await settle(key, 'wrong', 0)
      assert.ok(counters.size() <= 100, `${counters.size()} kept`)
    }
    assert.equal(await isThrottled('key 999', 1), true)
    assert.equal(await isThrottled('key 951', 1), true)
    assert.equal(await isThrottled('key 0', 1), false)
  })

  test('no flood pushes out a try that is in flight', async () => {
    const { take, settle, isThrottled } = counting(10)
    const place = await take('victim', 0)
    for (const key of times(100, (index) => `key ${index}`)) await settle(key, 'wrong', 0)
    await place.settle('wrong', 0)
    assert.equal(await isThrottled('victim', 1), true)
  })

  test('windows that are over leave nothing behind once others fail', async () => {
    const { counters, settle } = counting(1000)
    for (const key of times(300, (index) => `key ${index}`)) await settle(key, 'wrong', 0)
    assert.equal(counters.size(), 300)
    for (const round of [1, 2, 3]) await settle(`late ${round}`, 'wrong', round * WINDOW_MS)
    assert.ok(counters.size() <= 3, `${counters.size()} kept`)
  })

  test('tries that came to nothing leave nothing behind', async () => {
    const { counters, settle } = counting(1000)
    for (const outcome of ['right', 'undecided'] as const) await settle(outcome, outcome, 0)
    assert.equal(counters.size(), 0)
  })
})
