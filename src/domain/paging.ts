import type { Id } from './id.ts'

/** Which part of a list is asked for: `limit` items from `offset`, or those after an id, in id order. */
export interface PageRequest {
  readonly limit: number
  readonly offset: number
  readonly after?: Id | undefined
  readonly descending: boolean
}

const BATCH = 500

/**
 * One page of those items that `visible` lets through: what may not be read is left out before it is
 * counted, so that a page is full whenever there is more to see. Reads in batches, and lets other requests
 * have their turn between two of them.
 */
export async function visiblePage<T extends { readonly id: Id }>(
  list: (page: PageRequest) => Promise<T[]>,
  visible: (item: T) => boolean,
  page: PageRequest,
): Promise<T[]> {
  const found: T[] = []
  let toSkip = page.offset
  let after = page.after
  for (;;) {
    const batch = await list({ limit: BATCH, offset: 0, after, descending: page.descending })
    for (const item of batch) {
      if (!visible(item)) continue
      if (toSkip > 0) toSkip -= 1
      else if (found.push(item) === page.limit) return found
    }
    if (batch.length < BATCH) return found
    after = batch.at(-1)?.id
    await new Promise((resolve) => setImmediate(resolve))
  }
}
