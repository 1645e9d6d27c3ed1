import type { RefusedEvent } from '../audit/refusal-rows.ts'
import { type Session, sessionID } from '../records/session.ts'

/** The audit event of an expired session, with the address of its sign-in, since no request ended it. */
export function expiryOf(session: Session): RefusedEvent {
  const { userID, orgID, address, userAgent } = session
  const id = sessionID(session)
  return {
    event: 'session.end',
    outcome: 'expired',
    actor: { userID, sessionID: id },
    target: { type: 'session', id, orgID, userID },
    address,
    userAgent,
    requestId: '',
  }
}
