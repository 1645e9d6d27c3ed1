import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { ThrottledList } from '../../src/domain/guessing/throttled-list.ts'

export interface OpenThrottledLists {
  /** Lists that share their entries: one for a single process, one per node for several nodes. */
  open(options: { now: () => number; limit?: number }): readonly ThrottledList[]
}

/** Tests for all lists of throttled addresses. */
export function describeThrottledList(name: string, { open }: OpenThrottledLists): void {
  function setUp(limit?: number) {
    const clock = { at: Date.UTC(2026, 0, 2) }
    const lists = open({ now: () => clock.at, ...(limit ? { limit } : {}) })
    const [first, last] = [lists[0], lists.at(-1)] as [ThrottledList, ThrottledList]
    return { clock, first, last, start: clock.at }
  }

  suite(`list of throttled addresses: ${name}`, () => {
    test('has the noted addresses until they expire, the longest first', async () => {
      const { clock, first, last, start } = setUp()
      assert.deepEqual(await last.list(), [])
      first.note({ scope: 'pair', address: '192.0.2.1', retryAfterSeconds: 10 })
      first.note({ scope: 'address', address: '2001:db8::2', retryAfterSeconds: 60 })
      first.note({ scope: 'pair', address: '192.0.2.1', retryAfterSeconds: 20 })
      await first.list()
      first.note({ scope: 'pair', address: '192.0.2.1', retryAfterSeconds: 5 })
      await first.list()
      assert.deepEqual(await last.list(), [
        { address: '2001:db8::2', scope: 'address', until: start + 60_000 },
        { address: '192.0.2.1', scope: 'pair', until: start + 20_000 },
      ])
      clock.at = start + 20_000
      assert.deepEqual(
        (await last.list()).map(({ address }) => address),
        ['2001:db8::2'],
      )
    })

    test('keeps at most the limit, those that are throttled longest', async () => {
      const { first, last } = setUp(3)
      for (const [index, seconds] of [10, 60, 20, 50, 30, 40].entries()) {
        first.note({ scope: 'pair', address: `192.0.2.${index}`, retryAfterSeconds: seconds })
      }
      await first.list()
      assert.deepEqual(
        (await last.list()).map(({ address }) => address),
        ['192.0.2.1', '192.0.2.3', '192.0.2.5'],
      )
    })
  })
}
