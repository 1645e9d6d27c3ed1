import type { IDGenerator } from '../base/id.ts'
import { createCountedRows, MINUTE_MS, minuteOf } from './counted-rows.ts'
import { createRowBudget, MOST_OF_ADDRESS, type RefusedEvent, rowsOf } from './refusal-rows.ts'

export interface AuditBatches {
  /** Returns whether it is the first of its kind and address in this minute. */
  add(refused: RefusedEvent): boolean
  /** Writes all rows; a row of the current minute continues to count. */
  flush(): Promise<void>
  /** Ends the timer and flushes. */
  stop(): Promise<void>
}

/** How many rows may wait for an unreachable store; beyond that there is one row per kind and minute. */
const MOST_HELD = 1000

/**
 * Counts refusals, throttling and expiry, in one row for each kind, user, route, address and minute, so that an
 * attacker cannot make the disk the bottleneck. Beyond a limit they are counted by address alone, and beyond another
 * by kind alone. A row keeps the time, session and details of its first event. A crash loses at most the last minute
 * of these; changes and sign-ins are never written here.
 */
export function createAuditBatches(
  deps: Parameters<typeof createCountedRows>[0] & { readonly ids: IDGenerator },
): AuditBatches {
  const rows = createCountedRows(deps)
  const budget = createRowBudget()
  let current = newMinute(Number.NaN)

  /** Whether a row may be added: always the one of the kind alone, others only within the limits. */
  function mayAdd(choice: number, address: string): boolean {
    if (choice === KIND_ALONE) return true
    const detailed = current.ofAddress.get(address) ?? 0
    if (rows.size() >= MOST_HELD || (choice === 0 && detailed >= MOST_OF_ADDRESS)) return false
    if (!budget.take(current.minute)) return false
    if (choice === 0) current.ofAddress.set(address, detailed + 1)
    return true
  }

  const timer = setInterval(() => void rows.flush(), MINUTE_MS)
  timer.unref()

  return {
    add(refused) {
      const at = deps.now()
      const minute = minuteOf(at)
      if (minute !== current.minute) current = newMinute(minute)
      for (const [choice, { key, about }] of rowsOf(refused).entries()) {
        if (rows.count(minute, key)) return false
        if (!mayAdd(choice, about.address)) continue
        rows.add(minute, key, {
          ...about,
          id: deps.ids.next(),
          time: new Date(at).toISOString(),
          count: 1,
        })
        const seen = `${about.event} ${about.outcome} ${about.address}`
        if (current.seen.has(seen)) return false
        current.seen.add(seen)
        return true
      }
      return false
    },
    flush: rows.flush,
    async stop() {
      clearInterval(timer)
      await rows.flush()
    },
  }
}

/** The index, among the rows that an event may be counted in, of the row for its kind alone. */
const KIND_ALONE = 2

/** The rows of the current minute. Bounded, since only new rows are noted here. */
function newMinute(minute: number) {
  return { minute, ofAddress: new Map<string, number>(), seen: new Set<string>() }
}
