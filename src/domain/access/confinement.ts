import type { ID } from '../base/id.ts'
import type { PermissionSet } from './permission-set.ts'

/** `oss`: a session has all organizations of its user. `cloud`: it is confined to one. */
export type Deployment = 'oss' | 'cloud'

/**
 * Narrows permissions to one organization (deployment `cloud`): nothing outside it is allowed, however wide
 * the permission held, and nothing that names no organization but the user's own record.
 */
export function confine(permissions: PermissionSet, orgID: ID, self: ID): PermissionSet {
  return {
    allows(wanted) {
      const { type, id, orgID: wantedOrg } = wanted.resource
      // The instance is in no organization, whichever one is named beside it.
      if (type === 'instance') return false
      const inside =
        wantedOrg !== undefined
          ? wantedOrg === orgID && (type !== 'orgs' || id === undefined || id === orgID)
          : (type === 'orgs' && id === orgID) || (type === 'users' && id === self)
      return inside && permissions.allows(wanted)
    },
    idsOf: (type) => permissions.idsOf(type),
    idsNamedIn: (named, action, type) => (named === orgID ? permissions.idsNamedIn(named, action, type) : []),
  }
}
