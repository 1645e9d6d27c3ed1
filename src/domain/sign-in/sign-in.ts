import type { RequestOrigin } from '../access/principal.ts'
import type { AuditTrail } from '../audit/audit-trail.ts'
import { addressKey } from '../base/address-key.ts'
import type { Clock } from '../base/clock.ts'
import { forbidden, isThrottled, type SluiceError, unauthorized } from '../base/errors.ts'
import type { Id } from '../base/id.ts'
import { createSecret, hashSecret } from '../base/secrets.ts'
import type { Change, Changes } from '../changes.ts'
import type { GuessGuard } from '../guessing/guess-guard.ts'
import type { KnownAddresses } from '../guessing/known-addresses.ts'
import type { Credentials } from '../passwords/credentials.ts'
import { createGuardedCheck } from '../passwords/guarded-check.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { PasswordPolicy } from '../passwords/password-policy.ts'
import type { MembershipStore } from '../records/membership.ts'
import type { OrganizationStore } from '../records/organization.ts'
import type { PasswordStore, StoredPassword } from '../records/password-store.ts'
import { type Session, type SessionStore, sessionID } from '../records/session.ts'
import type { User, UserStore } from '../records/user.ts'
import { MOST_KEYS } from '../sessions/live-key.ts'
import { endInRecords } from '../sessions/record-session-end.ts'
import type { SessionTerms } from '../sessions/session-terms.ts'
import { beyondLimit, type SessionLimit } from './session-limit.ts'

/** `oss`: a session has all organizations of its user. `cloud`: it is confined to one. */
export type Deployment = 'oss' | 'cloud'

/** The organization that a sign-in asks for, in deployment `cloud`. */
export interface WantedOrganization {
  readonly orgID?: string | undefined
  readonly org?: string | undefined
}

export type SignInOutcome =
  | 'success'
  | 'refused'
  | 'throttled'
  | 'inactive'
  | 'no-organization'
  | 'weak-password'

export interface SignInRequest {
  /** Undefined where nothing readable was sent. */
  readonly credentials: Credentials | undefined
  readonly wanted: WantedOrganization
  /** Whether to be kept signed in, where that is allowed. */
  readonly remember: boolean
  /** Keys of sessions that were sent along: the first ten end with the sign-in (ASVS 5.0 7.2.4). */
  readonly presentedKeys: readonly string[]
  readonly origin: RequestOrigin
}

export type SignIn = (request: SignInRequest) => Promise<{ key: string; expiresAt: number }>

/**
 * Signs a user in by name and password. Every refusal is the same `unauthorized`, after the same work,
 * except for whoever knows the right password of a deactivated user: the documented `forbidden`.
 */
