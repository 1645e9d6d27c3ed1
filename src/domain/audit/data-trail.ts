/** The use of data through the gateway, for the audit log: each query and delete, and writes counted by the minute. */
import type { Caller } from '../access/principal.ts'
import type { Clock } from '../base/clock.ts'
import type { ID, IDGenerator } from '../base/id.ts'
import type { Log } from '../base/log.ts'
import type { AuditEvent, AuditOutcome, AuditTarget } from '../records/audit-event.ts'
import { LONGEST_COUNTED_NAME } from './audit-names.ts'
import { type AuditSink, copyTo } from './audit-trail.ts'
import { createCountedRows, MINUTE_MS, minuteOf } from './counted-rows.ts'
import { actorOf } from './done-event.ts'
import { beginningOf } from './statement.ts'

/** One request that was forwarded to upstream, or would have been if upstream had been there. */
export interface DataUse {
  readonly kind: 'query' | 'delete' | 'write'
  readonly outcome: Exclude<AuditOutcome, 'expired'>
  readonly caller: Caller
  /** The organization with whose rights it went upstream. */
  readonly orgID: ID
  /** The bucket of a write or delete, if it is known. */
  readonly bucketID?: ID | undefined
  /** What a request of the 1.x API names in place of a bucket: database and retention policy. */
  readonly database?: string | undefined
  readonly statement?: string | undefined
  readonly durationMs: number
  /** Undefined if there was no answer. */
  readonly status: number | undefined
}

export interface DataTrail {
  /** Returns at once: the request does not wait for the event to be written. */
  note(use: DataUse): void
  /** Writes waiting events. Does not throw: events that cannot be written yet keep waiting. */
  flush(): Promise<void>
  /** How many events of queries and deletes were dropped, because too many waited for the store. */
  dropped(): number
  /** Ends the timers and flushes. */
  stop(): Promise<void>
}

/** How much may wait for a slow or unreachable store: characters of statements, and `EACH` for the rest of an event. */
const MOST_WAITING = 16 * 1024 * 1024
const EACH = 1024
/** How many events one transaction writes, so that no change waits long for it. */
const PORTION = 100
const WRITE_EVERY_MS = 1000
/** In bytes: 256 characters, to which the HTTP side cuts it, of at most two. */
const LONGEST_USER_AGENT = 512
/** A problem that persists is logged once in this time. */
const REPEAT_MS = 60_000
/** How many rows of writes are held; beyond that there is one a minute for each outcome, without a bucket. */
const MOST_HELD = 1000

/**
 * Records queries, deletes and writes. Queries and deletes wait in a queue that is written once a second, or sooner
 * if it is long; events that do not fit are dropped, counted and logged. Writes have one row for each bucket, outcome
 * and minute. A crash loses what was not written yet: up to a second of queries and a minute of writes.
 */
export function createDataTrail(deps: {
  /** Adds events, of which one whose id is there already replaces it. Gives them back as written, with names. */
  append: (events: readonly AuditEvent[]) => Promise<readonly AuditEvent[]>
  ids: IDGenerator
  now: Clock
  log: Pick<Log, 'error'>
  sink: AuditSink | undefined
  /** For tests. */
  mostWaiting?: number
}): DataTrail {
  const { ids, now, log, sink, mostWaiting = MOST_WAITING } = deps
  const rows = createCountedRows(deps)
  let waiting: AuditEvent[] = []
  let weight = 0
  let dropped = 0
  let droppedInLog = 0
  let lastReport = Number.NEGATIVE_INFINITY
  let written = Promise.resolve()

  function report(message: string, fields: Readonly<Record<string, unknown>>): boolean {
    if (now() - lastReport < REPEAT_MS) return false
    lastReport = now()
    log.error(message, fields)
    return true
  }

  function reportDropped(): void {
    if (dropped === droppedInLog) return
    const more = dropped - droppedInLog
    if (report('audit events of queries were dropped, since too many wait to be written', { dropped: more }))
      droppedInLog = dropped
  }

  async function writeWaiting(): Promise<void> {
    while (waiting.length > 0) {
      const portion = waiting.slice(0, PORTION)
      try {
        copyTo(sink, await deps.append(portion), log)
      } catch (error) {
        reportDropped()
        report('audit events of queries cannot be written yet', {
          cause: String(error),
          events: waiting.length,
        })
        return
      }
      waiting = waiting.slice(portion.length)
      weight -= portion.reduce((sum, event) => sum + weightOf(event), 0)
    }
    reportDropped()
  }

  /** One portion after another, so that no event is written twice. */
  function flushWaiting(): Promise<void> {
    written = written.then(writeWaiting)
    return written
  }

  function queue(event: AuditEvent): void {
    const more = weightOf(event)
    if (weight + more > mostWaiting) {
      dropped += 1
      return
    }
    waiting.push(event)
    weight += more
    if (waiting.length % PORTION === 0) void flushWaiting()
  }

  function countWrite(use: DataUse, at: number): void {
    const minute = minuteOf(at)
    const target = targetOf(use)
    const key = [use.outcome, target.type, target.id, target.orgID, target.name].join(' ')
    if (rows.count(minute, key)) return
    const alone = rows.size() >= MOST_HELD
    if (alone && rows.count(minute, use.outcome)) return
    rows.add(minute, alone ? use.outcome : key, {
      ...eventOf(use, at),
      // The writes of a row come from many clients.
      ...{ actor: {}, address: '', userAgent: '', requestId: '' },
      target: alone ? { type: 'instance' } : target,
    })
  }

  function eventOf(use: DataUse, at: number): AuditEvent {
    const { origin } = use.caller
    return {
      ...{ id: ids.next(), time: new Date(at).toISOString(), event: `data.${use.kind}`, count: 1 },
      ...{ outcome: use.outcome, actor: actorOf(use.caller), target: targetOf(use) },
      ...{ address: origin.address, requestId: origin.requestID },
      userAgent: beginningOf(origin.userAgent, LONGEST_USER_AGENT),
    }
  }

  const timers = [
    setInterval(() => void flushWaiting(), WRITE_EVERY_MS),
    setInterval(() => void rows.flush(), MINUTE_MS),
  ]
  for (const timer of timers) timer.unref()

  return {
    note(use) {
      const at = now()
      if (use.kind === 'write') {
        countWrite(use, at)
        return
      }
      const { statement, status } = use
      queue({
        ...eventOf(use, at),
        ...(statement === undefined ? {} : { statement: beginningOf(statement) }),
        durationMs: Math.round(use.durationMs),
        ...(status === undefined ? {} : { status }),
      })
    },
    async flush() {
      await flushWaiting()
      await rows.flush()
    },
    dropped: () => dropped,
    async stop() {
      for (const timer of timers) clearInterval(timer)
      await flushWaiting()
      await rows.flush()
    },
  }
}

function weightOf({ statement = '' }: AuditEvent): number {
  return statement.length + EACH
}

/**
 * A write that InfluxDB did not take goes under its organization if it named a database: such names are the client's
 * choice, and each would be a row.
 */
function targetOf({ kind, outcome, orgID, bucketID, database }: DataUse): AuditTarget {
  if (bucketID !== undefined) return { type: 'bucket', id: bucketID, orgID }
  const isKept = kind !== 'write' || outcome === 'success'
  if (database !== undefined && isKept)
    return { type: 'database', name: beginningOf(database, LONGEST_COUNTED_NAME), orgID }
  return { type: 'organization', id: orgID, orgID }
}
