import type { Id } from '../id.ts'
import type { MembershipStore } from '../memberships/membership.ts'
import type { OrganizationStore } from '../organizations/organization.ts'
import type { UserStore } from '../users/user.ts'
import type { PasswordContext } from './password-policy.ts'

/** The words that a user's password must not be: its name and those of its organizations. */
export async function passwordContextOf(
  userID: Id,
  records: {
    users: Pick<UserStore, 'byId'>
    memberships: Pick<MembershipStore, 'ofUser'>
    organizations: Pick<OrganizationStore, 'byIds'>
  },
): Promise<PasswordContext> {
  const held = await records.memberships.ofUser(userID)
  const organizations = await records.organizations.byIds(held.map(({ resourceID }) => resourceID))
  const userName = (await records.users.byId(userID))?.name
  return { userName, organizationNames: organizations.map(({ name }) => name) }
}
