/** Who must have a second factor. */
import type { ID } from '../base/id.ts'
import { INSTANCE_ID, type Membership, type MembershipStore } from '../records/membership.ts'
import type { SecondFactorPolicyStore } from '../records/second-factor.ts'

/**
 * `off`: users cannot enrol one. `offered`: they can. The others require it as well: of operators; of operators and
 * owners of organizations; of all users.
 */
export type SecondFactorRule = 'off' | 'offered' | 'operators' | 'owners' | 'all'

export interface SecondFactorOptions {
  readonly rule: SecondFactorRule
  /** How many sign-ins a user may make without a required factor. */
  readonly grace: number
}

/** Whether the instance or an organization requires a second factor of a user with these memberships. */
export async function isFactorRequired(
  rule: SecondFactorRule,
  memberships: readonly Membership[],
  secondFactorPolicies: Pick<SecondFactorPolicyStore, 'ofOrganizations'>,
): Promise<boolean> {
  if (rule === 'off' || rule === 'all') return rule === 'all'
  const orgIDs = memberships.flatMap(({ resourceType, resourceID }) =>
    resourceType === 'orgs' ? [resourceID] : [],
  )
  const ofOrganizations = await secondFactorPolicies.ofOrganizations(orgIDs)
  return memberships.some(({ resourceType, resourceID, role }) => {
    const isOwner = role === 'owner'
    if (resourceType === 'instance') return isOwner && resourceID === INSTANCE_ID && rule !== 'offered'
    if (resourceType !== 'orgs') return false
    if (isOwner && rule === 'owners') return true
    const requiredFor = ofOrganizations.get(resourceID) ?? 'nobody'
    return requiredFor === 'members' || (requiredFor === 'owners' && isOwner)
  })
}

/** The same for a user by id. */
export async function isFactorRequiredOf(
  userID: ID,
  rule: SecondFactorRule,
  records: {
    memberships: Pick<MembershipStore, 'ofUser'>
    secondFactorPolicies: Pick<SecondFactorPolicyStore, 'ofOrganizations'>
  },
): Promise<boolean> {
  // Asks for no memberships if none counts.
  const held = rule === 'off' || rule === 'all' ? [] : await records.memberships.ofUser(userID)
  return isFactorRequired(rule, held, records.secondFactorPolicies)
}
