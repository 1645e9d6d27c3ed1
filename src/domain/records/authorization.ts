/** An authorization is InfluxDB's name for the record of an API token. */
import type { ID } from '../base/id.ts'
import type { Permission } from './permission.ts'
import type { Status } from './user.ts'

export interface Authorization {
  readonly id: ID
  /** A form of `storedTokenHashes`: SHA-512 for some imported tokens, else SHA-256. The token itself is never stored. */
  readonly hashedToken: string
  readonly status: Status
  readonly description: string
  readonly orgID: ID
  readonly userID: ID
  readonly permissions: readonly Permission[]
  readonly createdAt: string
  readonly updatedAt: string
  /** RFC 3339, UTC; undefined if the token never expires. */
  readonly expiresAt?: string | undefined
  /** Set once the token was found expired: it stays expired even if the clock is set back. */
  readonly expired?: true
  readonly lastUsedAt?: string | undefined
  /** The hash of the secret before the last rotation, and the time until which that secret is accepted. */
  readonly previous?: { readonly hashedToken: string; readonly until: string } | undefined
}

/** When a token expires: milliseconds since 1970, or infinity if it never does. */
export function expiryOf({ expiresAt }: Pick<Authorization, 'expiresAt'>): number {
  return expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiresAt)
}

/** What one or more of a user's tokens grant, without saying which. */
export type TokenGrant = Pick<
  Authorization,
  'userID' | 'orgID' | 'permissions' | 'status' | 'expiresAt' | 'expired'
>

/** Whether a token grants its permissions at that time (milliseconds since 1970). */
export function isEffective(
  authorization: Pick<Authorization, 'status' | 'expiresAt' | 'expired'>,
  at: number,
): boolean {
  const { status, expired } = authorization
  return status === 'active' && !expired && expiryOf(authorization) > at
}

export interface AuthorizationFilter {
  readonly userID?: ID | undefined
  readonly orgID?: ID | undefined
}

export interface TokensSize {
  readonly count: number
  /** The length of these tokens' permissions as JSON, in characters. */
  readonly permissionsLength: number
}

/** The numbers of active tokens that an operator should look at. */
export interface NoteworthyTokens {
  readonly expiring: number
  readonly neverUsed: number
}

export interface AuthorizationStore {
  /** Adds an authorization; `false` if one with the same token exists. */
  add(authorization: Authorization): Promise<boolean>
  /** Adds many at once, whose ids and tokens must be new. */
  addAll(authorizations: readonly Authorization[]): Promise<void>
  /** Replaces status, description, expiry, hashes and `updatedAt`, and nothing else. */
  update(authorization: Authorization): Promise<void>
  remove(id: ID): Promise<boolean>
  removeOfUser(userID: ID): Promise<void>
  removeOfOrganization(orgID: ID): Promise<void>
  byID(id: ID): Promise<Authorization | undefined>
  /** The tokens with these ids that exist, in any order. */
  byIDs(ids: readonly ID[]): Promise<Authorization[]>
  /**
   * Finds a token by the hash of its current secret, or of the secret before the last rotation; the caller checks
   * whether its grace period has ended. Pass the hashes of one secret by all algorithms in use.
   */
  byHash(...hashes: readonly string[]): Promise<Authorization | undefined>
  /** The hashes among these that are a current secret, or the one before the last rotation. */
  takenAmong(hashes: readonly string[]): Promise<ReadonlySet<string>>
  /**
   * Marks the tokens that expired before `at` (RFC 3339, UTC) as expired permanently, and forgets secrets whose grace
   * period has ended; for all authorizations, or only for `id`.
   */
  markExpired(at: string, id?: ID): Promise<void>
  /** Records when tokens were last used. */
  noteUse(uses: readonly { readonly id: ID; readonly at: string }[]): Promise<void>
  /** All that match, in id order. */
  list(filter: AuthorizationFilter): Promise<Authorization[]>
  /**
   * What the matching tokens grant that are active and not marked expired, each grant once, in any order. A session
   * needs its user's at the first request after a change, and reading 20,000 whole tokens takes several times as long.
   */
  grants(filter: AuthorizationFilter): Promise<TokenGrant[]>
  /** How much all of a user's tokens take in the store. */
  sizeOfUser(userID: ID): Promise<TokensSize>
  /** Counts active tokens that expire after `now` and until `soon`, and those never used (RFC 3339, UTC). */
  noteworthy(now: string, soon: string): Promise<NoteworthyTokens>
  /** The ids of the users who have a token in this organization, each once. */
  usersOfOrganization(orgID: ID): Promise<ID[]>
  /** How many tokens each of these organizations has; those without any are absent. */
  countByOrganization(orgIDs: readonly ID[]): Promise<ReadonlyMap<ID, number>>
}
