/**
 * Giving rights away. Adding a member or owner, creating, activating or rotating a token, setting a password and
 * activating a user all give rights, and the caller must hold every right that it gives.
 */

import { forbidden } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { type AuthorizationStore, isEffective } from '../records/authorization.ts'
import type { BucketStore } from '../records/bucket.ts'
import type { Membership, MembershipStore } from '../records/membership.ts'
import { ACTIONS, formatPermission, type Permission, type ResourceType } from '../records/permission.ts'
import { membershipPermissions, selfPermissions } from './grants.ts'
import type { PermissionSet } from './permission-set.ts'
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
  readonly buckets: Pick<BucketStore, 'byIDs'>
  readonly authorizations: Pick<AuthorizationStore, 'byID'>
}

/** What is read to find out what a user may do. */
export interface RightsRecords extends PlaceRecords {
  readonly memberships: Pick<MembershipStore, 'ofUser'>
  readonly authorizations: Pick<AuthorizationStore, 'byID' | 'grants'>
}

/**
 * Finds the organization of each resource that permissions name. For types of which Sluice keeps no records, it takes
 * the organization that the permission names beside the id.
 */
export async function organizationsOf(
  permissions: readonly Permission[],
  { buckets, authorizations }: PlaceRecords,
): Promise<OrganizationOf> {
  const idsOf = (type: ResourceType) =>
    permissions.flatMap(({ resource }) => (resource.type === type && resource.id ? [resource.id] : []))
  const known = new Map<ID, ID>()
  for (const { id, orgID } of await buckets.byIDs(idsOf('buckets'))) known.set(id, orgID)
  for (const id of idsOf('authorizations')) {
    const authorization = await authorizations.byID(id)
    if (authorization) known.set(id, authorization.orgID)
  }
  return ({ type, id, orgID }) => {
    if (type === 'orgs' || type === 'users') return undefined
    return type === 'buckets' || type === 'authorizations' ? known.get(id) : orgID
  }
}

/** Throws `forbidden` unless the caller holds all that this membership grants. `orgID`: where its resource lies. */
export function requireMembershipHeld({ principal }: Caller, membership: Membership, orgID: ID): void {
  const bucketOrganization = membership.resourceType === 'buckets' ? orgID : undefined
  const given = membershipPermissions(membership)
  const place = () => bucketOrganization
  const missing = missingFrom(principal, given, place)
  if (missing) throw notHeld(formatPermission(missing), organizationIn(missing))
  requireLasting(principal, given, place)
}

/**
 * Throws `forbidden` unless the caller is an operator or holds every right that the user has by memberships, active
 * tokens and the user's own account: setting a user's password or activating the user lets the caller act as that
 * user. The message does not name the missing right, because that would tell to which organizations the user belongs.
 */
export async function requireRightsOf(
  { principal }: Caller,
  userID: ID,
  records: RightsRecords,
  at: number,
): Promise<void> {
  if (isOperatorOf(principal.lasting)) return
  const held = await rightsOf(userID, records, at)
  const place = await organizationsOf(held, records)
  if (!isOperatorOf(principal.permissions) && missingFrom(principal, held, place)) {
    throw notHeld('rights', undefined)
  }
  requireLasting(principal, held, place)
}

/** Needs both actions: with one of them alone a caller could set an operator's password and so gain the other. */
function isOperatorOf(permissions: PermissionSet): boolean {
  return ACTIONS.every((action) => isOperator({ permissions }, action))
}

/** The permissions of a user at that time (milliseconds since 1970), as the user's sessions inherit them. */
export async function rightsOf(userID: ID, records: RightsRecords, at: number): Promise<Permission[]> {
  const memberships = await records.memberships.ofUser(userID)
  const tokens = await records.authorizations.grants({ userID })
  return [
    ...memberships.flatMap(membershipPermissions),
    ...tokens.filter((token) => isEffective(token, at)).flatMap(({ permissions }) => permissions),
    ...selfPermissions(userID),
  ]
}

/**
 * Throws `forbidden` if the giver holds one of these rights only until some time, such as by an expiring token, also
 * one that a session inherits: memberships, passwords and activated users do not expire.
 */
export function requireLasting(
  principal: Principal,
  given: readonly Permission[],
  organizationOf: OrganizationOf,
): void {
  const endsAt = endOfRights(principal, given, organizationOf)
  if (endsAt === undefined) return
  throw forbidden(
    'outlives-token',
    `this gives access without an end, and yours ends ${new Date(endsAt).toISOString()} with a token; use rights that do not expire`,
  )
}

/**
 * Until when a principal holds all of these rights, and so may give them away: milliseconds since 1970; undefined if
 * without end.
 */
export function endOfRights(
  { lasting, endsAt }: Principal,
  given: readonly Permission[],
  organizationOf: OrganizationOf,
): number | undefined {
  if (endsAt === undefined) return undefined
  return missingFrom({ permissions: lasting }, given, organizationOf) ? endsAt : undefined
}

const notHeld = (what: string, orgID: ID | undefined) =>
  forbidden(
    'beyond-own-rights',
    `this would give ${what}, which you do not have yourself; ask an owner or an operator`,
    { orgID },
  )
