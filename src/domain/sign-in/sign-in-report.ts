/** How a sign-in ended, for metrics and the audit log. */
import type { RequestOrigin } from '../access/principal.ts'
import type { AuditTrail } from '../audit/audit-trail.ts'
import type { SluiceError } from '../base/errors.ts'
import type { OutsideMethod } from '../records/session.ts'
import type { User } from '../records/user.ts'

export type SignInOutcome =
  | 'success'
  | 'refused'
  | 'throttled'
  | 'inactive'
  | 'no-organization'
  | 'weak-password'
  | 'second-factor-due'
  | 'wrong-factor'
  | 'local-sign-in-off'
  | 'not-allowed'
  | 'name-taken'
  | 'no-name'
  | 'directory-away'

/** The way of signing in that metrics tell apart. */
export type CountedMethod = 'password' | 'passkey' | 'application-password' | OutsideMethod

export type CountSignIn = (outcome: SignInOutcome, method: CountedMethod) => void

export interface SignInReport {
  readonly count: CountSignIn
  /** Counts and audits a refusal, and returns the error to throw. */
  refuse(
    outcome: SignInOutcome,
    error: SluiceError,
    about: {
      readonly method: CountedMethod
      readonly origin: RequestOrigin
      readonly user?: User | undefined
    },
  ): SluiceError
}

export function createSignInReport(deps: {
  audit: Pick<AuditTrail, 'refuse'>
  count: CountSignIn
}): SignInReport {
  const { audit, count } = deps
  return {
    count,
    refuse(outcome, error, { method, origin, user }) {
      count(outcome, method)
      const target = { type: 'user', id: user?.id, name: user?.name }
      return audit.refuse(error, { event: 'signin', actor: { userID: user?.id }, target, origin })
    },
  }
}
