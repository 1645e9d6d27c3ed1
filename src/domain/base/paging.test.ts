import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ID } from './id.ts'
import { type PageRequest, visiblePage } from './paging.ts'

interface Item {
  readonly id: ID
  readonly hidden: boolean
}

const idOf = (index: number) => (index + 1).toString(16).padStart(16, '0') as ID

/** A store's list: ordered, from after an id, in the portions that are asked for. */
function listOf(items: readonly Item[], asked: PageRequest[] = []) {
  return async (page: PageRequest): Promise<Item[]> => {
    asked.push(page)
    const { limit, offset, after, descending } = page
    const ordered = descending ? items.toReversed() : items
    const rest = ordered.filter(({ id }) => !after || (descending ? id < after : id > after))
    return rest.slice(offset, offset + limit)
  }
}

/** What a page is, in one line: those that may be seen, from after an id, `limit` of them from `offset`. */
function model(items: readonly Item[], { limit, offset, after, descending }: PageRequest): Item[] {
  return (descending ? items.toReversed() : items)
    .filter(({ id }) => !after || (descending ? id < after : id > after))
    .filter(({ hidden }) => !hidden)
    .slice(offset, offset + limit)
}

test('a page is what a plain list gives, whatever is hidden and however long the list', async () => {
  const lists = fc.tuple(
    fc.constantFrom(0, 1, 20, 499, 500, 501, 1000, 1501),
    fc.constantFrom(0, 0.5, 0.99, 1),
    fc.integer(),
  )
  const pages = fc.record({
    limit: fc.integer({ min: 1, max: 100 }),
    offset: fc.constantFrom(0, 1, 19, 500, 2000),
    after: fc.option(fc.nat({ max: 1600 }).map(idOf), { nil: undefined }),
    descending: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(lists, pages, async ([length, share, seed], page) => {
      // A cheap even spread; the seed decides which ones are hidden.
      const isHidden = (index: number) => ((index * 2654435761 + seed) >>> 0) / 2 ** 32 < share
      const items = Array.from({ length }, (_, index) => ({ id: idOf(index), hidden: isHidden(index) }))
      const found = await visiblePage(listOf(items), ({ hidden }) => !hidden, page)
      assert.deepEqual(found, model(items, page))
    }),
  )
})

test('no more is read than the page needs', async () => {
  const items = Array.from({ length: 2000 }, (_, index) => ({ id: idOf(index), hidden: false }))
  const asked: PageRequest[] = []
  const page = { limit: 20, offset: 490, descending: false }
  await visiblePage(listOf(items, asked), () => true, page)
  assert.equal(asked.length, 2)
})

test('others have their turn while a long list is searched in vain', async () => {
  const items = Array.from({ length: 5000 }, (_, index) => ({ id: idOf(index), hidden: true }))
  let turns = 0
  let searching = true
  const others = (async () => {
    while (searching) {
      await new Promise((resolve) => setImmediate(resolve))
      turns += 1
    }
  })()
  await visiblePage(listOf(items), () => false, { limit: 20, offset: 0, descending: false })
  searching = false
  await others
  assert.ok(turns >= 10, `${turns} turns`)
})
