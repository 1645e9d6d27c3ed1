import { type Caller, type RequestOrigin, userIDOf } from '../access/principal.ts'
import type { ID } from '../base/id.ts'
import type { AuditActor, AuditEvent, AuditTarget } from '../records/audit-event.ts'
import { sessionID } from '../records/session.ts'
import type { AuditKind } from './audit-kinds.ts'

/** What was done, to what, by whom. */
export interface DoneEvent {
  readonly event: AuditKind
  /** The target by its id; missing names are filled in when the event is written. */
  readonly target: AuditTarget
  readonly caller?: Caller | undefined
  /** The origin of the request and its actor, for an act without a caller, such as a sign-in. */
  readonly origin?: RequestOrigin | undefined
  readonly actor?: AuditActor | undefined
}

/** The caller as the actor of an audit event. */
export function actorOf({ principal, session }: Caller): AuditActor {
  return {
    userID: userIDOf(principal),
    userName: principal.user.name,
    sessionID: session && sessionID(session),
    authorizationID: principal.authorizationID,
    authorizationDescription: principal.authorizationDescription,
    authorizationOrgID: principal.authorizationOrgID,
  }
}

/** The event of something done, at `at` in milliseconds since 1970. */
export function eventOf(done: DoneEvent, { id, at }: { id: ID; at: number }): AuditEvent {
  const { event, target, caller } = done
  const origin = done.origin ?? caller?.origin
  return {
    id,
    time: new Date(at).toISOString(),
    event,
    outcome: 'success',
    actor: done.actor ?? (caller ? actorOf(caller) : {}),
    target,
    address: origin?.address ?? '',
    userAgent: origin?.userAgent ?? '',
    requestId: origin?.requestID ?? '',
    count: 1,
  }
}
