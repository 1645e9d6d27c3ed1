/**
 * Calls `each` for the items in their order, for at most `lanes` of them at a time. Rejects with the first failure, after
 * which it begins no further item.
 */
export async function inLanes<T>(
  items: readonly T[],
  lanes: number,
  each: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0
  async function lane(): Promise<void> {
    while (next < items.length) {
      const at = next
      next += 1
      await each(items[at] as T)
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane))
  } finally {
    next = items.length
  }
}
