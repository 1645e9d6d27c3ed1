import type { Clock } from '../clock.ts'
import type { IdGenerator } from '../id.ts'
import type { Log } from '../log.ts'
import type { AuditEvent, AuditOutcome } from './audit-event.ts'
import { type AuditSink, copyTo } from './audit-trail.ts'

/** What is counted rather than written one by one. */
export type Occurrence = Pick<
  AuditEvent,
  'event' | 'actor' | 'target' | 'address' | 'userAgent' | 'requestId'
> & { readonly outcome: Exclude<AuditOutcome, 'success'> }

export interface AuditBatches {
  /** Whether it is the first of its kind, address and minute. */
  add(occurrence: Occurrence): boolean
  /** Writes what is there; a minute that is not over goes on in the same row. */
  flush(): Promise<void>
  /** Ends the timer and flushes. */
  stop(): Promise<void>
}

const MINUTE_MS = 60_000
/** So many kinds and addresses are told apart in one minute; what is beyond goes under no address. */
const MOST_ROWS = 2000

/**
 * Refusals, throttling and expiry, one row for each kind, address and minute with a count, so that an attacker
 * cannot make the disk the bottleneck. A row keeps what the first of its occurrences was about. What a crash
 * takes away is at most the last minute of these; changes and sign-ins are never written here.
 */
export function createAuditBatches(deps: {
  /** Adds events; one whose id is there already replaces it. */
  append: (events: readonly AuditEvent[]) => Promise<void>
  ids: IdGenerator
  now: Clock
  log: Pick<Log, 'error'>
  /** Where they are copied to; one that goes on counting comes again with the same id. */
  sink: AuditSink | undefined
}): AuditBatches {
  const rows = new Map<string, Row>()

  async function flush(): Promise<void> {
    // As they are now: while they are being written, more is counted.
    const changed = [...rows.values()]
      .filter(({ event, written }) => event.count > written)
      .map((row) => ({ row, event: row.event }))
    if (changed.length > 0) {
      try {
        await deps.append(changed.map(({ event }) => event))
        for (const { row, event } of changed) row.written = event.count
        copyTo(
          deps.sink,
          changed.map(({ event }) => event),
          deps.log,
        )
      } catch (error) {
        // They stay for the next time, so that a store that is away for a while loses none.
        deps.log.error('audit events cannot be written yet', { cause: String(error), rows: changed.length })
        return
      }
    }
    const current = minuteOf(deps.now())
    for (const [key, { minute, event, written }] of rows) {
      if (minute !== current && event.count === written) rows.delete(key)
    }
  }

  const timer = setInterval(() => void flush(), MINUTE_MS)
  timer.unref()

  return {
    add(occurrence) {
      const at = deps.now()
      const minute = minuteOf(at)
      const kind = `${occurrence.event} ${occurrence.outcome} ${minute}`
      let key = `${kind} ${occurrence.address}`
      let about = occurrence
      if (!rows.has(key) && rows.size >= MOST_ROWS) {
        key = kind
        about = { ...occurrence, address: 'many', actor: {}, userAgent: '' }
      }
      const row = rows.get(key)
      if (row) {
        row.event = { ...row.event, count: row.event.count + 1 }
        return false
      }
      const event = { ...about, id: deps.ids.next(), time: new Date(at).toISOString(), count: 1 }
      rows.set(key, { event, minute, written: 0 })
      return true
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

function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE_MS)
}
