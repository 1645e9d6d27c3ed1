/** A user's permissions by source: the user's own account, each membership, each token. */

import { areTokensBounded, type SsoTokens } from '../access/bounded-tokens.ts'
import { membershipPermissions, selfPermissions } from '../access/grants.ts'
import { compilePermissions } from '../access/permission-set.ts'
import { isOperator, type Principal, requirePermission } from '../access/principal.ts'
import type { Clock } from '../base/clock.ts'
import { notFound } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { type AuthorizationStore, isEffective } from '../records/authorization.ts'
import type { BucketStore } from '../records/bucket.ts'
import type { Membership, MembershipStore } from '../records/membership.ts'
import type { OrganizationStore } from '../records/organization.ts'
import type { LinkedIdentityStore } from '../records/outside-identity.ts'
import { type Permission, permission } from '../records/permission.ts'
import type { UserStore } from '../records/user.ts'

export interface Grant {
  readonly kind: 'self' | 'membership' | 'token'
  /** Role and resource of a membership. */
  readonly role?: Membership['role']
  /** The providers and groups that give a membership, and whether it was given by hand too. */
  readonly providers?: readonly {
    readonly name: string
    readonly group: string
    readonly role: Membership['role']
  }[]
  readonly byHand?: boolean
  /** True for a token that gives at most what the memberships give, and so adds nothing. */
  readonly bounded?: true
  readonly resource?: { readonly type: Membership['resourceType']; readonly id: ID; readonly name: string }
  /** The token. Its permissions also apply to the user's sessions. */
  readonly authorization?: { readonly id: ID; readonly description: string }
  readonly permissions: readonly Permission[]
}

export interface UserGrants {
  readonly grants: readonly Grant[]
  /** Whether all grants together make the user an operator, who may change everything. */
  readonly operator: boolean
}

export type GrantsOf = (principal: Principal, userID: ID) => Promise<UserGrants>

/** Requires permission to read the user. A principal confined to one organization sees only the grants in it. */
export function createGrantsOf(deps: {
  users: Pick<UserStore, 'byID'>
  memberships: Pick<MembershipStore, 'ofUser'>
  organizations: Pick<OrganizationStore, 'byIDs'>
  buckets: Pick<BucketStore, 'byIDs'>
  authorizations: Pick<AuthorizationStore, 'list'>
  linkedIdentities: Pick<LinkedIdentityStore, 'hasAny'>
  ssoTokens: SsoTokens
  now: Clock
}): GrantsOf {
  async function namesOf(held: readonly Membership[]): Promise<Map<ID, string>> {
    const idsOf = (type: Membership['resourceType']) =>
      held.filter(({ resourceType }) => resourceType === type).map(({ resourceID }) => resourceID)
    const named = [
      ...(await deps.organizations.byIDs(idsOf('orgs'))),
      ...(await deps.buckets.byIDs(idsOf('buckets'))),
    ]
    return new Map(named.map(({ id, name }) => [id, name]))
  }

  return async (principal, userID) => {
    requirePermission(principal, permission('read', 'users', { id: userID }))
    const user = await deps.users.byID(userID)
    if (!user) throw notFound('user not found')
    const { confinedTo } = principal
    const held = (await deps.memberships.ofUser(userID)).filter(
      ({ resourceID }) => confinedTo === undefined || resourceID === confinedTo,
    )
    const names = await namesOf(held)
    const at = deps.now()
    const tokens = (await deps.authorizations.list({ userID })).filter(
      (token) => isEffective(token, at) && (confinedTo === undefined || token.orgID === confinedTo),
    )
    const isBounded = await areTokensBounded(userID, deps)
    const grants: Grant[] = [
      { kind: 'self', permissions: selfPermissions(userID) },
      ...held.map((membership): Grant => {
        const { role, resourceType: type, resourceID: id } = membership
        const permissions = membershipPermissions(membership)
        const resource = { type, id, name: names.get(id) ?? '' }
        return { kind: 'membership', role, resource, ...sourcesOf(membership), permissions }
      }),
      ...tokens.map(({ id, description, permissions }): Grant => {
        return {
          kind: 'token',
          authorization: { id, description },
          ...(isBounded ? { bounded: true } : {}),
          permissions,
        }
      }),
    ]
    const permissions = compilePermissions(
      grants.flatMap((grant) => (grant.bounded ? [] : grant.permissions)),
    )
    return { grants, operator: confinedTo === undefined && isOperator({ permissions }, 'write') }
  }
}

function sourcesOf({ given }: Membership): Pick<Grant, 'providers' | 'byHand'> {
  if (!given) return {}
  const providers = given.byProviders.map(({ provider, group, role }) => ({ name: provider, group, role }))
  return { providers, byHand: given.byHand !== undefined }
}
