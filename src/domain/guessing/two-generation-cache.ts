/** Values that may be forgotten: all of them at some time, the oldest ones before that. */

export interface TwoGenerationCache<T> {
  get(key: string): T | undefined
  /** Keeps what is not kept yet, as the newest, at least until `endsAt` if there is room. */
  keep(key: string, value: T, endsAt: number, at: number): void
  drop(key: string): void
  size(): number
}

/**
 * Keeps at most `limit` values. They are forgotten by generations, the older half at once, when all of it is
 * over or when the newer half is full: nothing is ever searched for the oldest. (A `Map` used as a queue is
 * slow at that: to take the first of 100,000 costs 90 us, since it steps over those taken before.)
 */
export function createTwoGenerationCache<T>(limit: number): TwoGenerationCache<T> {
  const half = Math.max(Math.floor(limit / 2), 1)
  let older = new Map<string, T>()
  let newer = new Map<string, T>()
  /** When the last of each has ended. */
  let olderEndsAt = 0
  let newerEndsAt = 0

  return {
    get: (key) => newer.get(key) ?? older.get(key),
    keep(key, value, endsAt, at) {
      if (newer.size >= half || olderEndsAt <= at) {
        older = newer
        olderEndsAt = newerEndsAt
        newer = new Map()
        newerEndsAt = 0
      }
      newer.set(key, value)
      newerEndsAt = Math.max(newerEndsAt, endsAt)
    },
    drop(key) {
      newer.delete(key)
      older.delete(key)
    },
    size: () => newer.size + older.size,
  }
}
