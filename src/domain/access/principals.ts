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
} from '../records/authorization.ts'
import type { MembershipStore } from '../records/membership.ts'
import type { PasswordStore } from '../records/password-store.ts'
import type { Permission } from '../records/permission.ts'
import type { Session } from '../records/session.ts'
import { isOfEarlierGeneration, type SessionEndStore, type SessionEnds } from '../records/session-ends.ts'
import { ALONE, type Stamp, type Stamps } from '../records/stamps.ts'
import type { UserStore } from '../records/user.ts'
import { confine, type Deployment } from './confinement.ts'
import { createFreshCache } from './fresh-cache.ts'
import { membershipPermissions, selfPermissions } from './grants.ts'
import { compilePermissions } from './permission-set.ts'
import type { Principal } from './principal.ts'
import { createTokenPermissions } from './token-permissions.ts'

export interface Principals {
  /**
   * The principal of a session: what its user may do now, in all organizations or confined to one. Undefined
   * when the user is gone, and when the database knows that the session has ended.
   *
   * @param stamp of the user, as it was read after the request began
   */
  ofSession(session: Session, stamp: Stamp): MaybePromise<Principal | undefined>
  /** The principal of a token. Throws `unauthorized` or `forbidden` where it gives no access. */
  ofToken(token: string): MaybePromise<Principal>
  /** To be called for every user of whom anything changed: record, memberships, tokens. */
  forget(userID: ID): void
  /** To be called when everybody is affected. */
  forgetAll(): void
}

interface UserEntry {
  readonly principal: Principal
  readonly sessionEnds: SessionEnds
  /** Sessions that had not ended by themselves when this was loaded. */
  readonly live: Set<string>
  /** When the first expiring token ends, or when the entry is loaded again in any case. */
  readonly validUntil: number
}

interface TokenEntry {
  readonly authorization: Authorization
  readonly principal: Principal
  readonly expiresAt: number
  /** For the secret before a rotation, the end of its grace period. */
  readonly worksUntil: number
  readonly validUntil: number
  /** Until then a request uses the principal without a look at the rest, which many tokens would have to fetch from memory. */
  readonly plainUntil: number
}

const KEPT_PRINCIPALS = 100_000
/**
 * A program that can write to Redis can restore an old stamp, so that a node goes on with what it loaded under it: for so
 * long and no longer.
 */
export const LONGEST_KEPT_MS = 5 * 60_000

/** Principals, compiled once and kept until something that they depend on changes. */
export function createPrincipals(deps: {
  users: Pick<UserStore, 'byID'>
  memberships: Pick<MembershipStore, 'ofUser'>
  passwords: Pick<PasswordStore, 'get'>
  authorizations: Pick<AuthorizationStore, 'list' | 'byHash' | 'markExpired'>
  sessionEnds: Pick<SessionEndStore, 'ofUser' | 'has'>
  now: Clock
  /** Called for every use of a token; must cost next to nothing. */
  noteUse: (authorizationID: ID, at: number) => void
  deployment: Deployment
  /** Undefined where this process alone changes what it keeps. */
  stamps: Pick<Stamps, 'read'> | undefined
  /** Where there are no stamps: what stands for everything that this process keeps, now. */
  ownStamp?: (() => Stamp) | undefined
}): Principals {
  const { ownStamp = () => ALONE } = deps
  /** Stamps are kept where others can write; what they could hold back is bounded. */
  const endOfKeeping = () => (deps.stamps ? deps.now() + LONGEST_KEPT_MS : Number.POSITIVE_INFINITY)
  const users = createFreshCache<UserEntry>({
    limit: KEPT_PRINCIPALS,
    userOf: ({ principal }) => principal.user.id,
    isValid: ({ validUntil }) => validUntil > deps.now(),
    async load(key) {
      const [userID, confinedTo] = key.split('/') as [ID, ID | undefined]
      const keptUntil = endOfKeeping()
      const user = await deps.users.byID(userID)
      if (!user) return undefined
      const memberships = await deps.memberships.ofUser(userID)
      const authorizations = await deps.authorizations.list({ userID })
      const password = await deps.passwords.get(userID)
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
        },
      }
    },
  })

  const permissionsOfToken = createTokenPermissions()

  // By SHA-256, which is quick to compute for each request; the SHA-512 is only needed to load.
  const tokens = createFreshCache<TokenEntry, string>({
    limit: KEPT_PRINCIPALS,
    isValid(entry) {
      const at = deps.now()
      return entry.plainUntil > at || entry.validUntil > at
    },
    userOf: ({ authorization }) => authorization.userID,
    async load(_secretHash, token) {
      const validUntil = endOfKeeping()
      const hashes = storedTokenHashes(token)
      const authorization = await deps.authorizations.byHash(...hashes)
      if (!authorization) return undefined
      const user = await deps.users.byID(authorization.userID)
      if (!user) return undefined
      const { id, previous, description, orgID } = authorization
      // In deployment cloud a token stays within its organization, as the session does that makes it. One that is not
      // kept to organizations and ids is an operator's.
      const confinedTo =
        deps.deployment === 'cloud' && !authorization.permissions.some(isUnscoped) ? orgID : undefined
      const permissions = permissionsOfToken(authorization, confinedTo)
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
    if (entry.live.has(keyHash)) return entry.principal
    return deps.sessionEnds.has(keyHash).then((ended) => {
      if (ended) return undefined
      entry.live.add(keyHash)
      return entry.principal
    })
  }

  /** Whose token it is says which stamp to read, so one that is not kept is looked up before. */
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

const permissionsOf = ({ permissions }: Authorization) => permissions

const isUnscoped = ({ resource: { id, orgID } }: Permission) => id === undefined && orgID === undefined

/** Where stamps cannot be read nothing that is kept is used, and tokens go on. */
async function stampOrNone(stamps: Pick<Stamps, 'read'>, userID: ID): Promise<Stamp> {
  try {
    return await stamps.read(userID)
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'unavailable') return null
    throw error
  }
}
