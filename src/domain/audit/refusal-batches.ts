import type { Clock } from '../base/clock.ts'
import type { IDGenerator } from '../base/id.ts'
import type { Log } from '../base/log.ts'
import type { AuditEvent } from '../records/audit-event.ts'
import { type AuditSink, copyTo } from './audit-trail.ts'
import { createRowBudget, MOST_OF_ADDRESS, type RefusedEvent, rowsOf } from './refusal-rows.ts'

export interface AuditBatches {
  /** Whether it is the first of its kind, address and minute. */
  add(refused: RefusedEvent): boolean
  /** Writes what is there; a minute that is not over goes on in the same row. */
  flush(): Promise<void>
  /** Ends the timer and flushes. */
  stop(): Promise<void>
}

const MINUTE_MS = 60_000
/** How many rows wait for a store that is away; beyond that there is one per kind and minute. */
const MOST_HELD = 1000

/**
 * Refusals, throttling and expiry, one row for each kind, user, route, address and minute with a count, so that an
 * attacker cannot make the disk the bottleneck. Past a bound they go under their address alone, then under none. A
 * row keeps when, by which session and with what the first of its occurrences came. What a crash takes away is at
 * most the last minute of these; changes and sign-ins are never written here.
 */
export function createAuditBatches(deps: {
  /** Adds events, of which one whose id is there already replaces it. Gives them back as written, with names. */
  append: (events: readonly AuditEvent[]) => Promise<readonly AuditEvent[]>
  ids: IDGenerator
  now: Clock
  log: Pick<Log, 'error'>
  /** Where they are copied to; one that goes on counting comes again with the same id. */
  sink: AuditSink | undefined
}): AuditBatches {
  const rows = new Map<string, Row>()
  const budget = createRowBudget()
  let current = newMinute(Number.NaN)

  /** Whether a row may be added: always the one of the kind alone, others only within the limits. */
  function mayAdd(choice: number, address: string): boolean {
    if (choice === KIND_ALONE) return true
    const detailed = current.ofAddress.get(address) ?? 0
    if (rows.size >= MOST_HELD || (choice === 0 && detailed >= MOST_OF_ADDRESS)) return false
    if (!budget.take(current.minute)) return false
    if (choice === 0) current.ofAddress.set(address, detailed + 1)
    return true
  }

  async function flush(): Promise<void> {
    // As they are now: while they are being written, more is counted.
    const changed = [...rows.values()]
      .filter(({ event, written }) => event.count > written)
      .map((row) => ({ row, event: row.event }))
    if (changed.length > 0) {
      try {
        const written = await deps.append(changed.map(({ event }) => event))
        for (const [index, { row, event }] of changed.entries()) {
          row.written = event.count
          // Names stay as they were when the row was first written.
          const { actor, target } = written[index] ?? event
          row.event = { ...row.event, actor, target }
        }
        copyTo(deps.sink, written, deps.log)
      } catch (error) {
        // They stay for the next time, so that a store that is away for a while loses none.
        deps.log.error('audit events cannot be written yet', { cause: String(error), rows: changed.length })
        return
      }
    }
    const now = minuteOf(deps.now())
    for (const [key, { minute, event, written }] of rows) {
      if (minute !== now && event.count === written) rows.delete(key)
    }
  }

  const timer = setInterval(() => void flush(), MINUTE_MS)
  timer.unref()

  return {
    add(refused) {
      const at = deps.now()
      const minute = minuteOf(at)
      if (minute !== current.minute) current = newMinute(minute)
      for (const [choice, { key, about }] of rowsOf(refused).entries()) {
        const row = rows.get(`${minute} ${key}`)
        if (row) {
          row.event = { ...row.event, count: row.event.count + 1 }
          return false
        }
        if (!mayAdd(choice, about.address)) continue
        const event = { ...about, id: deps.ids.next(), time: new Date(at).toISOString(), count: 1 }
        rows.set(`${minute} ${key}`, { event, minute, written: 0 })
        const seen = `${about.event} ${about.outcome} ${about.address}`
        if (current.seen.has(seen)) return false
        current.seen.add(seen)
        return true
      }
      return false
    },
    flush,
    async stop() {
      clearInterval(timer)
      await flush()
    },
  }
}

interface Row {
  event: AuditEvent
  readonly minute: number
  /** The count that is in the store. */
  written: number
}

/** Which of the rows that an event may go into is of its kind alone. */
const KIND_ALONE = 2

/** What there is of the minute that goes on. Bounded, since only new rows are noted here. */
function newMinute(minute: number) {
  return { minute, ofAddress: new Map<string, number>(), seen: new Set<string>() }
}

function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE_MS)
}
