import type { Clock } from '../clock.ts'
import type { IdGenerator } from '../id.ts'
import type { Log } from '../log.ts'
import type { RequestOrigin } from '../principals/principal.ts'
import { type Activity, eventOf } from './activity.ts'
import type { AuditBatches, Occurrence } from './audit-batches.ts'
import type { AuditEvent } from './audit-event.ts'

export interface AuditTrail {
  /** The event of something done, to be written with the change itself. */
  eventOf(activity: Activity): AuditEvent
  /** To be told once events are kept: they go to the log, and to the audit file where there is one. */
  written(events: readonly AuditEvent[]): void
  /** Counts what was not done: refusals, throttling, expiry. */
  note(occurrence: Omit<Occurrence, 'address' | 'userAgent' | 'requestId'> & { origin: RequestOrigin }): void
}

/** Where events are copied to, such as a file of JSON lines. */
export interface AuditSink {
  write(events: readonly AuditEvent[]): void
}

export function createAuditTrail(deps: {
  batches: Pick<AuditBatches, 'add'>
  ids: IdGenerator
  now: Clock
  log: Log
  sink: AuditSink | undefined
}): AuditTrail {
  return {
    eventOf: (activity) => eventOf(activity, { id: deps.ids.next(), at: deps.now() }),
    written(events) {
      for (const { event, actor, target, address, requestId: requestID } of events) {
        deps.log.info(event, { userID: actor.userID, target, address, requestID })
      }
      copyTo(deps.sink, events, deps.log)
    },
    note({ origin, ...occurrence }) {
      const { address, userAgent, requestID, traceID } = origin
      // What follows in the same minute is counted and not logged: the log must not be the bottleneck either.
      if (!deps.batches.add({ ...occurrence, address, userAgent, requestId: requestID })) return
      deps.log.warn(`${occurrence.event} ${occurrence.outcome}`, {
        userID: occurrence.actor.userID,
        target: occurrence.target,
        address,
        requestID,
        traceID,
      })
    },
  }
}

/** What is kept is kept: a copy that cannot be written is logged, and changes no answer. */
export function copyTo(
  sink: AuditSink | undefined,
  events: readonly AuditEvent[],
  log: Pick<Log, 'error'>,
): void {
  try {
    sink?.write(events)
  } catch (error) {
    log.error('the audit file cannot be written', { cause: String(error), events: events.length })
  }
}
