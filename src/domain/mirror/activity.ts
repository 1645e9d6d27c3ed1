/** What Sluice does in InfluxDB for an inactive user, since the status alone stops nothing there. */
import type { ID } from '../base/id.ts'
import type { Membership } from '../records/membership.ts'
import type { UpstreamIdentities } from '../records/upstream.ts'
import type { User } from '../records/user.ts'

/**
 * Whether Sluice mirrors this membership in InfluxDB. It does not for the instance, which InfluxDB's API lacks, nor
 * for inactive users, since InfluxDB would still run their tasks with these memberships.
 */
export function isMirrored({ resourceType }: Membership, { status }: Pick<User, 'status'>): boolean {
  return resourceType !== 'instance' && status === 'active'
}

/**
 * Sets a user's status upstream. Tasks run there with the memberships of their owner and whether or not the owner is
 * active, so deactivating removes the memberships there and sets the tasks inactive. Activating brings the memberships
 * back; which tasks were active is not known any more.
 */
export async function mirrorStatus(
  upstream: Pick<UpstreamIdentities, 'updateUser' | 'addMembership' | 'removeMembership' | 'stopTasksOf'>,
  user: User,
  held: readonly Membership[],
): Promise<void> {
  const there = held.filter(({ resourceType }) => resourceType !== 'instance')
  await upstream.updateUser(user)
  if (user.status === 'active') {
    for (const membership of there) await upstream.addMembership(membership)
    return
  }
  for (const membership of there) await upstream.removeMembership(membership)
  await upstream.stopTasksOf(user.id)
}

/** Removes a user upstream. The tasks stay, since others may work with them, but they have no user left to run as. */
export async function removeUserThere(
  upstream: Pick<UpstreamIdentities, 'removeUser' | 'stopTasksOf'>,
  id: ID,
): Promise<void> {
  await upstream.stopTasksOf(id)
  await upstream.removeUser(id)
}
