import type { ID } from '../base/id.ts'
import type { MembershipStore } from '../records/membership.ts'
import type { OrganizationStore } from '../records/organization.ts'
import type { UserStore } from '../records/user.ts'
import type { PasswordContext } from './password-policy.ts'

/** The names that a user's password must not consist of: the user's name and those of the user's organizations. */
export async function passwordContextOf(
  userID: ID,
  records: {
    users: Pick<UserStore, 'byID'>
    memberships: Pick<MembershipStore, 'ofUser'>
    organizations: Pick<OrganizationStore, 'byIDs'>
  },
): Promise<PasswordContext> {
  const held = await records.memberships.ofUser(userID)
  const organizations = await records.organizations.byIDs(held.map(({ resourceID }) => resourceID))
  const userName = (await records.users.byID(userID))?.name
  return { userName, organizationNames: organizations.map(({ name }) => name) }
}
