import type { Caller, RequestOrigin } from '../principals/principal.ts'
import { sessionID } from '../sessions/session.ts'
import type { AuditActor, AuditTarget } from './audit-event.ts'

/** What was done, to what, by whom. */
export interface Activity {
  /** Such as `user.create`. */
  readonly event: string
  readonly target: AuditTarget
  readonly caller?: Caller | undefined
  /** Where it came from, and who it was, where there is no caller yet. */
  readonly origin?: RequestOrigin | undefined
  readonly actor?: AuditActor | undefined
}

/** Who a caller is, for the audit log. */
export function actorOf({ principal, session }: Caller): AuditActor {
  return {
    userID: principal.user.id,
    sessionID: session && sessionID(session),
    authorizationID: principal.authorizationID,
  }
}
