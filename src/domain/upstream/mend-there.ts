/** Makes a record upstream as it is here. */
import { unprocessable } from '../base/errors.ts'
import { isMirrored, mirrorStatus, removeUserThere } from '../mirror/activity.ts'
import type { IdentityRecords } from '../records/identity-store.ts'
import type { UpstreamIdentities } from '../records/upstream.ts'
import type { Difference } from './differences.ts'
import type { NewID } from './reidentify.ts'

type Records = Pick<IdentityRecords, 'buckets' | 'memberships'>

/** Returns the ids that records here get by it, because upstream chose others. Errors are upstream's. */
export async function mendThere(
  upstream: UpstreamIdentities,
  difference: Difference,
  records: Records,
): Promise<readonly NewID[]> {
  switch (difference.type) {
    case 'user':
      return mendUser(upstream, difference, records)
    case 'organization':
      return mendOrganization(upstream, difference, records)
    case 'bucket':
      return mendBucket(upstream, difference)
    case 'membership':
      return mendMembership(upstream, difference)
  }
}

type Sides<T extends Difference['type']> = Omit<Extract<Difference, { type: T }>, 'type' | 'kind'>

async function mendUser(
  upstream: UpstreamIdentities,
  { here, there }: Sides<'user'>,
  { memberships }: Records,
): Promise<readonly NewID[]> {
  if (!here) {
    if (there) await removeUserThere(upstream, there.id)
    return []
  }
  if (!there) return newIDs('user', here.id, await upstream.createUser(here))
  const held = (await memberships.ofUser(here.id)).filter((each) => isMirrored(each, { status: 'active' }))
  if (here.status === there.status) await upstream.updateUser(here)
  else await mirrorStatus(upstream, here, held)
  return []
}

async function mendOrganization(
  upstream: UpstreamIdentities,
  { here, there }: Sides<'organization'>,
  { buckets }: Records,
): Promise<readonly NewID[]> {
  if (!here) {
    if (there) await upstream.removeOrganization(there.id)
    return []
  }
  if (there) {
    await upstream.updateOrganization(here)
    return []
  }
  const made = await upstream.createOrganization(here)
  const systemIDs: NewID[] = []
  for (const { name, id } of made.buckets) {
    const bucket = await buckets.byName(here.id, name)
    if (bucket) systemIDs.push(...newIDs('bucket', bucket.id, id))
  }
  return [...newIDs('organization', here.id, made.id), ...systemIDs]
}

async function mendBucket(
  upstream: UpstreamIdentities,
  { here, there }: Sides<'bucket'>,
): Promise<readonly NewID[]> {
  if (!here) {
    if (there) await upstream.removeBucket(there.id)
    return []
  }
  if (there) {
    await upstream.updateBucket(here)
    return []
  }
  if (here.type === 'system') {
    throw unprocessable('InfluxDB makes system buckets itself, with their organization')
  }
  return newIDs('bucket', here.id, await upstream.createBucket(here))
}

async function mendMembership(
  upstream: UpstreamIdentities,
  { here, there }: Sides<'membership'>,
): Promise<readonly NewID[]> {
  if (here) await upstream.addMembership(here)
  else if (there) await upstream.removeMembership(there)
  return []
}

function newIDs(type: NewID['type'], from: NewID['from'], to: NewID['to']): NewID[] {
  return from === to ? [] : [{ type, from, to }]
}
