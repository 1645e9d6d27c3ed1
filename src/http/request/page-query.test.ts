import assert from 'node:assert/strict'
import { test } from 'node:test'
import { durationText } from '../api/routes/system.ts'
import { pageRequest, toID } from './page-query.ts'

test('a page without a query: the first twenty, ascending', () => {
  assert.deepEqual(pageRequest({}), { limit: 20, offset: 0, after: undefined, descending: false })
})

test('a negative offset counts as 0, an id is read in either case', () => {
  const query = { limit: 5, offset: -3, after: '00000000000000AB', descending: true }
  const expected = { limit: 5, offset: 0, after: '00000000000000ab', descending: true }
  assert.deepEqual(pageRequest(query), expected)
  assert.equal(toID(undefined), undefined)
})

test('a duration is written as Go writes it', () => {
  const written: [ms: number, text: string][] = [
    [0, '0s'],
    [2910, '2.91s'],
    [59_999, '59.999s'],
    [60_000, '1m0s'],
    [242_500, '4m2.5s'],
    [3_600_000, '1h0m0s'],
    [97_201_000, '27h0m1s'],
  ]
  for (const [ms, text] of written) assert.equal(durationText(ms), text)
})
