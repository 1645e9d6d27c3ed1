import assert from 'node:assert/strict'
import { test } from 'node:test'
import { numberTicks, timeTicks } from './ticks.ts'

test('numbers are round, whole, and reach the largest', () => {
  assert.deepEqual(numberTicks(4, 4), [0, 1, 2, 3, 4])
  assert.deepEqual(numberTicks(1, 4), [0, 1])
  assert.deepEqual(numberTicks(17, 4), [0, 5, 10, 15, 20])
  assert.deepEqual(numberTicks(1000, 4), [0, 500, 1000])
  for (const most of [2, 7, 99, 101, 12_345]) {
    const ticks = numberTicks(most, 4)
    assert.ok((ticks.at(-1) ?? 0) >= most && ticks.length <= 6, `${most}: ${ticks}`)
  }
})

test('times are on whole hours or midnights, evenly apart, across the ends of months', () => {
  const start = new Date(2026, 9, 27, 3, 30).getTime()
  const hours = timeTicks(start, start + 24 * 3_600_000, 8)
  assert.deepEqual(
    hours.map((each) => each.getHours()),
    [6, 9, 12, 15, 18, 21, 0, 3],
  )
  const month = timeTicks(start, start + 30 * 24 * 3_600_000, 8)
  assert.ok(month.length <= 8 && month.length >= 4, `${month}`)
  assert.ok(month.every((each) => each.getHours() === 0))
  const apart = month
    .slice(1)
    .map((each, at) => Math.round((each.getTime() - (month[at]?.getTime() ?? 0)) / 86_400_000))
  assert.equal(new Set(apart).size, 1)
})
