/** Audit events that are counted: a row holds the number of equal events in one minute. */
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { AuditEvent } from '../records/audit-event.ts'
import { type AuditSink, copyTo } from './audit-trail.ts'

export interface CountedRows {
  /** Counts one more in the row with that key; false if there is no such row. */
  count(minute: number, key: string): boolean
  /** Begins a row with the first of its events. */
  add(minute: number, key: string, event: AuditEvent): void
  /** How many rows are held. */
  size(): number
  /**
   * Writes new and changed rows. Rows of past minutes are held until they are written, so an unreachable store loses
   * none.
   */
  flush(): Promise<void>
}

export const MINUTE_MS = 60_000

interface Row {
  event: AuditEvent
  readonly minute: number
  /** The count that is in the store. */
  written: number
}

/** The minute of a time in milliseconds since 1970. */
export function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE_MS)
}

/** The caller bounds how many rows there are. */
export function createCountedRows(deps: {
  /** Adds events, or replaces the event with that id. Returns them as written, with names. */
  append: (events: readonly AuditEvent[]) => Promise<readonly AuditEvent[]>
  now: Clock
  log: Pick<Log, 'error'>
  /** Where rows are copied to; a row that has counted more is copied again with the same id. */
  sink: AuditSink | undefined
}): CountedRows {
  const rows = new Map<string, Row>()

  async function write(): Promise<boolean> {
    // A snapshot: counting goes on while the rows are being written.
    const changed = [...rows.values()]
      .filter(({ event, written }) => event.count > written)
      .map((row) => ({ row, event: row.event }))
    if (changed.length === 0) return true
    try {
      const written = await deps.append(changed.map(({ event }) => event))
      for (const [index, { row, event }] of changed.entries()) {
        row.written = event.count
        // Names stay as they were when the row was first written.
        const { actor, target } = written[index] ?? event
        row.event = { ...row.event, actor, target }
      }
      copyTo(deps.sink, written, deps.log)
      return true
    } catch (error) {
      // The rows are kept for the next attempt, so that an unreachable store loses none.
      deps.log.error('audit events cannot be written yet', { cause: String(error), rows: changed.length })
      return false
    }
  }

  return {
    count(minute, key) {
      const row = rows.get(`${minute} ${key}`)
      if (!row) return false
      row.event = { ...row.event, count: row.event.count + 1 }
      return true
    },
    add(minute, key, event) {
      rows.set(`${minute} ${key}`, { event, minute, written: 0 })
    },
    size: () => rows.size,
    async flush() {
      if (!(await write())) return
      const now = minuteOf(deps.now())
      for (const [key, { minute, event, written }] of rows) {
        if (minute !== now && event.count === written) rows.delete(key)
      }
    },
  }
}
