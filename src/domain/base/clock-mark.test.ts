import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { startOfClock } from './clock-mark.ts'

const MARK = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
const DAY = 86_400_000

suite('the clock at the start', () => {
  test('is the system’s where there is no mark, and where it has gone on for a day at most', () => {
    assert.deepEqual(startOfClock(MARK, undefined), { at: MARK, isDoubtful: false })
    for (const ms of [0, 1, DAY]) {
      assert.deepEqual(startOfClock(MARK + ms, MARK), { at: MARK + ms, isDoubtful: false })
    }
  })

  test('goes on from the mark where it was set back by a day at most', () => {
    for (const ms of [1, 3_600_000, DAY]) {
      assert.deepEqual(startOfClock(MARK - ms, MARK), { at: MARK, isDoubtful: false })
    }
  })

  test('is the system’s and doubtful where it is more than a day away, before or after', () => {
    for (const ms of [DAY + 1, 730 * DAY, -DAY - 1, -730 * DAY]) {
      assert.deepEqual(startOfClock(MARK + ms, MARK), { at: MARK + ms, isDoubtful: true })
    }
  })
})
