import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { ID } from '../../src/domain/base/id.ts'
import type { ThrottledList } from '../../src/domain/guessing/throttled-list.ts'

const ADA = '00000000000000a1' as ID

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
      const pair = { scope: 'pair', key: 'p', address: '192.0.2.1', userID: ADA } as const
      first.note({ ...pair, retryAfterSeconds: 10 })
      first.note({
        scope: 'address',
        key: 'address:2001:db8::2',
        address: '2001:db8::2',
        retryAfterSeconds: 60,
      })
      first.note({ ...pair, retryAfterSeconds: 20 })
      await first.list()
      first.note({ ...pair, retryAfterSeconds: 5 })
      await first.list()
      assert.deepEqual(await last.list(), [
        { address: '2001:db8::2', scope: 'address', key: 'address:2001:db8::2', until: start + 60_000 },
        { address: '192.0.2.1', scope: 'pair', key: 'p', userID: ADA, until: start + 20_000 },
      ])
      clock.at = start + 20_000
      assert.deepEqual(
        (await last.list()).map(({ address }) => address),
        ['2001:db8::2'],
      )
    })

    test('what is removed on one node is removed with all addresses of its key, and nothing else', async () => {
      const { first, last } = setUp()
      for (const address of ['192.0.2.1', '192.0.2.2']) {
        first.note({ scope: 'user', key: 'user:a', address, userID: ADA, retryAfterSeconds: 10 })
      }
      first.note({ scope: 'pair', key: 'pair:user:a', address: '192.0.2.3', retryAfterSeconds: 5 })
      first.note({ scope: 'pair', key: 'xuser:a', address: '192.0.2.4', retryAfterSeconds: 4 })
      await first.list()
      await last.remove('user:a')
      assert.deepEqual(
        (await first.list()).map(({ address }) => address),
        ['192.0.2.3', '192.0.2.4'],
      )
    })

    test('keeps at most the limit, those that are throttled longest', async () => {
      const { first, last } = setUp(3)
      for (const [index, seconds] of [10, 60, 20, 50, 30, 40].entries()) {
        const address = `192.0.2.${index}`
        first.note({ scope: 'pair', key: address, address, retryAfterSeconds: seconds })
      }
      await first.list()
      assert.deepEqual(
        (await last.list()).map(({ address }) => address),
        ['192.0.2.1', '192.0.2.3', '192.0.2.5'],
      )
    })
  })
}
