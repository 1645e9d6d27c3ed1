import type { ID } from '../base/id.ts'
import type { MaybePromise } from '../base/maybe-promise.ts'
import type { Stamp } from '../records/stamps.ts'

/** `D` is what a load needs besides the key; the same for every get of a key. */
export interface FreshCache<T, D = void> {
  /** Returns the value at once if it is cached under this stamp, else a promise of the loaded one. */
  get(key: string, stamp: Stamp, detail: D): MaybePromise<T | undefined>
  /** Returns the cached value, whatever its stamp. */
  peek(key: string): T | undefined
  /** Drops all values that depend on this user. Requests that begin afterwards read the store. */
  forget(userID: ID): void
  forgetAll(): void
}

/**
 * Caches loaded values until the user on whom they depend changes. If anything changes during a load, the requests
 * that wait for that load still get its value, but the value is not cached and no later request joins the load: it
 * may have read the store before the change. Changes by other nodes show in the stamp, so read the stamp before
 * calling `get`.
 */
export function createFreshCache<T, D = void>(options: {
  load: (key: string, detail: D) => Promise<T | undefined>
  userOf: (value: T) => ID
  /** Whether a cached value is still valid: it may expire without any change. */
  isValid: (value: T) => boolean
  /** How many values are cached; the oldest is dropped first. */
  limit: number
}): FreshCache<T, D> {
  const kept = new Map<string, { readonly value: T; readonly stamp: Stamp }>()
  const keysOfUser = new Map<ID, Set<string>>()
  let loading = new Map<string, Promise<T | undefined>>()
  let generation = 0

  function drop(key: string, userID: ID): void {
    kept.delete(key)
    const keys = keysOfUser.get(userID)
    keys?.delete(key)
    if (keys?.size === 0) keysOfUser.delete(userID)
  }

  function keep(key: string, value: T, stamp: Stamp): void {
    kept.set(key, { value, stamp })
    const userID = options.userOf(value)
    const keys = keysOfUser.get(userID)
    if (keys) keys.add(key)
    else keysOfUser.set(userID, new Set([key]))
    if (kept.size > options.limit) {
      const [oldest] = kept
      if (oldest) drop(oldest[0], options.userOf(oldest[1].value))
    }
  }

  async function load(key: string, stamp: Stamp, detail: D, joined: string): Promise<T | undefined> {
    const started = generation
    const mine = loading
    try {
      const value = await options.load(key, detail)
      if (value !== undefined && started === generation) keep(key, value, stamp)
      return value
    } finally {
      mine.delete(joined)
    }
  }

  return {
    get(key, stamp, detail) {
      if (stamp === null) return options.load(key, detail)
      const entry = kept.get(key)
      if (entry && entry.stamp === stamp && options.isValid(entry.value)) return entry.value
      const joined = `${key} ${stamp}`
      let pending = loading.get(joined)
      if (!pending) {
        pending = load(key, stamp, detail, joined)
        loading.set(joined, pending)
      }
      return pending
    },
    peek: (key) => kept.get(key)?.value,
    forgetAll() {
      generation += 1
      loading = new Map()
      kept.clear()
      keysOfUser.clear()
    },
    forget(userID) {
      generation += 1
      loading = new Map()
      for (const key of keysOfUser.get(userID) ?? []) kept.delete(key)
      keysOfUser.delete(userID)
    },
  }
}
