/** Sign-in by name and password. */
import type { RequestOrigin } from '../access/principal.ts'
import { isFactorRequiredOf, type SecondFactorOptions } from '../access/required-factor.ts'
import type { AuditTrail } from '../audit/audit-trail.ts'
import { addressKey } from '../base/address-key.ts'
import { forbidden, isThrottled, isUnauthorized, type SluiceError, unauthorized } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import type { Changes } from '../changes.ts'
import type { GuessGuard } from '../guessing/guess-guard.ts'
import type { Credentials } from '../passwords/credentials.ts'
import type { SignInCheck } from '../passwords/directory-check.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { PasswordPolicy } from '../passwords/password-policy.ts'
import type { OutsideIdentity } from '../records/outside-identity.ts'
import type { StoredPassword } from '../records/password-store.ts'
import type { RecoveryCodeStore, SecondFactorStore } from '../records/second-factor.ts'
import type { OutsideMethod } from '../records/session.ts'
import type { User, UserStore } from '../records/user.ts'
import type { ApplicationPasswordCheck } from './application-password-check.ts'
import type { ConfinementOf, WantedOrganization } from './confinement.ts'
import type { LocalSignIn } from './local-sign-in.ts'
import { methodsOf, type PendingSignIns } from './pending-sign-in.ts'
import type { StartSession } from './start-session.ts'

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

export interface SignInRequest {
  /** Undefined if the request has no well-formed credentials. */
  readonly credentials: Credentials | undefined
  readonly wanted: WantedOrganization
  readonly remember: boolean
  readonly presentedKeys: readonly string[]
  readonly origin: RequestOrigin
}

export type PasswordSignIn = (request: SignInRequest) => ReturnType<StartSession>

/**
 * Every refusal is the same `unauthorized` after the same work, so that it does not reveal which users exist. Only a
 * caller who knows the password is answered `forbidden`: if the user is deactivated, may not sign in by password, or
 * has one that is too weak.
 */
export function createPasswordSignIn(deps: {
  users: Pick<UserStore, 'byName'>
  checkPassword: SignInCheck
  /** The sign-in of somebody whose password the directory has checked; refusals are audited and counted there. */
  byDirectory: (
    identity: OutsideIdentity,
    request: Omit<SignInRequest, 'credentials'>,
  ) => ReturnType<StartSession>
  hasher: Pick<PasswordHasher, 'needsRehash' | 'hash'>
  policy: Pick<PasswordPolicy, 'accepts'>
  guard: Pick<GuessGuard, 'countRefusal'>
  byApplicationPassword: ApplicationPasswordCheck
  secondFactors: Pick<SecondFactorStore, 'ofUser'>
  recoveryCodes: Pick<RecoveryCodeStore, 'left'>
  pendingSignIns: Pick<PendingSignIns, 'begin'>
  secondFactor: SecondFactorOptions
  changes: Changes
  confinementOf: ConfinementOf
  startSession: StartSession
  audit: Pick<AuditTrail, 'refuse'>
  localSignIn: LocalSignIn
  count: CountSignIn
}): PasswordSignIn {
  /** Stores a new hash of the password unless the password was changed meanwhile; returns the stored hash. */
  function replaceHash(userID: ID, before: StoredPassword, hash: string): Promise<string> {
    return deps.changes(async (change) => {
      const present = (await change.passwords.get(userID))?.hash ?? ''
      if (present !== before.hash) return present
      await change.passwords.set(userID, { ...before, hash })
      return hash
    })
  }

  return async ({ credentials, wanted, remember, presentedKeys, origin }) => {
    function refuse(outcome: SignInOutcome, error: SluiceError, user?: User): SluiceError {
      deps.count(outcome, 'password')
      const target = { type: 'user', id: user?.id, name: user?.name }
      return deps.audit.refuse(error, { event: 'signin', actor: { userID: user?.id }, target, origin })
    }
    /** Records a throttled attempt as such; other errors are failures of the server, not refusals. */
    function passOn(error: unknown, user?: User): unknown {
      if (isAway(error)) deps.count('directory-away', 'ldap')
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
    const applied = user && (await deps.byApplicationPassword(user, password))
    if (user && applied) {
      if (user.status !== 'active')
        throw refuse('inactive', forbidden('user-inactive', 'User is inactive'), user)
      const orgID = await deps.confinementOf(user.id, wanted)
      const started = await deps.startSession({
        ...{ userID: user.id, orgID, remember: false, presentedKeys, origin },
        ...{ authentication: applied.authentication, confirm: applied.confirm },
      })
      deps.count('success', 'application-password')
      return started
    }
    const check = deps.checkPassword({ user, name, password, address: origin.address })
    const right = await check.catch((error) => {
      throw passOn(error, user)
    })
    if (right?.kind === 'directory') {
      return deps.byDirectory(right.identity, { wanted, remember, presentedKeys, origin })
    }
    if (right?.kind === 'disabled') {
      throw refuse('inactive', forbidden('user-inactive', 'User is inactive'), user)
    }
    const stored = right?.stored
    if (!user || !stored) throw refuse('refused', unauthorized('wrong-credentials'), user)
    if (user.status !== 'active')
      throw refuse('inactive', forbidden('user-inactive', 'User is inactive'), user)
    if (!(await deps.localSignIn.allows(user))) {
      throw refuse('local-sign-in-off', deps.localSignIn.refusal(), user)
    }
    if (!deps.policy.accepts(Buffer.from(password).toString())) {
      throw refuse('weak-password', forbidden('password-change-due', 'password change required'), user)
    }
    const orgID = await deps.confinementOf(user.id, wanted).catch((error) => {
      throw isUnauthorized(error) ? refuse('no-organization', error, user) : error
    })
    // Rehashes an outdated hash now, because only here the password itself is available.
    const better = deps.hasher.needsRehash(stored.hash) ? await deps.hasher.hash(password) : undefined
    const factors = await deps.secondFactors.ofUser(user.id)
    if (factors.length > 0) {
      const hash = better === undefined ? stored.hash : await replaceHash(user.id, stored, better)
      const methods = methodsOf(factors, await deps.recoveryCodes.left(user.id))
      deps.count('second-factor-due', 'password')
      const started = { userID: user.id, orgID, remember, passwordHash: hash }
      throw await deps.pendingSignIns.begin(started, methods)
    }

    const started = await deps.startSession({
      ...{ userID: user.id, orgID, remember, presentedKeys, origin },
      authentication: { method: 'password', level: 'one-factor' },
      async confirm(change, current) {
        // The user may have been deactivated, or the password changed, while the password was being verified.
        if (current?.status !== 'active') {
          throw refuse(
            'inactive',
            current ? forbidden('user-inactive', 'User is inactive') : unauthorized('wrong-credentials'),
            user,
          )
        }
        const isUnchanged = (await change.passwords.get(user.id))?.hash === stored.hash
        if (!isUnchanged) throw refuse('refused', unauthorized('wrong-credentials'), user)
        if (better) await change.passwords.set(user.id, { ...stored, hash: better })
        // The user may have enrolled one meanwhile.
        if (await change.secondFactors.hasAny(user.id)) {
          throw refuse('second-factor-due', unauthorized('wrong-credentials'), user)
        }
        if (await isFactorRequiredOf(user.id, deps.secondFactor.rule, change)) {
          await change.factorHolders.countGrace(user.id)
          change.affects(user.id)
        }
      },
    })
    deps.count('success', 'password')
    return started
  }
}

const isAway = (error: unknown) => (error as Partial<SluiceError>).reason === 'directory-away'
