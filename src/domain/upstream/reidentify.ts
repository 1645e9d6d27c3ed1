/** Gives records here the ids that upstream chose for them, with everything that holds the ids. */
import type { DoneEvent } from '../audit/done-event.ts'
import type { ID } from '../base/id.ts'
import type { Change } from '../changes.ts'
import type { Authorization } from '../records/authorization.ts'
import type { Permission } from '../records/permission.ts'

export interface NewID {
  readonly type: 'user' | 'organization' | 'bucket'
  readonly from: ID
  readonly to: ID
}

type By = Pick<DoneEvent, 'caller' | 'origin' | 'actor'>

/**
 * Within a change, gives records other ids. Memberships, buckets, tokens and the permissions in tokens follow. The
 * sessions of a user with another id end; the audit log keeps the ids of then.
 */
export async function reidentify(change: Change, wanted: readonly NewID[], by: By): Promise<void> {
  if (wanted.length === 0) return
  for (const each of wanted) {
    if (each.type === 'user') await moveUser(change, each, by)
    else if (each.type === 'organization') await moveOrganization(change, each)
    else await moveBucket(change, each)
  }
  await moveAuthorizations(change, new Map(wanted.map(({ from, to }) => [from, to])))
  change.affectsEverybody()
}

async function moveUser(change: Change, { from, to }: NewID, by: By): Promise<void> {
  const user = await change.users.byID(from)
  if (!user) return
  const password = await change.passwords.get(from)
  const held = await change.memberships.ofUser(from)
  await change.endsSessionsOf(from, by)
  await change.memberships.removeOfUser(from)
  await change.passwords.remove(from)
  await change.knownAddresses.removeOfUser(from)
  await change.users.remove(from)
  await change.users.add({ ...user, id: to })
  if (password) await change.passwords.set(to, password)
  for (const membership of held) await change.memberships.add({ ...membership, userID: to })
  change.records({ event: 'user.update', target: { type: 'user', id: to, name: user.name }, ...by })
}

async function moveOrganization(change: Change, { from, to }: NewID): Promise<void> {
  const organization = await change.organizations.byID(from)
  if (!organization) return
  await change.organizations.remove(from)
  await change.organizations.add({ ...organization, id: to })
  await moveMembers(change, from, to)
  const buckets = await change.buckets.byIDs(await change.buckets.idsOfOrganization(from))
  for (const bucket of buckets) await change.buckets.remove(bucket.id)
  for (const bucket of buckets) await change.buckets.add({ ...bucket, orgID: to })
}

async function moveBucket(change: Change, { from, to }: NewID): Promise<void> {
  const bucket = await change.buckets.byID(from)
  if (!bucket) return
  await change.buckets.remove(from)
  await change.buckets.add({ ...bucket, id: to })
  await moveMembers(change, from, to)
}

async function moveMembers(change: Change, from: ID, to: ID): Promise<void> {
  const held = await change.memberships.ofResource(from)
  await change.memberships.removeOfResource(from)
  for (const membership of held) await change.memberships.add({ ...membership, resourceID: to })
}

/** A token's user, organization and permissions do not change otherwise, so it is removed and added again. */
async function moveAuthorizations({ authorizations }: Change, ids: ReadonlyMap<ID, ID>): Promise<void> {
  const moved = <T extends ID | undefined>(id: T): T => ((id && ids.get(id)) ?? id) as T
  for (const before of await authorizations.list({})) {
    const after: Authorization = {
      ...before,
      ...{ userID: moved(before.userID), orgID: moved(before.orgID) },
      permissions: before.permissions.map((each) => movedPermission(each, moved)),
    }
    if (JSON.stringify(after) === JSON.stringify(before)) continue
    await authorizations.remove(before.id)
    await authorizations.add(after)
    await authorizations.update(after)
    if (after.expired && after.expiresAt) await authorizations.markExpired(after.expiresAt, after.id)
    if (after.lastUsedAt) await authorizations.noteUse([{ id: after.id, at: after.lastUsedAt }])
  }
}

function movedPermission({ action, resource }: Permission, moved: (id: ID) => ID): Permission {
  const { type, id, orgID } = resource
  return {
    action,
    resource: { type, ...(id ? { id: moved(id) } : {}), ...(orgID ? { orgID: moved(orgID) } : {}) },
  }
}
