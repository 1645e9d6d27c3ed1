/**
 * Conditions that an authenticated user must meet before other requests are answered, such as changing the password.
 */
import type { Principal } from '../../domain/access/principal.ts'
import { SluiceError } from '../../domain/base/errors.ts'
import type { Reason } from '../../domain/base/reasons.ts'
import type { ActiveSession } from '../../domain/sessions/session-admission.ts'

/** The principal of a request and, if it was sent with a cookie, the session. */
export type Authenticated = { readonly principal: Principal } | ActiveSession

/** The gates that do not apply to a route; by default all apply. */
export interface OpenGates {
  /** For the routes that tell users to change the password, and that change it. */
  readonly beforePasswordChange?: boolean | undefined
  /** For the routes that enrol a second factor, and that a page needs for it. */
  readonly beforeEnrolment?: boolean | undefined
}

/** A refusal by a gate. The user is known, so the audit log names the user, and the request renews the session. */
export class GateError extends SluiceError {
  readonly found: Authenticated

  constructor(reason: Reason, message: string, found: Authenticated) {
    super('forbidden', message, { reason })
    this.found = found
  }
}

/** Returns its first argument; throws a `GateError` (`forbidden`) for the first condition that is not met. */
export function passGates(found: Authenticated, open: OpenGates): Authenticated {
  if ('session' in found && found.principal.mustChangePassword && !open.beforePasswordChange) {
    throw new GateError('password-change-due', 'password change required', found)
  }
  if ('session' in found && found.principal.mustEnrol && !open.beforeEnrolment) {
    throw new GateError('enrolment-due', 'enrol a second factor first, at /api/v2/me/second-factors', found)
  }
  return found
}
