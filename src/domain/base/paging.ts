import type { ID } from './id.ts'

/** Which part of a list is asked for: `limit` items from `offset`, or those after an id, in id order. */
export interface PageRequest {
  readonly limit: number
  readonly offset: number
  readonly after?: ID | undefined
  readonly descending: boolean
}

const BATCH = 500

/** The whole list, in id order. */
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
 * One page of the items that match, and the item after which to continue; undefined at the end. It examines at most
 * `most` items, so a page may be empty before the end. It reads in batches, and lets other requests run between two
 * of them.
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
