import { may, type Principal } from '../access/principal.ts'
import type { ID } from '../base/id.ts'
import type { AuthorizationStore } from '../records/authorization.ts'
import type { BucketStore } from '../records/bucket.ts'
import type { MembershipStore } from '../records/membership.ts'
import type { Organization } from '../records/organization.ts'
import { permission, type ResourceType } from '../records/permission.ts'

/** A count is undefined if the principal may not read these resources in the whole organization. */
export interface OrganizationCounts {
  /** Members and owners. */
  readonly members: number
  readonly buckets: number | undefined
  readonly tokens: number | undefined
}

/** Counts what lies in organizations that the principal may read, with three queries. */
export type CountsOf = (
  principal: Principal,
  organizations: readonly Organization[],
) => Promise<ReadonlyMap<ID, OrganizationCounts>>

export function createCountsOf(deps: {
  memberships: Pick<MembershipStore, 'countByResource'>
  buckets: Pick<BucketStore, 'countByOrganization'>
  authorizations: Pick<AuthorizationStore, 'countByOrganization'>
}): CountsOf {
  return async (principal, organizations) => {
    const ids = organizations.map(({ id }) => id)
    const [members, buckets, tokens] = await Promise.all([
      deps.memberships.countByResource(ids),
      deps.buckets.countByOrganization(ids),
      deps.authorizations.countByOrganization(ids),
    ])
    const counted = (counts: ReadonlyMap<ID, number>, type: ResourceType, orgID: ID) =>
      may(principal, permission('read', type, { orgID })) ? (counts.get(orgID) ?? 0) : undefined
    return new Map(
      ids.map((id) => [
        id,
        {
          members: members.get(id) ?? 0,
          buckets: counted(buckets, 'buckets', id),
          tokens: counted(tokens, 'authorizations', id),
        },
      ]),
    )
  }
}