export function createSignIn(deps: {
  users: Pick<UserStore, 'byName'>
  passwords: Pick<PasswordStore, 'get'>
  organizations: Pick<OrganizationStore, 'byName'>
  memberships: Pick<MembershipStore, 'ofUser'>
  hasher: PasswordHasher
  policy: Pick<PasswordPolicy, 'accepts'>
  guard: GuessGuard
  known: KnownAddresses
  sessionStore: SessionStore
  terms: SessionTerms
  limit: SessionLimit
  changes: Changes
  audit: Pick<AuditTrail, 'refuse'>
  now: Clock
  deployment: Deployment
  count: (outcome: SignInOutcome) => void
}): SignIn {
  const { guard, known, sessionStore, terms, now } = deps
  const rightPassword = createGuardedCheck(deps)

  /** The organization to confine a session to: that which is named, else the first membership. */
  async function confinement(user: User, { orgID, org }: WantedOrganization): Promise<Id | undefined> {
    const held = await deps.memberships.ofUser(user.id)
    const own = held.filter(({ resourceType }) => resourceType === 'orgs').map((each) => each.resourceID)
    const named = orgID || !org ? orgID?.toLowerCase() : (await deps.organizations.byName(org))?.id
    return orgID || org ? own.find((each) => each === named) : own[0]
  }

  /**
   * Ends the sessions that were sent along, whoever's they are, since a key never outlives a sign-in that presents it;
   * and what is beyond the user's limit with the new one. Their hashes, for memory to forget once that is kept.
   */
  async function makeRoom(
    change: Change,
    {
      userID,
      at,
      presentedKeys,
      origin,
    }: Pick<SignInRequest, 'presentedKeys' | 'origin'> & { userID: Id; at: number },
  ): Promise<string[]> {
    const presented = new Map<string, Session>()
    for (const key of presentedKeys.slice(0, MOST_KEYS)) {
      const session = await sessionStore.find(hashSecret(key))
      if (session) presented.set(session.keyHash, session)
    }
    const others = (await sessionStore.ofUser(userID)).filter(({ keyHash }) => !presented.has(keyHash))
    const ended = [...presented.values(), ...beyondLimit(others, deps.limit, { ...origin, at })]
    for (const session of ended) {
      await endInRecords(change, session, terms)
      const id = sessionID(session)
      const actor = { userID: session.userID, sessionID: id }
      change.records({
        event: 'session.end',
        target: { type: 'session', id, userID: session.userID },
        actor,
        origin,
      })
    }
    return ended.map(({ keyHash }) => keyHash)
  }

  return async ({ credentials, wanted, remember, presentedKeys, origin }) => {
    function refuse(outcome: SignInOutcome, error: SluiceError, user?: User): SluiceError {
      deps.count(outcome)
      const target = { type: 'user', id: user?.id, name: user?.name }
      return deps.audit.refuse(error, { event: 'signin', actor: { userID: user?.id }, target, origin })
    }
    /** Throttling is counted as what it is; what else fails is no refusal. */
    function passOn(error: unknown, user?: User): unknown {
      return isThrottled(error) ? refuse('throttled', error, user) : error
    }

    if (!credentials) {
      try {
        await guard.countRefusal(addressKey(origin.address))
      } catch (error) {
        throw passOn(error)
      }
      throw refuse('refused', unauthorized())
    }
    const user = credentials.name === undefined ? undefined : await deps.users.byName(credentials.name)
    let stored: StoredPassword | undefined
    try {
      const { name = '', password } = credentials
      stored = await rightPassword({ user, name, password, address: origin.address })
    } catch (error) {
      throw passOn(error, user)
    }
    if (!user || !stored) throw refuse('refused', unauthorized(), user)
    if (user.status !== 'active') throw refuse('inactive', forbidden('User is inactive'), user)
    if (!deps.policy.accepts(Buffer.from(credentials.password).toString())) {
      throw refuse('weak-password', forbidden('password change required'), user)
    }
    const orgID = deps.deployment === 'cloud' ? await confinement(user, wanted) : undefined
    if (deps.deployment === 'cloud' && !orgID) throw refuse('no-organization', unauthorized(), user)

    // A better hash than the stored one is made while the password is at hand, and kept with the sign-in.
    const better = deps.hasher.needsRehash(stored.hash)
      ? await deps.hasher.hash(credentials.password)
      : undefined
    const key = createSecret()
    const keyHash = hashSecret(key)
    const at = now()
    const expiresAt = terms.firstEnd(at, remember && terms.mayRemember)
    const remembered = remember && terms.mayRemember
    const started = {
      keyHash,
      userID: user.id,
      orgID,
      createdAt: at,
      lastUsedAt: at,
      expiresAt,
      cookieSentAt: at,
      address: origin.address,
      userAgent: origin.userAgent,
      remembered,
    } as const
    const signingIn = deps.changes(async (change) => {
      // Whoever was deactivated, or whose password was changed, while it was being checked stays outside.
      const current = await change.users.byId(user.id)
      const ends = await change.sessionEnds.ofUser(user.id)
      if (current?.status !== 'active' || !ends) {
        throw refuse('inactive', current ? forbidden('User is inactive') : unauthorized(), user)
      }
      const unchanged = (await change.passwords.get(user.id))?.hash === stored.hash
      if (!unchanged) throw refuse('refused', unauthorized(), user)
      if (better) await change.passwords.set(user.id, { ...stored, hash: better })
      const { instanceGeneration, userGeneration } = ends
      const session: Session = { ...started, instanceGeneration, userGeneration }
      if (remembered) await change.rememberedSessions.add(session)
      const ended = await makeRoom(change, { userID: user.id, at, presentedKeys, origin })
      await known.note(change.knownAddresses, user.id, origin.address)
      const target = { type: 'session', id: sessionID(session), userID: user.id, userName: user.name, orgID }
      change.records({ event: 'signin', target, origin, actor: { userID: user.id, sessionID: target.id } })
      // Before the change is kept: were the user deactivated right after it, the session must be there to end.
      await sessionStore.add(session)
      return ended
    })
    const ended = await signingIn.catch(async (error) => {
      await sessionStore.remove(keyHash)
      throw error
    })
    for (const keyHash of ended) await sessionStore.remove(keyHash)
    deps.count('success')
    return { key, expiresAt }
  }
}
