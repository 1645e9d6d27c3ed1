import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createThrottledList } from './throttled-list.ts'

test('lists whom it was told of until their time is over, the longest first', () => {
  let at = 1000
  const list = createThrottledList({ now: () => at })
  list.note({ scope: 'pair', address: '192.0.2.1', retryAfterSeconds: 10 })
  list.note({ scope: 'address', address: '192.0.2.2', retryAfterSeconds: 60 })
  list.note({ scope: 'pair', address: '192.0.2.1', retryAfterSeconds: 20 })
  list.note({ scope: 'pair', address: '192.0.2.1', retryAfterSeconds: 5 })
  assert.deepEqual(list.list(), [
    { address: '192.0.2.2', scope: 'address', until: 61_000 },
    { address: '192.0.2.1', scope: 'pair', until: 21_000 },
  ])
  at = 21_000
  assert.deepEqual(
    list.list().map(({ address }) => address),
    ['192.0.2.2'],
  )
})

test('keeps no more than it may, the newest', () => {
  const list = createThrottledList({ now: () => 0, limit: 3 })
  for (let count = 0; count < 10; count += 1) {
    list.note({ scope: 'pair', address: `192.0.2.${count}`, retryAfterSeconds: 10 })
  }
  assert.deepEqual(
    list
      .list()
      .map(({ address }) => address)
      .toSorted(),
    ['192.0.2.7', '192.0.2.8', '192.0.2.9'],
  )
})
