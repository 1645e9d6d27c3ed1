import type { Deployment } from '../access/confinement.ts'
import { unauthorized } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import type { MembershipStore } from '../records/membership.ts'
import type { OrganizationStore } from '../records/organization.ts'

/** The organization that a sign-in asks for, in deployment `cloud`. */
export interface WantedOrganization {
  readonly orgID?: string | undefined
  readonly org?: string | undefined
}

/**
 * The organization to which a session is confined: the requested one, otherwise that of the user's first membership.
 * Undefined in deployment `oss`. Throws `unauthorized` if the user does not belong to it, or to no organization.
 */
export type ConfinementOf = (userID: ID, wanted: WantedOrganization) => Promise<ID | undefined>

export function createConfinementOf(deps: {
  deployment: Deployment
  memberships: Pick<MembershipStore, 'ofUser'>
  organizations: Pick<OrganizationStore, 'byName'>
}): ConfinementOf {
  if (deps.deployment === 'oss') return async () => undefined
  return async (userID, { orgID, org }) => {
    const held = await deps.memberships.ofUser(userID)
    const own = held.filter(({ resourceType }) => resourceType === 'orgs').map((each) => each.resourceID)
    const named = orgID || !org ? orgID?.toLowerCase() : (await deps.organizations.byName(org))?.id
    const found = orgID || org ? own.find((each) => each === named) : own[0]
    if (!found) throw unauthorized('wrong-credentials')
    return found
  }
}
