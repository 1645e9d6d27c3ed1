import type { Id } from '../id.ts'
import type { MaybePromise } from '../maybe-promise.ts'

export interface FreshCache<T> {
  /** What is kept, at once; what must be loaded, later. */
  get(key: string): MaybePromise<T | undefined>
  /** Drops all that depends on this user. What begins after this returns sees the store anew. */
  forget(userID: Id): void
}

/**
 * Keeps loaded values until a user on whom they depend changes. A load that was under way when anything
 * changed still answers those who waited for it, but is not kept, and nobody new joins it: it may have read
 * the store before the change.
 */
export function createFreshCache<T>(options: {
  load: (key: string) => Promise<T | undefined>
  userOf: (value: T) => Id
  /** Whether what is kept still holds, though nothing was changed: time passes, too. */
  isValid: (value: T) => boolean
  /** How many values are kept; the oldest goes first. */
  limit: number
}): FreshCache<T> {
  const kept = new Map<string, T>()
  const keysOfUser = new Map<Id, Set<string>>()
  let loading = new Map<string, Promise<T | undefined>>()
  let generation = 0

  function drop(key: string, userID: Id): void {
    kept.delete(key)
    const keys = keysOfUser.get(userID)
    keys?.delete(key)
    if (keys?.size === 0) keysOfUser.delete(userID)
  }

  function keep(key: string, value: T): void {
    kept.set(key, value)
    const userID = options.userOf(value)
    const keys = keysOfUser.get(userID)
    if (keys) keys.add(key)
    else keysOfUser.set(userID, new Set([key]))
    if (kept.size > options.limit) {
      const [oldest] = kept
      if (oldest) drop(oldest[0], options.userOf(oldest[1]))
    }
  }

  async function load(key: string): Promise<T | undefined> {
    const started = generation
    const mine = loading
    try {
      const value = await options.load(key)
      if (value !== undefined && started === generation) keep(key, value)
      return value
    } finally {
      mine.delete(key)
    }
  }

  return {
    get(key) {
      const value = kept.get(key)
      if (value !== undefined && options.isValid(value)) return value
      let pending = loading.get(key)
      if (!pending) {
        pending = load(key)
        loading.set(key, pending)
      }
      return pending
    },
    forget(userID) {
      generation += 1
      loading = new Map()
      for (const key of keysOfUser.get(userID) ?? []) kept.delete(key)
      keysOfUser.delete(userID)
    },
  }
}
