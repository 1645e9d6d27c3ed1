import type { Clock } from '../base/clock.ts'
import { forbidden, SluiceError, unauthorized } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { andThen, type MaybePromise } from '../base/maybe-promise.ts'
import { hashSecret, storedTokenHashes } from '../base/secrets.ts'
import {
  type Authorization,
  type AuthorizationStore,
  expiryOf,
  isEffective,
  type TokenGrant,
} from '../records/authorization.ts'
import type { Membership, MembershipStore } from '../records/membership.ts'
import type { LinkedIdentityStore } from '../records/outside-identity.ts'
import type { PasswordStore } from '../records/password-store.ts'
import type { Permission } from '../records/permission.ts'
import type {
  FactorHolderStore,
  SecondFactorPolicyStore,
  SecondFactorStore,
} from '../records/second-factor.ts'
import { isApplicationMethod, type Session } from '../records/session.ts'
import { isOfEarlierGeneration, type SessionEndStore, type SessionEnds } from '../records/session-ends.ts'
import { ALONE, type Stamp, type Stamps } from '../records/stamps.ts'
import type { UserStore } from '../records/user.ts'
import { areTokensBounded, type SsoTokens, tokenBoundOf } from './bounded-tokens.ts'
import { confine, type Deployment } from './confinement.ts'
import { createFreshCache } from './fresh-cache.ts'
import { membershipPermissions, selfPermissions } from './grants.ts'
import { limitedToData } from './limited-to-data.ts'
import { compilePermissions } from './permission-set.ts'
import type { Principal } from './principal.ts'
import { isFactorRequired, type SecondFactorOptions } from './required-factor.ts'
import { createTokenPermissions } from './token-permissions.ts'

export interface Principals {
  /**
   * The principal of a session, with what its user may do now, in all organizations or confined to one. Undefined if
   * the user was deleted, or if the database has recorded that the session ended.
   *
   * @param stamp of the user, as it was read after the request began
   */
  ofSession(session: Session, stamp: Stamp): MaybePromise<Principal | undefined>
  /** The principal of a token. Throws `unauthorized` or `forbidden` if the token gives no access. */
  ofToken(token: string): MaybePromise<Principal>
  /** Call it for every user whose record, memberships or tokens changed. */
  forget(userID: ID): void
  /** Call it after a change that affects all users. */
  forgetAll(): void
}

interface UserEntry {
  readonly principal: Principal
  readonly sessionEnds: SessionEnds
  /** Hashes of the sessions that the database did not list as ended when they were first used with this entry. */
  readonly live: Set<string>
  /** When the first expiring token ends, or when the entry is loaded again in any case. */
  readonly validUntil: number
}

interface TokenEntry {
  readonly authorization: Authorization
  readonly principal: Principal
  readonly expiresAt: number
  /** The end of the grace period, if the entry is for the secret from before a rotation; otherwise infinity. */
  readonly worksUntil: number
  readonly validUntil: number
  /**
   * Until then a request may use the principal without reading the other fields. With many tokens, each further read
   * is a cache miss.
   */
  readonly plainUntil: number
}

const KEPT_PRINCIPALS = 100_000
/**
 * How long a principal is cached at most in a cluster. A program that can write to Redis could restore an old stamp
 * and so keep a node using old rights; this bounds for how long.
 */
export const LONGEST_KEPT_MS = 5 * 60_000

