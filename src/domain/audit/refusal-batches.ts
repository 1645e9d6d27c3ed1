import type { IDGenerator } from '../base/id.ts'
import { createCountedRows, MINUTE_MS, minuteOf } from './counted-rows.ts'
import { createRowBudget, MOST_OF_ADDRESS, type RefusedEvent, rowsOf } from './refusal-rows.ts'

export interface AuditBatches {
  /** Whether it is the first of its kind, address and minute. */
  add(refused: RefusedEvent): boolean
  /** Writes what is there; a minute that is not over goes on in the same row. */
  flush(): Promise<void>
  /** Ends the timer and flushes. */
  stop(): Promise<void>
}

/** How many rows wait for a store that is away; beyond that there is one per kind and minute. */
const MOST_HELD = 1000

/**
 * Refusals, throttling and expiry, one row for each kind, user, route, address and minute with a count, so that an
 * attacker cannot make the disk the bottleneck. Past a bound they go under their address alone, then under none. A
 * row keeps when, by which session and with what the first of its occurrences came. What a crash takes away is at
 * most the last minute of these; changes and sign-ins are never written here.
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

/** Which of the rows that an event may go into is of its kind alone. */
const KIND_ALONE = 2

/** What there is of the minute that goes on. Bounded, since only new rows are noted here. */
function newMinute(minute: number) {
  return { minute, ofAddress: new Map<string, number>(), seen: new Set<string>() }
}
