/**
 * Scrapers and replications: InfluxDB compares what the body names by its id with the organization in the body alone.
 */

import type { Principal } from '../../../domain/access/principal.ts'
import { notFound } from '../../../domain/base/errors.ts'
import { type ID, idIn } from '../../../domain/base/id.ts'
import type { Action } from '../../../domain/records/permission.ts'
import { type Arrival, type Judge, MOST_JUDGED_BYTES } from '../arrival.ts'
import { hasBody, parseObject } from '../body.ts'
import { type BodyFields, createRequireExactNames, idField, requireIn } from './ids-in-body.ts'
import { forwardedTarget, organizationOf, type ResourceDeps } from './resource.ts'

/** The fields that name a bucket, and what is done with it: a scraper writes into it, a replication copies it out. */
const BUCKETS: Readonly<Record<string, Action>> = { bucketID: 'write', localBucketID: 'read' }
const requireExactNames = createRequireExactNames([...Object.keys(BUCKETS), 'remoteID', 'orgID', 'org'])

export function judgeBucketInBody(deps: ResourceDeps): Judge {
  return async (arrival) => {
    const { request, caller } = arrival
    const target = forwardedTarget(arrival)
    if (!hasBody(request))
      return { orgID: await organizationOf(arrival, undefined, deps), target, body: undefined }
    const body = await arrival.read(MOST_JUDGED_BYTES)
    const fields = parseObject(body)
    requireExactNames(fields)
    const orgID = await organizationOf(arrival, body, deps)
    const changed = await changedResource(arrival, deps)
    if (changed?.bucketID)
      await requireBucket(changed.bucketID, changed.orgID, 'read', caller.principal, deps)
    await requireBuckets(fields, orgID, caller.principal, deps)
    // With the credentials of the remote, which are its organization's.
    await requireIn(changed?.orgID ?? orgID, 'remotes', idField(fields, 'remoteID'), deps)
    // The body is written again from what was judged, so that upstream reads the same fields.
    return { orgID, target, body: Buffer.from(JSON.stringify(fields)), contentType: 'application/json' }
  }
}

async function requireBuckets(
  fields: BodyFields,
  orgID: ID,
  principal: Principal,
  deps: ResourceDeps,
): Promise<void> {
  for (const [name, action] of Object.entries(BUCKETS)) {
    const id = idField(fields, name)
    if (id) await requireBucket(id, orgID, action, principal, deps)
  }
}

/** The resource that the request changes; undefined for a new one, and for one that upstream does not have. */
async function changedResource({ route }: Arrival, { resources }: ResourceDeps) {
  const id = route.id === undefined ? undefined : idIn(route.id)
  return id && (await resources.find(route.type, id))
}

async function requireBucket(
  id: ID,
  orgID: ID,
  action: Action,
  principal: Principal,
  { buckets, directory }: ResourceDeps,
): Promise<void> {
  const bucket = await directory.bucketByID(id)
  if (bucket?.orgID !== orgID || !(await buckets.mayUse(principal, [action], id))) {
    throw notFound('bucket not found')
  }
}
