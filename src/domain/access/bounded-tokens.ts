/**
 * Tokens of users who have an identity at a provider. InfluxDB's tokens keep what their maker had, and sessions inherit
 * it, so that a group taken away at the provider would take nothing away here.
 */
import type { ID } from '../base/id.ts'
import type { Membership, MembershipStore } from '../records/membership.ts'
import type { LinkedIdentityStore } from '../records/outside-identity.ts'
import { type Permission, permission } from '../records/permission.ts'
import { membershipPermissions, selfPermissions } from './grants.ts'
import type { PermissionSet } from './permission-set.ts'

/** `bounded`: such a token gives at most what its user's memberships give now. `kept`: InfluxDB's rule for all. */
export type SsoTokens = 'bounded' | 'kept'

export interface BoundRecords {
  readonly ssoTokens: SsoTokens
  readonly linkedIdentities: Pick<LinkedIdentityStore, 'hasAny'>
}

/** Whether tokens of this user are bounded. */
export async function areTokensBounded(
  userID: ID,
  { ssoTokens, linkedIdentities }: BoundRecords,
): Promise<boolean> {
  return ssoTokens === 'bounded' && linkedIdentities.hasAny(userID)
}

/** What a user may do without tokens. */
export function boundOf(userID: ID, memberships: readonly Membership[]): Permission[] {
  return [...memberships.flatMap(membershipPermissions), ...selfPermissions(userID)]
}

/** What a user may do without tokens, if the user's tokens give at most that; otherwise undefined. */
export async function tokenBoundOf(
  userID: ID,
  records: BoundRecords & { readonly memberships: Pick<MembershipStore, 'ofUser'> },
): Promise<Permission[] | undefined> {
  if (!(await areTokensBounded(userID, records))) return undefined
  return boundOf(userID, await records.memberships.ofUser(userID))
}

/** What both sets allow. */
export function bounded(own: PermissionSet, bound: PermissionSet): PermissionSet {
  return {
    allows: (wanted) => own.allows(wanted) && bound.allows(wanted),
    // Candidates only: who asks for them asks `allows` about each.
    idsOf: own.idsOf,
    idsNamedIn: (orgID, action, type) =>
      own
        .idsNamedIn(orgID, action, type)
        .filter((id) => bound.allows(permission(action, type, { id, orgID }))),
  }
}
