import type { ID } from '../base/id.ts'
import type { MembershipStore } from '../records/membership.ts'
import type { OrganizationStore } from '../records/organization.ts'
import type { UserStore } from '../records/user.ts'
import type { PasswordContext } from './password-policy.ts'

/** The words that a user's password must not be: its name and those of its organizations. */
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
