import type { Clock } from '../clock.ts'
import type { ThrottledGuess } from './guess-guard.ts'

/** A client's address that is held back now. */
export interface ThrottledAddress {
  readonly address: string
  readonly scope: ThrottledGuess['scope']
  /** Until when: milliseconds since 1970. */
  readonly until: number
}

export interface ThrottledList {
  note(throttled: ThrottledGuess): void
  /** Those held back now, the longest first. */
  list(): ThrottledAddress[]
}

/** Remembers who was held back last, for operators to see; the oldest make room. It decides nothing. */
export function createThrottledList({ now, limit = 200 }: { now: Clock; limit?: number }): ThrottledList {
  const byKey = new Map<string, ThrottledAddress>()
  return {
    note({ scope, address, retryAfterSeconds }) {
      const key = `${scope} ${address}`
      const until = Math.max(byKey.get(key)?.until ?? 0, now() + retryAfterSeconds * 1000)
      byKey.delete(key)
      byKey.set(key, { address, scope, until })
      const oldest = byKey.size > limit ? byKey.keys().next().value : undefined
      if (oldest !== undefined) byKey.delete(oldest)
    },
    list() {
      const at = now()
      for (const [key, { until }] of byKey) if (until <= at) byKey.delete(key)
      return [...byKey.values()].sort((one, other) => other.until - one.until)
    },
  }
}
