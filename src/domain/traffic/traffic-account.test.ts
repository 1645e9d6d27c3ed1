import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { ID } from '../base/id.ts'
import { createTrafficAccount, type TrafficUse } from './traffic-account.ts'
import { createTrafficSeries, type TrafficCounts } from './traffic-series.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** The beginning of an hour. */
const START = Date.UTC(2026, 0, 2, 3)

const idOf = (number: number) => number.toString(16).padStart(16, '0') as ID
const [ORG, USER, TOKEN] = [idOf(0xc1), idOf(0xa1), idOf(0xd1)]
const NOTHING: TrafficCounts = { requests: 0, refused: 0, errors: 0, bytesIn: 0, bytesOut: 0 }
const ONE: TrafficCounts = { ...NOTHING, requests: 1, bytesIn: 10, bytesOut: 20 }

const use = (more: Partial<TrafficUse> = {}): TrafficUse => ({
  ...{ orgID: ORG, userID: USER, authorizationID: TOKEN, status: 204, isCutOff: false },
  ...{ bytesIn: 10, bytesOut: 20 },
  ...more,
})

function setUp(mostKept?: number) {
  let at = START
  const account = createTrafficAccount({ now: () => at, ...(mostKept ? { mostKept } : {}) })
  return {
    account,
    forward(ms: number) {
      at += ms
    },
  }
}

suite('a series', () => {
  test('that was reset reads as a new one, whatever it counted before', () => {
    for (const gaps of [[0], [MINUTE, MINUTE], [59 * MINUTE, MINUTE, HOUR], [30 * HOUR, 25 * HOUR]]) {
      const series = createTrafficSeries()
      let at = START
      for (const gap of gaps) {
        at += gap
        series.add(at, ONE)
      }
      series.reset()
      assert.deepEqual(series.read(at), createTrafficSeries().read(at))
      const fresh = createTrafficSeries()
      for (const each of [series, fresh]) each.add(at + MINUTE, ONE)
      assert.deepEqual(series.read(at + MINUTE), fresh.read(at + MINUTE))
    }
  })

  test('has a point for each minute of an hour and each hour of a day, without gaps', () => {
    const series = createTrafficSeries()
    series.add(START, ONE)
    series.add(START + 59_999, ONE)
    series.add(START + 2 * MINUTE, ONE)
    const { lastHour, lastDay } = series.read(START + 3 * MINUTE)
    assert.deepEqual([lastHour.points.length, lastDay.points.length], [60, 24])
    assert.deepEqual([lastHour.bucketMs, lastDay.bucketMs], [MINUTE, HOUR])
    assert.deepEqual(
      lastHour.points.slice(-4).map(({ start, requests }) => [(start - START) / MINUTE, requests]),
      [
        [0, 2],
        [1, 0],
        [2, 1],
        [3, 0],
      ],
    )
    assert.deepEqual(lastHour.total, { ...NOTHING, requests: 3, bytesIn: 30, bytesOut: 60 })
    assert.deepEqual(lastDay.points.at(-1), { start: START, ...lastHour.total })
  })

  test('forgets each minute after an hour and each hour after a day, also if nothing comes any more', () => {
    const series = createTrafficSeries()
    series.add(START, ONE)
    const requests = (at: number) => {
      const { lastHour, lastDay } = series.totals(at)
      return [lastHour.requests, lastDay.requests]
    }
    assert.deepEqual(requests(START + HOUR - 1), [1, 1])
    assert.deepEqual(requests(START + HOUR), [0, 1])
    assert.deepEqual(requests(START + 24 * HOUR - 1), [0, 1])
    assert.deepEqual(requests(START + 24 * HOUR), [0, 0])
    series.add(START + HOUR, ONE)
    assert.deepEqual(requests(START + HOUR), [1, 2])
    series.add(START + 100 * HOUR, ONE)
    assert.deepEqual(requests(START + 100 * HOUR), [1, 1])
  })

  test('counts on under a clock that was set back', () => {
    const series = createTrafficSeries()
    series.add(START + 5 * MINUTE, ONE)
    series.add(START, ONE)
    assert.equal(series.totals(START + 5 * MINUTE).lastHour.requests, 2)
  })
})

suite('the account', () => {
  test('is kept by organization, user and token, and in all', () => {
    const { account } = setUp()
    account.note(use())
    account.note(use({ authorizationID: undefined }))
    account.note(use({ orgID: undefined, userID: undefined, authorizationID: undefined, status: 401 }))
    assert.deepEqual([account.total().lastDay.requests, account.ofUser(USER).lastDay.total.requests], [3, 2])
    assert.equal(account.ofToken(TOKEN).lastHour.total.requests, 1)
    assert.deepEqual(
      account.organizations().map(({ id, lastHour }) => [id, lastHour.requests]),
      [[ORG, 2]],
    )
    assert.deepEqual(account.ofUser(idOf(9)).lastHour.total, NOTHING)
    assert.equal(account.since, START)
  })

  test('tells refusals and errors from answers', () => {
    const { account } = setUp()
    for (const status of [200, 204, 302, 401, 403, 429, 400, 404, 503, 0]) account.note(use({ status }))
    account.note(use({ status: 200, isCutOff: true }))
    account.note(use({ status: 403, isCutOff: true }))
    const { requests, refused, errors } = account.total().lastHour
    assert.deepEqual([requests, refused, errors], [12, 4, 5])
  })

  test('keeps so many of each kind, and forgets one that was idle for long', () => {
    const { account, forward } = setUp(3)
    const note = (number: number) => {
      forward(1)
      account.note(use({ orgID: idOf(number), authorizationID: idOf(number) }))
    }
    const ids = (found: readonly { id: ID }[]) => found.map(({ id }) => id).toSorted()
    for (const number of [1, 2, 3, 4, 3, 5]) note(number)
    assert.deepEqual(ids(account.organizations()), [idOf(3), idOf(4), idOf(5)])
    assert.deepEqual(ids(account.tokens()), [idOf(3), idOf(4), idOf(5)])
    assert.equal(account.total().lastHour.requests, 6)
    assert.equal(account.ofUser(USER).lastHour.total.requests, 6)
    assert.equal(account.ofToken(idOf(3)).lastHour.total.requests, 2)
    // What the slot counted for another token is forgotten with it.
    assert.equal(account.ofToken(idOf(5)).lastHour.total.requests, 1)
    for (let number = 6; number < 100; number += 1) note(number)
    for (const { lastDay } of account.tokens()) assert.equal(lastDay.requests, 1)
  })
})
