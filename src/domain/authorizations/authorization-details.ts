import type { ID } from '../base/id.ts'
import type { Authorization } from '../records/authorization.ts'
import type { IdentityRecords } from '../records/identity-store.ts'
import type { Permission, Resource } from '../records/permission.ts'

/** A permission with the names of its resource and organization, if known. */
export interface NamedPermission {
  readonly action: Permission['action']
  readonly resource: Resource & { readonly name?: string; readonly org?: string }
}

/** What a token and a 1.x authorization have in common. */
type Described = Pick<Authorization, 'orgID' | 'userID' | 'permissions'>

export interface AuthorizationDetails<A extends Described = Authorization> {
  readonly authorization: A
  readonly org: string
  readonly user: string
  readonly permissions: readonly NamedPermission[]
}

/**
 * Adds the names of organizations, users and buckets, with one query for each kind. Authorizations whose user or
 * organization was deleted are left out.
 */
export async function describeAuthorizations<A extends Described>(
  records: Pick<IdentityRecords, 'users' | 'organizations' | 'buckets'>,
  authorizations: readonly A[],
): Promise<AuthorizationDetails<A>[]> {
  const ids = { orgs: new Set<ID>(), users: new Set<ID>(), buckets: new Set<ID>() }
  for (const { orgID, userID, permissions } of authorizations) {
    ids.orgs.add(orgID)
    ids.users.add(userID)
    for (const { resource } of permissions) {
      if (resource.orgID) ids.orgs.add(resource.orgID)
      if (resource.id && isNamed(resource.type)) ids[resource.type].add(resource.id)
    }
  }
  const names = {
    orgs: nameByID(await records.organizations.byIDs([...ids.orgs])),
    users: nameByID(await records.users.byIDs([...ids.users])),
    buckets: nameByID(await records.buckets.byIDs([...ids.buckets])),
  }

  function named({ action, resource }: Permission): NamedPermission {
    const { type, id, orgID } = resource
    const name = id && isNamed(type) ? names[type].get(id) : undefined
    // As in InfluxDB, a permission for a deleted resource has no names, not even that of the organization.
    if (id && isNamed(type) && name === undefined) return { action, resource }
    const org = orgID ? names.orgs.get(orgID) : undefined
    return { action, resource: { ...resource, ...(name ? { name } : {}), ...(org ? { org } : {}) } }
  }

  return authorizations.flatMap((authorization) => {
    const org = names.orgs.get(authorization.orgID)
    const user = names.users.get(authorization.userID)
    if (org === undefined || user === undefined) return []
    return [{ authorization, org, user, permissions: authorization.permissions.map(named) }]
  })
}

function isNamed(type: string): type is 'orgs' | 'users' | 'buckets' {
  return type === 'orgs' || type === 'users' || type === 'buckets'
}

function nameByID(records: readonly { id: ID; name: string }[]): Map<ID, string> {
  return new Map(records.map(({ id, name }) => [id, name]))
}
