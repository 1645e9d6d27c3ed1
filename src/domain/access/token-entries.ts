/** What is cached of each token: its principal, and until when it may be used without a further look. */
import { storedTokenHashes } from '../base/secrets.ts'
import { type Authorization, type AuthorizationStore, expiryOf } from '../records/authorization.ts'
import type { MembershipStore } from '../records/membership.ts'
import type { LinkedIdentityStore } from '../records/outside-identity.ts'
import type { Permission } from '../records/permission.ts'
import type { UserStore } from '../records/user.ts'
import { type SsoTokens, tokenBoundOf } from './bounded-tokens.ts'
import type { Deployment } from './confinement.ts'
import { createFreshCache, type FreshCache } from './fresh-cache.ts'
import { compilePermissions } from './permission-set.ts'
import type { Principal } from './principal.ts'
import { endOfKeeping, isAhead, KEPT_PRINCIPALS, type Keeping } from './principal-keeping.ts'
import { createTokenPermissions } from './token-permissions.ts'

export interface TokenEntry {
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

export interface TokenEntryDeps extends Keeping {
  readonly users: Pick<UserStore, 'byID'>
  readonly memberships: Pick<MembershipStore, 'ofUser'>
  readonly authorizations: Pick<AuthorizationStore, 'byHash'>
  readonly linkedIdentities: Pick<LinkedIdentityStore, 'hasAny'>
  readonly ssoTokens: SsoTokens
  readonly deployment: Deployment
}

/** Keyed by SHA-256, which is quick to compute for each request; the slower SHA-512 is computed only for a load. */
export function createTokenEntries(deps: TokenEntryDeps): FreshCache<TokenEntry, string> {
  const permissionsOfToken = createTokenPermissions()

  async function load(_secretHash: string, token: string): Promise<TokenEntry | undefined> {
    const validUntil = endOfKeeping(deps)
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
  }

  return createFreshCache<TokenEntry, string>({
    limit: KEPT_PRINCIPALS,
    isValid: ({ validUntil }) => isAhead(validUntil, deps.now),
    userOf: ({ authorization }) => authorization.userID,
    load,
  })
}

const NO_PERMISSIONS = compilePermissions([])

const isUnscoped = ({ resource: { id, orgID } }: Permission) => id === undefined && orgID === undefined
