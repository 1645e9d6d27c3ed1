/** The part of a principal's permissions that a token upstream can carry. */
import { operatorPermissions } from '../access/grants.ts'
import { isOperator, type Principal } from '../access/principal.ts'
import { SluiceError } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import {
  ACTIONS,
  type Permission,
  permission,
  RESOURCE_TYPES,
  type ResourceType,
} from '../records/permission.ts'
import type { UpstreamResources } from '../records/upstream.ts'

/** How a token names the buckets: each by its id, or all of the organization at once. */
export type BucketScope = 'by-id' | 'by-organization'

/** With more buckets than this InfluxDB takes milliseconds for each request with the token. */
const MOST_BUCKET_IDS = 500

/** Types whose permissions are about an organization's resources and need no special rule. */
const PLAIN_TYPES: readonly ResourceType[] = RESOURCE_TYPES.filter(
  (type) => !['instance', 'buckets', 'orgs', 'users'].includes(type),
)

/**
 * The permissions of a token upstream for one organization: what the principal may do there. Buckets are named
 * by id, since InfluxDB, asked for a bucket by its id, compares the organization of the request and not that of the
 * bucket: a token for all buckets of an organization would write into those of others. Templates create buckets, which
 * only `by-organization` allows. Empty if the principal may do nothing there.
 *
 * InfluxDB mints no permission for the instance. The operator's token has all others, without a scope.
 */
export function upstreamRights(
  principal: Pick<Principal, 'permissions' | 'user' | 'confinedTo'>,
  orgID: ID,
  buckets: { readonly scope: BucketScope; readonly ids: readonly ID[] },
): readonly Permission[] {
  if (isOperator(principal, 'read') && isOperator(principal, 'write')) return operatorPermissions()
  const may = (wanted: Permission) => principal.permissions.allows(wanted)
  return ACTIONS.flatMap((action) => [
    ...PLAIN_TYPES.flatMap((type) => plainRights(principal, action, type, orgID)),
    ...bucketRights(principal, action, orgID, buckets),
    ...[permission(action, 'orgs', { id: orgID })].filter(may),
    ...[permission(action, 'users', { id: principal.user.id })].filter(may),
  ])
}

type Action = Permission['action']

/** For ids that only upstream knows, a permission counts only in the organization that it names. */
function plainRights(
  { permissions }: Pick<Principal, 'permissions'>,
  action: Action,
  type: ResourceType,
  orgID: ID,
): Permission[] {
  const ofAll = permission(action, type, { orgID })
  if (permissions.allows(ofAll)) return [ofAll]
  return permissions.idsNamedIn(orgID, action, type).map((id) => permission(action, type, { id, orgID }))
}

function bucketRights(
  { permissions }: Pick<Principal, 'permissions'>,
  action: Action,
  orgID: ID,
  { scope, ids }: { readonly scope: BucketScope; readonly ids: readonly ID[] },
): Permission[] {
  const ofAll = permission(action, 'buckets', { orgID })
  if ((scope === 'by-organization' || ids.length > MOST_BUCKET_IDS) && permissions.allows(ofAll))
    return [ofAll]
  return ids
    .map((id) => permission(action, 'buckets', { id, orgID }))
    .filter((each) => permissions.allows(each))
}

/** Whether the principal may act on a resource of that organization that only upstream knows. */
export function mayUpstream({ permissions }: Pick<Principal, 'permissions'>, wanted: Permission): boolean {
  const { action, resource } = wanted
  const { type, id, orgID } = resource
  if (orgID === undefined || id === undefined || !PLAIN_TYPES.includes(type))
    return permissions.allows(wanted)
  const isAllowed = permissions.allows(permission(action, type, { orgID }))
  return isAllowed || permissions.idsNamedIn(orgID, action, type).includes(id)
}

/**
 * Keeps the rights whose ids lie in the organization. InfluxDB lets an id decide alone, whatever organization stands
 * beside it, and Sluice cannot check where an id lies that only upstream knows when a permission for it is handed on.
 * So it is looked up before a token carries it: otherwise the token would reach into other organizations.
 */
export async function rightsWithin(
  orgID: ID,
  rights: readonly Permission[],
  { find }: Pick<UpstreamResources, 'find'>,
): Promise<readonly Permission[]> {
  const places = new Map<string, Promise<boolean>>()
  const isWithin = ({ type, id }: Permission['resource']): Promise<boolean> | true => {
    if (id === undefined || !PLAIN_TYPES.includes(type)) return true
    const name = `${type} ${id}`
    const known = places.get(name) ?? liesIn(orgID, find(type, id))
    places.set(name, known)
    return known
  }
  const areWithin = await Promise.all(rights.map(({ resource }) => isWithin(resource)))
  return rights.filter((_, at) => areWithin[at])
}

/** A resource that upstream does not show, such as one of a type without a path, is in no organization. */
async function liesIn(orgID: ID, found: ReturnType<UpstreamResources['find']>): Promise<boolean> {
  try {
    return (await found)?.orgID === orgID
  } catch (error) {
    if (error instanceof SluiceError && error.code !== 'unavailable') return false
    throw error
  }
}
