import { requireRightsOf } from '../access/giving.ts'
import { type Caller, type RequestOrigin, requirePermission } from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import type { AuditTrail, Refusal } from '../audit/audit-trail.ts'
import { actorOf } from '../audit/done-event.ts'
import { addressKey } from '../base/address-key.ts'
import type { Clock } from '../base/clock.ts'
import { forbidden, invalid, isThrottled, type SluiceError, unauthorized } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import type { Change, Changes } from '../changes.ts'
import type { GuessGuard } from '../guessing/guess-guard.ts'
import type { Credentials } from '../passwords/credentials.ts'
import type { GuardedCheck } from '../passwords/guarded-check.ts'
import { passwordContextOf } from '../passwords/password-context.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { PasswordPolicy } from '../passwords/password-policy.ts'
import type { AuditTarget } from '../records/audit-event.ts'
import type { AuthorizationStore } from '../records/authorization.ts'
import type { BucketStore } from '../records/bucket.ts'
import type { MembershipStore } from '../records/membership.ts'
import type { OrganizationStore } from '../records/organization.ts'
import type { StoredPassword } from '../records/password-store.ts'
import { permission } from '../records/permission.ts'
import type { User, UserStore } from '../records/user.ts'

export interface Passwords {
  /**
   * Sets the password of a user whom the caller may write. The caller could then sign in as that user, so the caller
   * must hold all of the user's permissions, otherwise `forbidden`. For another user, all their sessions end and
   * `mustChange` requires them to choose a new password first; for the caller, all sessions but this one end.
   */
  set(caller: Caller, userID: ID, password: string, options: { mustChange: boolean }): Promise<void>
  /** Sets a new password for a caller who knows the old one, otherwise `forbidden`. Ends the other sessions. */
  change(caller: Caller, userID: ID, old: Uint8Array, password: string): Promise<void>
  /**
   * Replaces a password that is correct but too weak for sign-in, without a session, so that its user is not locked
   * out. `unauthorized` in all other cases.
   */
  replaceWeak(credentials: Credentials | undefined, password: string, origin: RequestOrigin): Promise<void>
}

/** Who tries, and from where. */
type Attempter = Pick<Refusal, 'actor' | 'origin'>

