import type { ID } from '../base/id.ts'
import { type Action, type Permission, permission, type ResourceType } from '../records/permission.ts'

/** Held permissions, compiled so that one question costs at most four look-ups however many there are. */
export interface PermissionSet {
  allows(wanted: Permission): boolean
  /** The ids that permissions of this type name, whatever their action. */
  idsOf(type: ResourceType): Iterable<ID>
  /**
   * The ids that permissions for that action and type name beside this organization, or beside none. If a resource
   * lies that Sluice keeps no record of, only these say.
   */
  idsNamedIn(orgID: ID, action: Action, type: ResourceType): readonly ID[]
}

/** Which actions are held, as bits, of one type: of all of it, by organization, by id, and by `ORG/ID`. */
interface Held {
  all: number
  readonly ofOrganization: Map<ID, number>
  readonly ofID: Map<ID, number>
}

const BITS: Readonly<Record<Action, number>> = { read: 1, write: 2 }

/**
 * Compiles held permissions. A held one allows a wanted one if the actions are equal and the held type is `instance`;
 * or if the types are equal and it names neither id nor organization, or only the wanted one's organization, or the
 * wanted one's id. If it names an id, the id decides alone, whatever organization stands beside it; `requireHandedOn`
 * therefore checks where the resource really lies before a permission is handed on.
 */
export function compilePermissions(permissions: Iterable<Permission>): PermissionSet {
  let instance = 0
  const types = new Map<ResourceType, Held>()
  const withID: Permission[] = []
  for (const { action, resource } of permissions) {
    const { type, id, orgID } = resource
    const bit = BITS[action]
    if (type === 'instance') instance |= bit
    let held = types.get(type)
    if (!held) {
      held = { all: 0, ofOrganization: new Map(), ofID: new Map() }
      types.set(type, held)
    }
    if (id) {
      hold(held.ofID, id, bit)
      withID.push({ action, resource })
    } else if (orgID) hold(held.ofOrganization, orgID, bit)
    else held.all |= bit
  }
  return {
    allows({ action, resource: { type, id, orgID } }) {
      const held = types.get(type)
      let bits = instance
      if (held) {
        bits |= held.all
        if (orgID !== undefined) bits |= held.ofOrganization.get(orgID) ?? 0
        if (id !== undefined) bits |= held.ofID.get(id) ?? 0
      }
      return (bits & BITS[action]) !== 0
    },
    idsOf: (type) => types.get(type)?.ofID.keys() ?? [],
    idsNamedIn(orgID, action, type) {
      const found = new Set<ID>()
      for (const { action: held, resource } of withID) {
        if (held !== action || resource.type !== type || !resource.id) continue
        if (resource.orgID === undefined || resource.orgID === orgID) found.add(resource.id)
      }
      return [...found]
    },
  }
}

function hold<K>(actions: Map<K, number>, key: K, bit: number): void {
  actions.set(key, (actions.get(key) ?? 0) | bit)
}

/** Whether the action is allowed on every resource of a type, whatever its id and organization. */
export function allowsAll(set: PermissionSet, action: Permission['action'], type: ResourceType): boolean {
  return set.allows(permission(action, type))
}
