/**
 * Giving rights away. Adding a member or owner, creating, activating or rotating a token, setting a password and
 * activating a user all give rights, and the caller must hold every right that it gives.
 */

import { forbidden, SluiceError } from '../base/errors.ts'
import type { Id } from '../base/id.ts'
import type { AuthorizationStore } from '../records/authorization.ts'
import type { BucketStore } from '../records/bucket.ts'
import type { Membership, MembershipStore } from '../records/membership.ts'
import { formatPermission, type Permission, type ResourceType } from '../records/permission.ts'
import { membershipPermissions, selfPermissions } from './grants.ts'
import {
  type Caller,
  isOperator,
  missingFrom,
  type OrganizationOf,
  organizationIn,
  type Principal,
} from './principal.ts'

/** What is read to find out in which organization a resource lies. */
export interface PlaceRecords {
  readonly buckets: Pick<BucketStore, 'byIds'>
  readonly authorizations: Pick<AuthorizationStore, 'byId'>
}

/** What is read to find out what a user may do. */
export interface RightsRecords extends PlaceRecords {
  readonly memberships: Pick<MembershipStore, 'ofUser'>
  readonly authorizations: Pick<AuthorizationStore, 'byId' | 'list'>
}

/**
 * In which organization the resources lie that permissions name. Of types that Sluice keeps no records of, the
 * organization beside the id is believed.
 */
export async function organizationsOf(
  permissions: readonly Permission[],
  { buckets, authorizations }: PlaceRecords,
): Promise<OrganizationOf> {
  const idsOf = (type: ResourceType) =>
    permissions.flatMap(({ resource }) => (resource.type === type && resource.id ? [resource.id] : []))
  const known = new Map<Id, Id>()
  for (const { id, orgID } of await buckets.byIds(idsOf('buckets'))) known.set(id, orgID)
  for (const id of idsOf('authorizations')) {
    const authorization = await authorizations.byId(id)
    if (authorization) known.set(id, authorization.orgID)
  }
  return ({ type, id, orgID }) => {
    if (type === 'orgs' || type === 'users') return undefined
    return type === 'buckets' || type === 'authorizations' ? known.get(id) : orgID
  }
}

/** Throws `forbidden` unless the caller holds all that this membership grants. `orgID`: where its resource lies. */
export function requireMembershipHeld({ principal }: Caller, membership: Membership, orgID: Id): void {
  requireLasting(principal)
  const bucketOrganization = membership.resourceType === 'buckets' ? orgID : undefined
  requireNothingMissing(principal, membershipPermissions(membership), () => bucketOrganization)
}

/**
 * Throws `forbidden` unless the caller holds all that the user may do, by memberships, active tokens and being
 * itself, or is an operator: who sets a user's password, or activates the user, can act as that user.
 */
export async function requireRightsOf(
  { principal }: Caller,
  userID: Id,
  records: RightsRecords,
  at: number,
): Promise<void> {
  requireLasting(principal)
  if (isOperator(principal, 'write')) return
  const held = await rightsOf(userID, records, at)
  requireNothingMissing(principal, held, await organizationsOf(held, records))
}

/** What a user may do at that time (milliseconds since 1970): what its sessions inherit. */
export async function rightsOf(userID: Id, records: RightsRecords, at: number): Promise<Permission[]> {
  const memberships = await records.memberships.ofUser(userID)
  const tokens = await records.authorizations.list({ userID })
  return [
    ...memberships.flatMap(membershipPermissions),
    ...tokens
      .filter(({ status, expired, expiresAt }) => {
        return status === 'active' && !expired && (expiresAt === undefined || Date.parse(expiresAt) > at)
      })
      .flatMap(({ permissions }) => permissions),
    ...selfPermissions(userID),
  ]
}

/** A membership, a password and an activated user have no end, so a token that has one would outlive it. */
function requireLasting({ endsAt }: Principal): void {
  if (endsAt === undefined) return
  throw forbidden(
    `this gives access without an end, and your token ends ${new Date(endsAt).toISOString()}; sign in, or use a token that does not expire`,
  )
}

function requireNothingMissing(
  principal: Principal,
  given: readonly Permission[],
  organizationOf: OrganizationOf,
): void {
  const missing = missingFrom(principal, given, organizationOf)
  if (!missing) return
  throw new SluiceError(
    'forbidden',
    `this would give ${formatPermission(missing)}, which you do not have yourself; ask an owner or an operator`,
    { orgID: organizationIn(missing) },
  )
}
