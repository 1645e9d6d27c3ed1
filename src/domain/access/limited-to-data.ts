import type { ResourceType } from '../records/permission.ts'
import type { ApplicationMethod } from '../records/session.ts'
import type { PermissionSet } from './permission-set.ts'
import type { Principal } from './principal.ts'

/** What decides who may do what. No session by an application password writes these. */
const ADMINISTERED: ReadonlySet<ResourceType> = new Set([
  'authorizations',
  'instance',
  'orgs',
  'secrets',
  'users',
])

const limited: Readonly<Record<ApplicationMethod, WeakMap<Principal, Principal>>> = {
  'application-password-use': new WeakMap(),
  'application-password-read': new WeakMap(),
}

/**
 * The principal of a session by an application password: it reads what the user may read and, unless the password is
 * for reading only, writes data, dashboards and the like, but no users, organizations, tokens or secrets. The same
 * object for the same principal, because others keep what they work out of one.
 */
export function limitedToData(principal: Principal, method: ApplicationMethod): Principal {
  const known = limited[method].get(principal)
  if (known) return known
  const made: Principal = {
    ...principal,
    permissions: limitedSet(principal.permissions, method),
    lasting: limitedSet(principal.lasting, method),
  }
  limited[method].set(principal, made)
  return made
}

function limitedSet(permissions: PermissionSet, method: ApplicationMethod): PermissionSet {
  const mayWrite = (type: ResourceType) => method === 'application-password-use' && !ADMINISTERED.has(type)
  return {
    allows: (wanted) =>
      (wanted.action === 'read' || mayWrite(wanted.resource.type)) && permissions.allows(wanted),
    idsOf: permissions.idsOf,
    idsNamedIn: (orgID, action, type) =>
      action === 'read' || mayWrite(type) ? permissions.idsNamedIn(orgID, action, type) : [],
  }
}
