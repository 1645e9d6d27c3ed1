/** What memberships grant, in the order in which InfluxDB lists it. */
import type { ID } from '../base/id.ts'
import type { Membership } from '../records/membership.ts'
import { ACTIONS, type Action, type Permission, permission, RESOURCE_TYPES } from '../records/permission.ts'

const ORGANIZATION_TYPES = RESOURCE_TYPES.filter((type) => type !== 'instance')

/** Reading and writing everything but the instance, in every organization: the token that setup makes. */
export function operatorPermissions(): Permission[] {
  return ORGANIZATION_TYPES.flatMap((type) => ACTIONS.map((action) => permission(action, type)))
}

/** Everybody reads and writes their own user. */
export function selfPermissions(userID: ID): Permission[] {
  return ACTIONS.map((action) => permission(action, 'users', { id: userID }))
}

/**
 * What one membership grants. The owner of a bucket reads and writes it; the real server grants such an
 * owner nothing, which its users report as a bug.
 */
export function membershipPermissions({ role, resourceType, resourceID }: Membership): Permission[] {
  const actions: readonly Action[] = role === 'owner' ? ACTIONS : ['read']
  switch (resourceType) {
    case 'instance':
      return actions.map((action) => permission(action, 'instance'))
    case 'buckets':
      return actions.map((action) => permission(action, 'buckets', { id: resourceID }))
    case 'orgs':
      return ORGANIZATION_TYPES.flatMap((type) =>
        actions.map((action) =>
          permission(action, type, type === 'orgs' ? { id: resourceID } : { orgID: resourceID }),
        ),
      )
  }
}