export function createPasswords(deps: {
  users: Pick<UserStore, 'byID' | 'byName'>
  memberships: Pick<MembershipStore, 'ofUser'>
  organizations: Pick<OrganizationStore, 'byIDs'>
  buckets: Pick<BucketStore, 'byIDs'>
  authorizations: Pick<AuthorizationStore, 'byID' | 'grants'>
  hasher: Pick<PasswordHasher, 'hash'>
  policy: PasswordPolicy
  guard: Pick<GuessGuard, 'countRefusal'>
  rightPassword: GuardedCheck
  freshness: Freshness
  audit: Pick<AuditTrail, 'refuse'>
  now: Clock
  changes: Changes
}): Passwords {
  const { rightPassword } = deps
  const wrongCredentials = () => unauthorized('wrong-credentials')
  const incorrect = () => forbidden('wrong-credentials', 'your username or password is incorrect')

  /** Counts a failure to say the old password, against the user whose it is. */
  function refuse(error: SluiceError, user: User | undefined, by: Attempter): SluiceError {
    const target = { type: 'user', id: user?.id, name: user?.name }
    return deps.audit.refuse(error, { event: 'password.change', target, ...by })
  }

  /** The stored password that `password` matches; throws if it does not match or attempts are throttled. */
  async function checkOld(
    user: User | undefined,
    { name, password }: { name: string; password: Uint8Array },
    by: Attempter,
    wrong: () => SluiceError,
  ): Promise<StoredPassword> {
    let stored: StoredPassword | undefined
    try {
      stored = await rightPassword({ user, name, password, address: by.origin.address })
    } catch (error) {
      throw isThrottled(error) ? refuse(error, user, by) : error
    }
    if (!stored) throw refuse(wrong(), user, by)
    return stored
  }

  /** Throws if the password was replaced while the old one was being verified. */
  async function requireStill(
    change: Change,
    userID: ID,
    hash: string,
    error: () => SluiceError,
  ): Promise<void> {
    if ((await change.passwords.get(userID))?.hash !== hash) throw error()
  }

  async function store(
    userID: ID,
    password: string,
    done: {
      mustChange: boolean
      before?: (change: Change) => Promise<void>
      also: (change: Change, target: AuditTarget) => Promise<void>
    },
  ): Promise<void> {
    deps.policy.check(password, await passwordContextOf(userID, deps))
    const hash = await deps.hasher.hash(Buffer.from(password))
    await deps.changes(async (change) => {
      const user = await change.users.byID(userID)
      if (!user) throw forbidden('unknown-user', 'your userID is incorrect')
      await done.before?.(change)
      await change.passwords.set(userID, { hash, mustChange: done.mustChange })
      await change.oneTimeLinks.removeOfUser(userID, 'reset')
      change.affects(userID)
      await done.also(change, { type: 'user', id: userID, name: user.name })
    })
  }

  return {
    async set(caller, userID, password, { mustChange }) {
      requirePermission(caller.principal, permission('write', 'users', { id: userID }))
      deps.freshness.require(caller, 'password.set')
      const own = caller.principal.user.id === userID
      // Checked before hashing, so that a refusal is cheap, and again in the change: the user may have gained rights.
      await requireRightsOf(caller, userID, deps, deps.now())
      await store(userID, password, {
        mustChange: mustChange && !own,
        before: (change) => requireRightsOf(caller, userID, change, deps.now()),
        async also(change, target) {
          await change.endsSessionsOf(userID, { caller }, own ? caller.session?.keyHash : undefined)
          change.records({ event: own ? 'password.change' : 'password.reset', target, caller })
        },
      })
    },

    async change(caller, userID, old, password) {
      requirePermission(caller.principal, permission('write', 'users', { id: userID }))
      const user = await deps.users.byID(userID)
      const by = { actor: actorOf(caller), origin: caller.origin }
      const given = { name: user?.name ?? userID, password: old }
      const { hash, mustChange } = await checkOld(user, given, by, incorrect)
      if (mustChange && Buffer.from(password).equals(old)) {
        throw invalid('the password must be changed; choose another one')
      }
      await store(userID, password, {
        mustChange: false,
        before: (change) => requireStill(change, userID, hash, () => refuse(incorrect(), user, by)),
        async also(change, target) {
          await change.endsSessionsOf(userID, { caller }, caller.session?.keyHash)
          change.records({ event: 'password.change', target, caller })
        },
      })
    },

    async replaceWeak(credentials, password, origin) {
      const anonymous = { actor: {}, origin }
      if (!credentials) {
        await deps.guard.countRefusal(addressKey(origin.address)).catch((error) => {
          throw isThrottled(error) ? refuse(error, undefined, anonymous) : error
        })
        throw refuse(wrongCredentials(), undefined, anonymous)
      }
      const { name } = credentials
      const user = name === undefined ? undefined : await deps.users.byName(name)
      const given = { name: name ?? '', password: credentials.password }
      const by = { actor: { userID: user?.id }, origin }
      const { hash } = await checkOld(user, given, by, wrongCredentials)
      const weak = !deps.policy.accepts(Buffer.from(credentials.password).toString())
      if (!user || !weak || user.status !== 'active') throw refuse(wrongCredentials(), user, by)
      await store(user.id, password, {
        mustChange: false,
        before: (change) => requireStill(change, user.id, hash, () => refuse(wrongCredentials(), user, by)),
        async also(change, target) {
          await change.endsSessionsOf(user.id, by)
          change.records({ event: 'password.change', target, ...by })
        },
      })
    },
  }
}
