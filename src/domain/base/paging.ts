import type { ID } from './id.ts'

/** Which part of a list is asked for: `limit` items from `offset`, or those after an id, in id order. */
export interface PageRequest {
  readonly limit: number
  readonly offset: number
  readonly after?: ID | undefined
  readonly descending: boolean
}

const BATCH = 500

/** Whatever there is, in id order. */
export const ALL: PageRequest = { limit: Number.POSITIVE_INFINITY, offset: 0, descending: false }

/**
 * One page of those items that `visible` lets through: what may not be read is left out before it is
 * counted, so that a page is full whenever there is more to see.
 */
export async function visiblePage<T extends { readonly id: ID }>(
  list: (page: PageRequest) => Promise<T[]>,
  visible: (item: T) => boolean,
  page: PageRequest,
): Promise<T[]> {
  return (await searchedPage(list, visible, page)).found
}

/**
 * One page of those items that match, and after which item to go on; undefined where there is no more. It looks at
 * `most` items and no more, so it may find nothing yet. Reads in batches, and lets other requests have their turn
 * between two of them.
 */
export async function searchedPage<T extends { readonly id: ID }>(
  list: (page: PageRequest) => Promise<T[]>,
  matches: (item: T) => boolean,
  { limit: wanted, offset, after, descending }: PageRequest,
  most = Number.POSITIVE_INFINITY,
): Promise<{ found: T[]; next: ID | undefined }> {
  const found: T[] = []
  let toSkip = offset
  let next = after
  for (let looked = 0; looked < most; ) {
    const limit = Math.min(BATCH, most - looked)
    const batch = await list({ limit, offset: 0, after: next, descending })
    for (const item of batch) {
      next = item.id
      if (!matches(item)) continue
      if (toSkip > 0) toSkip -= 1
      else if (found.push(item) === wanted) return { found, next }
    }
    if (batch.length < limit) return { found, next: undefined }
    looked += limit
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { found, next }
}
