import type { Authorization, AuthorizationStore } from '../authorizations/authorization.ts'
import { forbidden, unauthorized } from '../errors.ts'
import type { Id } from '../id.ts'
import type { MaybePromise } from '../maybe-promise.ts'
import type { MembershipStore } from '../memberships/membership.ts'
import { membershipPermissions, selfPermissions } from '../permissions/grants.ts'
import { compilePermissions } from '../permissions/permission-set.ts'
import { hashSecret, storedTokenHash } from '../secrets.ts'
import type { UserStore } from '../users/user.ts'
import { confine } from './confinement.ts'
import { createFreshCache } from './fresh-cache.ts'
import type { Principal } from './principal.ts'

export interface Principals {
  /**
   * The principal of a session: what its user may do now, in all organizations or confined to one.
   * Undefined when the user is gone.
   */
  ofUser(userID: Id, confinedTo?: Id): MaybePromise<Principal | undefined>
  /** The principal of a token. Throws `unauthorized` or `forbidden` where it gives no access. */
  ofToken(token: string): MaybePromise<Principal>
  /** To be called for every user of whom anything changed: record, memberships, tokens. */
  forget(userID: Id): void
}

interface TokenEntry {
  readonly authorization: Authorization
  readonly principal: Principal
}

const KEPT_PRINCIPALS = 100_000

/** Principals, compiled once and kept until something that they depend on changes. */
export function createPrincipals(deps: {
  users: Pick<UserStore, 'byId'>
  memberships: Pick<MembershipStore, 'ofUser'>
  authorizations: Pick<AuthorizationStore, 'list' | 'byHash'>
}): Principals {
  const users = createFreshCache<Principal>({
    limit: KEPT_PRINCIPALS,
    userOf: ({ user }) => user.id,
    async load(key) {
      const [userID, confinedTo] = key.split('/') as [Id, Id | undefined]
      const user = await deps.users.byId(userID)
      if (!user) return undefined
      const memberships = await deps.memberships.ofUser(userID)
      const authorizations = await deps.authorizations.list({ userID })
      // A switched-off token gives nobody anything; the real server goes on granting what it held.
      const tokens = authorizations.filter(
        ({ status, orgID }) => status === 'active' && (!confinedTo || orgID === confinedTo),
      )
      const granting = memberships.filter(
        ({ resourceType, resourceID }) =>
          !confinedTo || resourceType === 'buckets' || resourceID === confinedTo,
      )
      const permissions = compilePermissions([
        ...granting.flatMap(membershipPermissions),
        ...tokens.flatMap((token) => token.permissions),
        ...selfPermissions(userID),
      ])
      return confinedTo
        ? { kind: 'session', user, permissions: confine(permissions, confinedTo, userID), confinedTo }
        : { kind: 'session', user, permissions }
    },
  })

  const tokens = createFreshCache<TokenEntry>({
    limit: KEPT_PRINCIPALS,
    userOf: ({ authorization }) => authorization.userID,
    async load(secretHash) {
      const authorization = await deps.authorizations.byHash(storedTokenHash(secretHash))
      if (!authorization) return undefined
      const user = await deps.users.byId(authorization.userID)
      if (!user) return undefined
      const permissions = compilePermissions(authorization.permissions)
      return { authorization, principal: { kind: 'token', user, permissions } }
    },
  })

  const key = (userID: Id, confinedTo?: Id) => (confinedTo ? `${userID}/${confinedTo}` : userID)

  return {
    ofUser: (userID, confinedTo) => users.get(key(userID, confinedTo)),
    ofToken(token) {
      const entry = tokens.get(hashSecret(token))
      return entry instanceof Promise ? entry.then(usable) : usable(entry)
    },
    forget(userID) {
      users.forget(userID)
      tokens.forget(userID)
    },
  }
}

function usable(entry: TokenEntry | undefined): Principal {
  if (!entry) throw unauthorized()
  if (entry.authorization.status === 'inactive') throw unauthorized('token is inactive')
  if (entry.principal.user.status === 'inactive') throw forbidden('User is inactive')
  return entry.principal
}
