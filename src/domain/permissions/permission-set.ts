import { formatPermission, type Permission, permission, type ResourceType } from './permission.ts'

/** Held permissions, compiled so that one question costs at most four look-ups however many there are. */
export interface PermissionSet {
  allows(wanted: Permission): boolean
}

/**
 * Compiles held permissions. A held one allows a wanted one when the actions are equal and the held type is
 * `instance`; or the types are equal and it names neither id nor organization, or only the wanted one's
 * organization, or the wanted one's id (an id decides alone, whatever organization stands beside it).
 */
export function compilePermissions(held: Iterable<Permission>): PermissionSet {
  const keys = new Set<string>()
  for (const { action, resource } of held) {
    const { type, id, orgID } = resource
    if (type === 'instance') keys.add(`${action}:*`)
    else if (id) keys.add(formatPermission(permission(action, type, { id })))
    else keys.add(formatPermission(permission(action, type, orgID ? { orgID } : {})))
  }
  return {
    allows({ action, resource: { type, id, orgID } }) {
      const unscoped = `${action}:${type}`
      return (
        keys.has(`${action}:*`) ||
        keys.has(unscoped) ||
        (orgID !== undefined && keys.has(`${action}:orgs/${orgID}/${type}`)) ||
        (id !== undefined && keys.has(`${unscoped}/${id}`))
      )
    },
  }
}

/** True where one type of resource may be acted on whatever its id and organization. */
export function allowsAll(set: PermissionSet, action: Permission['action'], type: ResourceType): boolean {
  return set.allows(permission(action, type))
}
