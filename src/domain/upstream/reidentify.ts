/** Gives records here the ids that upstream chose for them, with everything that holds the ids. */
import type { DoneEvent } from '../audit/done-event.ts'
import type { ID } from '../base/id.ts'
import type { Change } from '../changes.ts'
import { givenByHand } from '../records/membership.ts'
import type { Permission } from '../records/permission.ts'

export interface NewID {
  readonly type: 'user' | 'organization' | 'bucket'
  readonly from: ID
  readonly to: ID
}

type By = Pick<DoneEvent, 'caller' | 'origin' | 'actor'>

/**
 * Within a change, gives records other ids. Memberships, buckets, tokens, 1.x authorizations with their permissions, and
 * DBRP mappings follow. The sessions of a user with another id end; the audit log keeps the ids of then.
 */
export async function reidentify(change: Change, wanted: readonly NewID[], by: By): Promise<void> {
  if (wanted.length === 0) return
  for (const each of wanted) {
    if (each.type === 'user') await moveUser(change, each, by)
    else if (each.type === 'organization') await moveOrganization(change, each)
    else await moveBucket(change, each)
  }
  const ids = new Map(wanted.map(({ from, to }) => [from, to]))
  await moveAuthorizations(change, ids)
  await moveLegacyAuthorizations(change, ids)
  await moveMappings(change, ids)
  change.affectsEverybody()
}

async function moveUser(change: Change, { from, to }: NewID, by: By): Promise<void> {
  const user = await change.users.byID(from)
  if (!user) return
  const password = await change.passwords.get(from)
  const held = (await change.memberships.ofUser(from)).flatMap((each) => givenByHand(each) ?? [])
  await change.endsSessionsOf(from, by)
  for (const { resourceID } of held) await change.memberships.remove(resourceID, from)
  await change.passwords.remove(from)
  await change.knownAddresses.removeOfUser(from)
  await change.users.remove(from)
  await change.users.add({ ...user, id: to })
  if (password) await change.passwords.set(to, password)
  await change.factorHolders.reassign(from, to)
  await change.oneTimeLinks.reassign(from, to)
  await change.userEmails.reassign(from, to)
  await change.linkedIdentities.reassign(from, to)
  for (const membership of held) await change.memberships.add({ ...membership, userID: to })
  change.records({ event: 'user.update', target: { type: 'user', id: to, name: user.name }, ...by })
}

async function moveOrganization(change: Change, { from, to }: NewID): Promise<void> {
  const organization = await change.organizations.byID(from)
  if (!organization) return
  await change.organizations.remove(from)
  await change.organizations.add({ ...organization, id: to })
  await moveMembers(change, from, to)
  const requiredFor = (await change.secondFactorPolicies.ofOrganizations([from])).get(from)
  if (requiredFor) await change.secondFactorPolicies.set(to, requiredFor)
  await change.secondFactorPolicies.remove(from)
  await change.oneTimeLinks.reassign(from, to)
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
  const held = (await change.memberships.ofResource(from)).flatMap((each) => givenByHand(each) ?? [])
  await change.memberships.reassignProvided(from, to)
  await change.memberships.removeOfResource(from)
  for (const membership of held) await change.memberships.add({ ...membership, resourceID: to })
}

/** A token's user, organization and permissions do not change otherwise, so it is removed and added again. */
async function moveAuthorizations({ authorizations }: Change, ids: NewIDs): Promise<void> {
  for (const before of await authorizations.list({})) {
    const after = moved(before, ids)
    if (!after) continue
    await authorizations.remove(before.id)
    await authorizations.add(after)
    await authorizations.update(after)
    if (after.expired && after.expiresAt) await authorizations.markExpired(after.expiresAt, after.id)
    if (after.lastUsedAt) await authorizations.noteUse([{ id: after.id, at: after.lastUsedAt }])
  }
}

async function moveLegacyAuthorizations({ legacyAuthorizations }: Change, ids: NewIDs): Promise<void> {
  for (const before of await legacyAuthorizations.list({})) {
    const after = moved(before, ids)
    if (!after) continue
    const hash = await legacyAuthorizations.passwordHashOf(before.id)
    await legacyAuthorizations.remove(before.id)
    await legacyAuthorizations.add(after)
    if (hash !== undefined) await legacyAuthorizations.setPasswordHash(after.id, hash)
  }
}

async function moveMappings({ dbrpMappings }: Change, ids: NewIDs): Promise<void> {
  const before = await dbrpMappings.list({})
  const isConcerned = before.some(({ orgID, bucketID }) => ids.has(orgID) || ids.has(bucketID))
  if (!isConcerned) return
  await dbrpMappings.replaceAll(
    before.map((each) => ({
      ...each,
      orgID: ids.get(each.orgID) ?? each.orgID,
      bucketID: ids.get(each.bucketID) ?? each.bucketID,
    })),
  )
}

type NewIDs = ReadonlyMap<ID, ID>

interface Holder {
  readonly userID: ID
  readonly orgID: ID
  readonly permissions: readonly Permission[]
}

/** The record with the new ids; undefined if it holds none of the old ones. */
function moved<T extends Holder>(before: T, ids: NewIDs): T | undefined {
  const after: T = {
    ...before,
    userID: ids.get(before.userID) ?? before.userID,
    orgID: ids.get(before.orgID) ?? before.orgID,
    permissions: before.permissions.map((each) => movedPermission(each, ids)),
  }
  return JSON.stringify(after) === JSON.stringify(before) ? undefined : after
}

function movedPermission({ action, resource }: Permission, ids: NewIDs): Permission {
  const { type, id, orgID } = resource
  return {
    action,
    resource: {
      type,
      ...(id ? { id: ids.get(id) ?? id } : {}),
      ...(orgID ? { orgID: ids.get(orgID) ?? orgID } : {}),
    },
  }
}
