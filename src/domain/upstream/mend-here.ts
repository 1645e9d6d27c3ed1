/** Makes a record here as it is upstream. */
import { keepingAnOperator } from '../access/last-operator.ts'
import type { DoneEvent } from '../audit/done-event.ts'
import { conflict } from '../base/errors.ts'
import { removeBucket } from '../buckets/buckets.ts'
import type { Change } from '../changes.ts'
import { removeOrganization } from '../organizations/organizations.ts'
import type { AuditTarget } from '../records/audit-event.ts'
import type { Bucket } from '../records/bucket.ts'
import type { Membership } from '../records/membership.ts'
import type { Organization } from '../records/organization.ts'
import type { User } from '../records/user.ts'
import { removeUser } from '../users/users.ts'
import type { Difference } from './differences.ts'

type By = Pick<DoneEvent, 'caller' | 'origin' | 'actor'>

const nameTaken = (what: string, name: string) =>
  conflict('name-taken', `another ${what} has the name ${name} here, or one that looks the same; rename one`)

/** Within a change. Throws `conflict` for a name that is taken here, and for the last active operator. */
export async function mendHere(change: Change, difference: Difference, by: By): Promise<void> {
  switch (difference.type) {
    case 'user':
      return mendUser(change, difference, by)
    case 'organization':
      return mendOrganization(change, difference, by)
    case 'bucket':
      return mendBucket(change, difference, by)
    case 'membership':
      return mendMembership(change, difference, by)
  }
}

type Sides<T extends Difference['type']> = Omit<Extract<Difference, { type: T }>, 'type' | 'kind'>

async function mendUser(change: Change, { here, there }: Sides<'user'>, by: By): Promise<void> {
  if (!there) return here && removeUser(change, here, by)
  const event = here ? 'user.update' : 'user.create'
  await keepingAnOperator(change, here ? [here.id] : [], async () => {
    const isKept = here ? change.users.update(there) : change.users.add(there)
    if (!(await isKept)) throw nameTaken('user', there.name)
  })
  if (there.status === 'inactive') await change.endsSessionsOf(there.id, by)
  change.affects(there.id)
  change.records({ event, target: targetOf('user', there), ...by })
}

async function mendOrganization(change: Change, sides: Sides<'organization'>, by: By): Promise<void> {
  const { here, there } = sides
  if (!there) return here && removeOrganization(change, here, by)
  const isKept = here ? change.organizations.update(there) : change.organizations.add(there)
  if (!(await isKept)) throw nameTaken('organization', there.name)
  const event = here ? 'organization.update' : 'organization.create'
  change.records({ event, target: { ...targetOf('organization', there), orgID: there.id }, ...by })
}

async function mendBucket(change: Change, { here, there }: Sides<'bucket'>, by: By): Promise<void> {
  if (!there) {
    if (here) await removeBucket(change, here, by)
    return
  }
  const isKept = here ? change.buckets.update(there) : change.buckets.add(there)
  if (!(await isKept)) throw nameTaken('bucket', there.name)
  const event = here ? 'bucket.update' : 'bucket.create'
  change.records({ event, target: { ...targetOf('bucket', there), orgID: there.orgID }, ...by })
}

async function mendMembership(change: Change, { here, there }: Sides<'membership'>, by: By): Promise<void> {
  if (here) {
    await change.memberships.remove(here.resourceID, here.userID)
    change.affects(here.userID)
    change.records({ event: `${here.role}.remove`, target: await placeOf(change, here), ...by })
  }
  if (there) {
    await change.memberships.add(there)
    change.affects(there.userID)
    change.records({ event: `${there.role}.add`, target: await placeOf(change, there), ...by })
  }
}

function targetOf(type: string, { id, name }: User | Organization | Bucket): AuditTarget {
  return { type, id, name }
}

async function placeOf(
  change: Change,
  { resourceType, resourceID, userID }: Membership,
): Promise<AuditTarget> {
  if (resourceType === 'orgs') return { type: 'organization', id: resourceID, orgID: resourceID, userID }
  const bucket = await change.buckets.byID(resourceID)
  return { type: 'bucket', id: resourceID, userID, ...(bucket ? { orgID: bucket.orgID } : {}) }
}
