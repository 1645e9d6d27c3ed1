/** Whose name and password were sent, and whether they sign in here. */
import { addressKey } from '../base/address-key.ts'
import { forbidden, isThrottled, SluiceError, unauthorized } from '../base/errors.ts'
import type { GuessGuard } from '../guessing/guess-guard.ts'
import type { SignInCheck } from '../passwords/directory-check.ts'
import type { PasswordPolicy } from '../passwords/password-policy.ts'
import type { OutsideIdentity } from '../records/outside-identity.ts'
import type { StoredPassword } from '../records/password-store.ts'
import type { User, UserStore } from '../records/user.ts'
import type { ApplicationPasswordCheck } from './application-password-check.ts'
import type { LocalSignIn } from './local-sign-in.ts'
import type { SignInRequest } from './password-sign-in.ts'
import type { SignInOutcome, SignInReport } from './sign-in-report.ts'

/** What was right: the password of this server, one of the user's application passwords, or one of the directory. */
export type FirstFactor =
  | {
      readonly kind: 'password'
      readonly user: User
      readonly password: Uint8Array
      readonly stored: StoredPassword
    }
  | {
      readonly kind: 'application-password'
      readonly user: User
      readonly start: NonNullable<Awaited<ReturnType<ApplicationPasswordCheck>>>
    }
  | { readonly kind: 'directory'; readonly identity: OutsideIdentity }

/** Throws the refusals of `PasswordSignIn`, which it counts and audits. */
export type CheckFirstFactor = (
  request: Pick<SignInRequest, 'credentials' | 'origin'>,
) => Promise<FirstFactor>

export function createFirstFactorCheck(deps: {
  users: Pick<UserStore, 'byName'>
  guard: Pick<GuessGuard, 'countRefusal'>
  checkPassword: SignInCheck
  byApplicationPassword: ApplicationPasswordCheck
  localSignIn: LocalSignIn
  policy: Pick<PasswordPolicy, 'accepts'>
  report: SignInReport
}): CheckFirstFactor {
  return async ({ credentials, origin }) => {
    const refuse = (outcome: SignInOutcome, error: SluiceError, user?: User) =>
      deps.report.refuse(outcome, error, { method: 'password', origin, user })
    const refuseInactive = (user?: User) =>
      refuse('inactive', forbidden('user-inactive', 'User is inactive'), user)
    /** Records a throttled attempt as such; other errors are failures of the server, not refusals. */
    function passOn(error: unknown, user?: User): unknown {
      if (isAway(error)) deps.report.count('directory-away', 'ldap')
      return isThrottled(error) ? refuse('throttled', error, user) : error
    }

    if (!credentials) {
      await deps.guard.countRefusal(addressKey(origin.address)).catch((error) => {
        throw passOn(error)
      })
      throw refuse('refused', unauthorized('wrong-credentials'))
    }
    const { name = '', password } = credentials
    const user = credentials.name === undefined ? undefined : await deps.users.byName(credentials.name)
    const start = user && (await deps.byApplicationPassword(user, password))
    if (user && start) {
      if (user.status !== 'active') throw refuseInactive(user)
      return { kind: 'application-password', user, start }
    }
    const right = await deps
      .checkPassword({ user, name, password, address: origin.address })
      .catch((error) => {
        throw passOn(error, user)
      })
    if (right?.kind === 'directory') return right
    if (right?.kind === 'disabled') throw refuseInactive(user)
    if (!user || !right) throw refuse('refused', unauthorized('wrong-credentials'), user)
    if (user.status !== 'active') throw refuseInactive(user)
    if (!(await deps.localSignIn.allows(user))) {
      throw refuse('local-sign-in-off', deps.localSignIn.refusal(), user)
    }
    if (!deps.policy.accepts(Buffer.from(password).toString())) {
      throw refuse('weak-password', forbidden('password-change-due', 'password change required'), user)
    }
    return { kind: 'password', user, password, stored: right.stored }
  }
}

const isAway = (error: unknown) => error instanceof SluiceError && error.reason === 'directory-away'