/** Compiles principals once, and caches them until something on which they depend changes. */
export function createPrincipals(deps: {
  users: Pick<UserStore, 'byID'>
  memberships: Pick<MembershipStore, 'ofUser'>
  passwords: Pick<PasswordStore, 'get'>
  authorizations: Pick<AuthorizationStore, 'grants' | 'byHash' | 'markExpired'>
  sessionEnds: Pick<SessionEndStore, 'ofUser' | 'has'>
  secondFactors: Pick<SecondFactorStore, 'hasAny'>
  factorHolders: Pick<FactorHolderStore, 'graceUsed'>
  secondFactorPolicies: Pick<SecondFactorPolicyStore, 'ofOrganizations'>
  secondFactor: SecondFactorOptions
  linkedIdentities: Pick<LinkedIdentityStore, 'hasAny'>
  ssoTokens: SsoTokens
  now: Clock
  /** Called for every use of a token; must cost next to nothing. */
  noteUse: (authorizationID: ID, at: number) => void
  deployment: Deployment
  /** Undefined on a single node, whose own process makes every change. */
  stamps: Pick<Stamps, 'read'> | undefined
  /**
   * Without `stamps`: the one stamp for everything that this process caches, which changes when a command such as
   * `recovery` changes the data.
   */
  ownStamp?: (() => Stamp) | undefined
}): Principals {
  const { ownStamp = () => ALONE } = deps
  /**
   * Other programs may be able to write stamps, so in a cluster an entry is loaded again after a while even if its
   * stamp is unchanged.
   */
  const endOfKeeping = () => (deps.stamps ? deps.now() + LONGEST_KEPT_MS : Number.POSITIVE_INFINITY)
  /** Whether a user without a factor has used up the sign-ins that are allowed without one. */
  async function mustEnrol(userID: ID, memberships: readonly Membership[]): Promise<boolean> {
    const { rule, grace } = deps.secondFactor
    if (!(await isFactorRequired(rule, memberships, deps.secondFactorPolicies))) return false
    return grace === 0 || (await deps.factorHolders.graceUsed(userID)) > grace
  }

  const users = createFreshCache<UserEntry>({
    limit: KEPT_PRINCIPALS,
    userOf: ({ principal }) => principal.user.id,
    isValid: ({ validUntil }) => isAhead(validUntil, deps.now),
    async load(key) {
      const [userID, confinedTo] = key.split('/') as [ID, ID | undefined]
      const keptUntil = endOfKeeping()
      const user = await deps.users.byID(userID)
      if (!user) return undefined
      const memberships = await deps.memberships.ofUser(userID)
      // Bounded tokens give nothing that memberships do not give anyway.
      const isBounded = await areTokensBounded(userID, deps)
      const authorizations = isBounded ? [] : await deps.authorizations.grants({ userID })
      const password = await deps.passwords.get(userID)
      const hasSecondFactor = await deps.secondFactors.hasAny(userID)
      const lacksFactor = !hasSecondFactor && (await mustEnrol(userID, memberships))
      const sessionEnds = await deps.sessionEnds.ofUser(userID)
      if (!sessionEnds) return undefined
      const at = deps.now()
      // A switched-off token grants nothing; in InfluxDB its user's sessions keep what it held.
      const tokens = authorizations.filter(
        (token) => isEffective(token, at) && (!confinedTo || token.orgID === confinedTo),
      )
      const granting = memberships.filter(
        ({ resourceType, resourceID }) =>
          !confinedTo || resourceType === 'buckets' || resourceID === confinedTo,
      )
      const lasting = [
        ...granting.flatMap(membershipPermissions),
        ...tokens.filter((token) => expiryOf(token) === Number.POSITIVE_INFINITY).flatMap(permissionsOf),
        ...selfPermissions(userID),
      ]
      const expiring = tokens.filter((token) => expiryOf(token) < Number.POSITIVE_INFINITY)
      const endsAt = expiring.reduce(
        (first, token) => Math.min(first, expiryOf(token)),
        Number.POSITIVE_INFINITY,
      )
      const compiled = (permissions: readonly Permission[]) => {
        const set = compilePermissions(permissions)
        return confinedTo ? confine(set, confinedTo, userID) : set
      }
      const lastingSet = compiled(lasting)
      return {
        validUntil: Math.min(keptUntil, endsAt),
        sessionEnds,
        live: new Set(),
        principal: {
          kind: 'session',
          user,
          permissions:
            expiring.length > 0 ? compiled([...lasting, ...expiring.flatMap(permissionsOf)]) : lastingSet,
          lasting: lastingSet,
          ...(expiring.length > 0 ? { endsAt } : {}),
          ...(confinedTo ? { confinedTo } : {}),
          mustChangePassword: password?.mustChange ?? false,
          hasSecondFactor,
          mustEnrol: lacksFactor,
        },
      }
    },
  })

  const permissionsOfToken = createTokenPermissions()

  // Keyed by SHA-256, which is quick to compute for each request; the slower SHA-512 is computed only when a token is
  // loaded.
  const tokens = createFreshCache<TokenEntry, string>({
    limit: KEPT_PRINCIPALS,
    isValid: ({ validUntil }) => isAhead(validUntil, deps.now),
    userOf: ({ authorization }) => authorization.userID,
    async load(_secretHash, token) {
      const validUntil = endOfKeeping()
      const hashes = storedTokenHashes(token)
      const authorization = await deps.authorizations.byHash(...hashes)
      if (!authorization) return undefined
      const user = await deps.users.byID(authorization.userID)
      if (!user) return undefined
      const { id, previous, description, orgID } = authorization
      // In deployment `cloud` a token is confined to its organization, like the session that creates it. Only a token
      // with a permission that names neither an organization nor an id is an operator's.
      const confinedTo =
        deps.deployment === 'cloud' && !authorization.permissions.some(isUnscoped) ? orgID : undefined
      const permissions = permissionsOfToken(authorization, confinedTo, await tokenBoundOf(user.id, deps))
      const isPrevious = previous !== undefined && !hashes.includes(authorization.hashedToken)
      const expiresAt = authorization.expired ? Number.NEGATIVE_INFINITY : expiryOf(authorization)
      const worksUntil = isPrevious ? Date.parse(previous.until) : Number.POSITIVE_INFINITY
      const endsAt = Math.min(expiresAt, worksUntil)
      const isActive = authorization.status === 'active' && user.status === 'active'
      return {
        authorization,
        expiresAt,
        worksUntil,
        validUntil,
        plainUntil: isActive ? Math.min(validUntil, endsAt) : Number.NEGATIVE_INFINITY,
        principal: {
          ...{ kind: 'token', user, permissions, authorizationID: id },
          lasting: endsAt < Number.POSITIVE_INFINITY ? NO_PERMISSIONS : permissions,
          ...(confinedTo ? { confinedTo } : {}),
          ...{ authorizationDescription: description, authorizationOrgID: orgID },
          ...(endsAt < Number.POSITIVE_INFINITY ? { endsAt } : {}),
        },
      }
    },
  })

  const key = (userID: ID, confinedTo?: ID) => (confinedTo ? `${userID}/${confinedTo}` : userID)

  return {
    ofSession(session, stamp) {
      const entry = users.get(key(session.userID, session.orgID), stamp)
      return andThen(entry, (found) => alive(session, found))
    },
    ofToken(token) {
      const secretHash = hashSecret(token)
      if (deps.stamps) return stampedToken(token, secretHash, deps.stamps).then(usable)
      return andThen(tokens.get(secretHash, ownStamp(), token), usable)
    },
    forget(userID) {
      users.forget(userID)
      tokens.forget(userID)
    },
    forgetAll() {
      users.forgetAll()
      tokens.forgetAll()
    },
  }

  function alive(session: Session, entry: UserEntry | undefined): MaybePromise<Principal | undefined> {
    if (!entry || isOfEarlierGeneration(session, entry.sessionEnds)) return undefined
    const { keyHash } = session
    if (entry.live.has(keyHash)) return principalOf(session, entry)
    return deps.sessionEnds.has(keyHash).then((ended) => {
      if (ended) return undefined
      entry.live.add(keyHash)
      return principalOf(session, entry)
    })
  }

  function principalOf({ method }: Session, { principal }: UserEntry): Principal {
    return isApplicationMethod(method) ? limitedToData(principal, method) : principal
  }

  /** The stamp is that of the token's user, so a token that is not cached is looked up first. */
  async function stampedToken(token: string, secretHash: string, stamps: Pick<Stamps, 'read'>) {
    const kept = tokens.peek(secretHash)?.authorization
    const { userID } = kept ?? (await deps.authorizations.byHash(...storedTokenHashes(token))) ?? {}
    return userID && tokens.get(secretHash, await stampOrNone(stamps, userID), token)
  }

  /** A token that was reported expired stays expired, even if the clock is set back. */
  function isOver(entry: TokenEntry, at: number, refusal: SluiceError): Promise<never> {
    const { id, userID, expired } = entry.authorization
    if (expired) throw refusal
    return deps.authorizations.markExpired(new Date(at).toISOString(), id).then(() => {
      tokens.forget(userID)
      throw refusal
    })
  }

  function usable(entry: TokenEntry | undefined): MaybePromise<Principal> {
    const at = deps.now()
    if (!entry) throw unauthorized('unknown-token')
    if (entry.plainUntil > at) return used(entry, at)
    if (entry.worksUntil <= at) return isOver(entry, at, unauthorized('unknown-token'))
    const { authorization, principal } = entry
    if (authorization.status === 'inactive') throw unauthorized('token-inactive', 'token is inactive')
    if (entry.expiresAt <= at) return isOver(entry, at, unauthorized('token-expired', 'token is expired'))
    if (principal.user.status === 'inactive') throw forbidden('user-inactive', 'User is inactive')
    return used(entry, at)
  }

  function used({ principal }: TokenEntry, at: number): Principal {
    if (principal.authorizationID) deps.noteUse(principal.authorizationID, at)
    return principal
  }
}

const NO_PERMISSIONS = compilePermissions([])

/** Most entries never end, and to read the clock costs more than the rest of a look-up. */
const isAhead = (at: number, now: Clock): boolean => at === Number.POSITIVE_INFINITY || at > now()

const permissionsOf = ({ permissions }: TokenGrant) => permissions

const isUnscoped = ({ resource: { id, orgID } }: Permission) => id === undefined && orgID === undefined

/** If stamps cannot be read, requests by token do not use the cache and read the database. */
async function stampOrNone(stamps: Pick<Stamps, 'read'>, userID: ID): Promise<Stamp> {
  try {
    return await stamps.read(userID)
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'unavailable') return null
    throw error
  }
}
