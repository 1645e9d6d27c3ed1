import type { Clock } from '../../domain/base/clock.ts'
import {
  MOST_THROTTLED,
  type ThrottledAddress,
  type ThrottledList,
} from '../../domain/guessing/throttled-list.ts'

/** The list of one process. */
export function createThrottledList({
  now,
  limit = MOST_THROTTLED,
}: {
  now: Clock
  limit?: number
}): ThrottledList {
  const byKey = new Map<string, ThrottledAddress>()
  function removeSoonestFree(): void {
    let soonest: readonly [string, ThrottledAddress] | undefined
    for (const each of byKey) if (!soonest || each[1].until < soonest[1].until) soonest = each
    if (soonest) byKey.delete(soonest[0])
  }
  return {
    note({ scope, address, retryAfterSeconds }) {
      const key = `${scope} ${address}`
      const until = Math.max(byKey.get(key)?.until ?? 0, now() + retryAfterSeconds * 1000)
      byKey.set(key, { address, scope, until })
      if (byKey.size > limit) removeSoonestFree()
    },
    async list() {
      const at = now()
      for (const [key, { until }] of byKey) if (until <= at) byKey.delete(key)
      return [...byKey.values()].sort((one, other) => other.until - one.until)
    },
  }
}
