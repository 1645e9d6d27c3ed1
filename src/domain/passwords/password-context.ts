import type { Id } from '../base/id.ts'
import type { MembershipStore } from '../records/membership.ts'
import type { OrganizationStore } from '../records/organization.ts'
import type { UserStore } from '../records/user.ts'
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
