/** Labels on resources: InfluxDB asks for no right before it adds or removes one on most types, so that is asked here. */
import { invalid, unauthorized } from '../../../domain/base/errors.ts'
import { type ID, idIn, parseID } from '../../../domain/base/id.ts'
import { mayUpstream } from '../../../domain/gateway/upstream-rights.ts'
import {
  formatPermission,
  permission,
  RESOURCE_TYPES,
  type ResourceType,
} from '../../../domain/records/permission.ts'
import { type Arrival, type Judge, MOST_JUDGED_BYTES } from '../arrival.ts'
import { parseObject } from '../body.ts'
import type { ResourceDeps } from './resource.ts'

/** InfluxDB's documented rule for labels: the caller must be allowed to write the resource and the label. */
export function judgeLabel(deps: ResourceDeps, next: Judge): Judge {
  return async (arrival) => {
    const { route, segments } = arrival
    await requireWrite(arrival, route.type, parseID(segments[4] ?? ''), deps)
    await requireWrite(arrival, 'labels', await labelOf(arrival), deps)
    return next(arrival)
  }
}

/** In the path of a removal, in the body of an addition. */
async function labelOf(arrival: Arrival): Promise<ID> {
  const { request, segments } = arrival
  if (request.method === 'DELETE') return parseID(segments.at(-1) ?? '')
  const { labelID } = parseObject(await arrival.read(MOST_JUDGED_BYTES))
  const id = typeof labelID === 'string' ? idIn(labelID) : undefined
  if (!id) throw invalid('label id is required')
  return id
}

/** Upstream says itself that a resource does not exist. */
async function requireWrite({ caller }: Arrival, type: string, id: ID, deps: ResourceDeps): Promise<void> {
  const orgID = await placeOf(type, id, deps)
  if (orgID === undefined || !isResourceType(type)) return
  const wanted = permission('write', type, type === 'orgs' ? { id } : { id, orgID })
  if (mayUpstream(caller.principal, wanted)) return
  throw unauthorized('missing-permission', `${formatPermission(wanted)} is unauthorized`, { orgID })
}

async function placeOf(
  type: string,
  id: ID,
  { directory, resources }: ResourceDeps,
): Promise<ID | undefined> {
  if (type === 'orgs') return id
  if (type === 'buckets') return (await directory.bucketByID(id))?.orgID
  return (await resources.find(type, id))?.orgID
}

function isResourceType(type: string): type is ResourceType {
  return (RESOURCE_TYPES as readonly string[]).includes(type)
}
