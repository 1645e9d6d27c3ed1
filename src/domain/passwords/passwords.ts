import type { AuditTarget } from '../audit/audit-event.ts'
import type { Change, Changes } from '../changes.ts'
import { forbidden, invalid, type SluiceError, unauthorized } from '../errors.ts'
import type { GuessGuard } from '../guessing/guess-guard.ts'
import type { KnownAddresses } from '../guessing/known-addresses.ts'
import type { Id } from '../id.ts'
import type { MembershipStore } from '../memberships/membership.ts'
import type { OrganizationStore } from '../organizations/organization.ts'
import { permission } from '../permissions/permission.ts'
import { type Caller, type RequestOrigin, requirePermission } from '../principals/principal.ts'
import type { Freshness } from '../sessions/freshness.ts'
import type { Credentials } from '../sessions/sign-in.ts'
import type { User, UserStore } from '../users/user.ts'
import { createGuardedCheck } from './guarded-check.ts'
import { passwordContextOf } from './password-context.ts'
import type { PasswordHasher } from './password-hasher.ts'
import type { PasswordPolicy } from './password-policy.ts'
import type { PasswordStore } from './password-store.ts'

export interface Passwords {
  /**
   * Sets the password of a user whom the caller may write. Another's ends all of that user's sessions and,
   * with `mustChange`, lets it do nothing before it has chosen its own; one's own ends one's other sessions.
   */
  set(caller: Caller, userID: Id, password: string, options: { mustChange: boolean }): Promise<void>
  /** Sets it for whoever knows the old one; `forbidden` for whoever does not. Ends the other sessions. */
  change(caller: Caller, userID: Id, old: Uint8Array, password: string): Promise<void>
  /**
   * Replaces a password that is right but too weak to sign in with, by itself alone, so that nobody is stuck.
   * `unauthorized` for everything else.
   */
  replaceWeak(credentials: Credentials | undefined, password: string, origin: RequestOrigin): Promise<void>
}

export function createPasswords(deps: {
  users: Pick<UserStore, 'byId' | 'byName'>
  passwords: Pick<PasswordStore, 'get'>
  memberships: Pick<MembershipStore, 'ofUser'>
  organizations: Pick<OrganizationStore, 'byIds'>
  hasher: PasswordHasher
  policy: PasswordPolicy
  guard: GuessGuard
  known: KnownAddresses
  freshness: Freshness
  changes: Changes
}): Passwords {
  const isRight = createGuardedCheck(deps)
  const incorrect = () => forbidden('your username or password is incorrect')

  /** The stored hash where this is the user's password. */
  async function rightHash(
    user: User | undefined,
    name: string,
    password: Uint8Array,
    { address }: RequestOrigin,
  ): Promise<string | undefined> {
    const hash = user && (await deps.passwords.get(user.id))?.hash
    return (await isRight({ user, name, password, hash, address })) ? hash : undefined
  }

  /** A password that was replaced while it was being checked is not the right one any more. */
  async function requireStill(change: Change, userID: Id, hash: string, error: SluiceError): Promise<void> {
    if ((await change.passwords.get(userID))?.hash !== hash) throw error
  }

  async function store(
    userID: Id,
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
      const user = await change.users.byId(userID)
      if (!user) throw forbidden('your userID is incorrect')
      await done.before?.(change)
      await change.passwords.set(userID, { hash, mustChange: done.mustChange })
      change.affects(userID)
      await done.also(change, { type: 'user', id: userID, name: user.name })
    })
  }

  return {
    async set(caller, userID, password, { mustChange }) {
      requirePermission(caller.principal, permission('write', 'users', { id: userID }))
      deps.freshness.require(caller)
      const own = caller.principal.user.id === userID
      await store(userID, password, {
        mustChange: mustChange && !own,
        async also(change, target) {
          await change.endsSessionsOf(userID, { caller }, own ? caller.session?.keyHash : undefined)
          change.records({ event: own ? 'password.change' : 'password.reset', target, caller })
        },
      })
    },

    async change(caller, userID, old, password) {
      requirePermission(caller.principal, permission('write', 'users', { id: userID }))
      const user = await deps.users.byId(userID)
      const oldHash = await rightHash(user, user?.name ?? userID, old, caller.origin)
      if (oldHash === undefined) throw incorrect()
      if (Buffer.from(password).equals(old) && (await deps.passwords.get(userID))?.mustChange) {
        throw invalid('the password must be changed; choose another one')
      }
      await store(userID, password, {
        mustChange: false,
        before: (change) => requireStill(change, userID, oldHash, incorrect()),
        async also(change, target) {
          await change.endsSessionsOf(userID, { caller }, caller.session?.keyHash)
          change.records({ event: 'password.change', target, caller })
        },
      })
    },

    async replaceWeak(credentials, password, origin) {
      if (!credentials) throw unauthorized()
      const { name } = credentials
      const user = name === undefined ? undefined : await deps.users.byName(name)
      const oldHash = await rightHash(user, name ?? '', credentials.password, origin)
      const weak = !deps.policy.accepts(Buffer.from(credentials.password).toString())
      if (!user || !oldHash || !weak || user.status !== 'active') throw unauthorized()
      await store(user.id, password, {
        mustChange: false,
        before: (change) => requireStill(change, user.id, oldHash, unauthorized()),
        async also(change, target) {
          await change.endsSessionsOf(user.id, { origin, actor: { userID: user.id } })
          change.records({ event: 'password.change', target, origin, actor: { userID: user.id } })
        },
      })
    },
  }
}
