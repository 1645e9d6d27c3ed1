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
    note({ scope, key, address, userID, retryAfterSeconds }) {
      const entry = `${key} ${address}`
      const until = Math.max(byKey.get(entry)?.until ?? 0, now() + retryAfterSeconds * 1000)
      byKey.set(entry, { address, scope, key, until, ...(userID ? { userID } : {}) })
      if (byKey.size > limit) removeSoonestFree()
    },
    async list() {
      const at = now()
      for (const [entry, { until }] of byKey) if (until <= at) byKey.delete(entry)
      return [...byKey.values()].sort((one, other) => other.until - one.until)
    },
    async remove(key) {
      for (const [entry, each] of byKey) if (each.key === key) byKey.delete(entry)
    },
  }
}
