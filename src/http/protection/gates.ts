/** What a known user must do before its requests are answered. */
import type { Principal } from '../../domain/access/principal.ts'
import { SluiceError } from '../../domain/base/errors.ts'
import type { Reason } from '../../domain/base/reasons.ts'
import type { ActiveSession } from '../../domain/sessions/sessions.ts'

/** The principal of a request and, where it was sent with a cookie, the session. */
export type Authenticated = { readonly principal: Principal } | ActiveSession

/** The gates that a route leaves open; without any, all are closed. */
export interface OpenGates {
  /** For routes by which a user learns that its password must be changed, and changes it. */
  readonly beforePasswordChange?: boolean | undefined
}

/** A refusal by a gate. The user is known, so the audit log names it and its session is renewed as by any request. */
export class GateError extends SluiceError {
  readonly found: Authenticated

  constructor(reason: Reason, message: string, found: Authenticated) {
    super('forbidden', message, { reason })
    this.found = found
  }
}

/** Returns what it is given; throws a `GateError` (`forbidden`) at the first gate that is closed. */
export function passGates(found: Authenticated, open: OpenGates): Authenticated {
  if ('session' in found && found.principal.mustChangePassword && !open.beforePasswordChange) {
    throw new GateError('password-change-due', 'password change required', found)
  }
  return found
}
