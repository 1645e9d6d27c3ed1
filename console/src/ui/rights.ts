/** What the signed-in user may do, so that a page offers nothing that the server would refuse. */
import type { Shapes } from '../api/client.ts'

export interface Rights {
  readonly userID: string | undefined
  readonly operator: boolean
  /** The ids of the organizations that the user owns, as an owner and not only as an operator. */
  readonly owned: ReadonlySet<string>
  /** Whether a permission of the user allows this, by InfluxDB's rule for matching permissions. */
  may(action: 'read' | 'write', type: string, at?: { readonly id?: string; readonly orgID?: string }): boolean
}

/** The rights of a user before the server has sent them: none. */
export const NO_RIGHTS: Rights = { userID: undefined, operator: false, owned: new Set(), may: () => false }

/**
 * A permission allows a request with the same action if it is for the instance, or for the resource's type and either
 * for all of that type, for the same organization, or for the same id (docs/compatibility.md). Here it only decides what
 * is shown; the server decides by src/domain/access/permission-set.ts.
 */
export function rightsOf(userID: string, { operator, grants }: Shapes['Grants']): Rights {
  const keys = new Set<string>()
  for (const { permissions } of grants) {
    for (const { action, resource } of permissions) {
      const { type, id, orgID } = resource
      keys.add(`${action} ${type} ${id ? `id ${id}` : orgID ? `org ${orgID}` : 'all'}`)
      if (type === 'instance') keys.add(`${action} instance`)
    }
  }
  const owned = grants.flatMap(({ role, resource }) =>
    role === 'owner' && resource?.type === 'orgs' ? [resource.id] : [],
  )
  return {
    ...{ userID, operator, owned: new Set(owned) },
    may(action, type, { id, orgID } = {}) {
      const held = (where: string) => keys.has(`${action} ${type} ${where}`)
      return (
        keys.has(`${action} instance`) ||
        held('all') ||
        (orgID !== undefined && held(`org ${orgID}`)) ||
        (id !== undefined && held(`id ${id}`))
      )
    },
  }
}
