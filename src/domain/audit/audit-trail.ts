import type { RequestOrigin } from '../access/principal.ts'
import type { Clock } from '../base/clock.ts'
import { isThrottled, type SluiceError } from '../base/errors.ts'
import type { IDGenerator } from '../base/id.ts'
import type { Log } from '../base/log.ts'
import type { AuditEvent } from '../records/audit-event.ts'
import type { AuditKind } from './audit-kinds.ts'
import { type DoneEvent, eventOf } from './done-event.ts'
import type { AuditBatches } from './refusal-batches.ts'
import type { RefusedEvent } from './refusal-rows.ts'

export interface AuditTrail {
  /** The event of something done, to be written with the change itself. */
  eventOf(done: DoneEvent): AuditEvent
  /** To be called after the commit: copies events to the log and to the audit file, if there is one. */
  written(events: readonly AuditEvent[]): void
  /** Counts a refusal or a throttling, and returns the error to throw. */
  refuse<E extends SluiceError>(error: E, refused: Refusal): E
  /** Whether `refuse` already counted this error, so that the route does not count it a second time. */
  hasCounted(error: SluiceError): boolean
}

/** What was refused, to whom, and from which address. */
export type Refusal = Pick<RefusedEvent, 'actor' | 'target'> & {
  readonly event: AuditKind
  readonly origin: RequestOrigin
}

/** Where events are copied to, such as a file of JSON lines. */
export interface AuditSink {
  write(events: readonly AuditEvent[]): void
}

export function createAuditTrail(deps: {
  batches: Pick<AuditBatches, 'add'>
  ids: IDGenerator
  now: Clock
  log: Log
  sink: AuditSink | undefined
}): AuditTrail {
  const counted = new WeakSet<SluiceError>()

  return {
    eventOf: (done) => eventOf(done, { id: deps.ids.next(), at: deps.now() }),
    written(events) {
      for (const { event, actor, target, address, requestId } of events) {
        deps.log.info(event, { userID: actor.userID, target, address, requestID: requestId })
      }
      copyTo(deps.sink, events, deps.log)
    },
    refuse(error, { event, actor, target, origin }) {
      counted.add(error)
      const outcome = isThrottled(error) ? 'throttled' : 'refused'
      const { address, userAgent, requestID, traceID } = origin
      // Later ones in the same minute are counted and not logged, because the log must not become the bottleneck of
      // an attack.
      if (deps.batches.add({ event, outcome, actor, target, address, userAgent, requestId: requestID })) {
        deps.log.warn(`${event} ${outcome}`, { userID: actor.userID, target, address, requestID, traceID })
      }
      return error
    },
    hasCounted: (error) => counted.has(error),
  }
}

/**
 * Copies events that are already in the database. A copy that cannot be written is logged, and the request succeeds
 * all the same.
 */
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
