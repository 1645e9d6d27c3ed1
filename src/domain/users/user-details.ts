/** What operators see beside a user in a list: last sign-in, organizations, and whether the user is an operator. */
import type { SsoTokens } from '../access/bounded-tokens.ts'
import { membershipPermissions } from '../access/grants.ts'
import { compilePermissions } from '../access/permission-set.ts'
import { isOperator, type Principal, requireOperator } from '../access/principal.ts'
import type { Clock } from '../base/clock.ts'
import type { ID } from '../base/id.ts'
import type { AuditStore } from '../records/audit-event.ts'
import { type AuthorizationStore, isEffective } from '../records/authorization.ts'
import { INSTANCE_ID, type Membership, type MembershipStore } from '../records/membership.ts'
import type { OrganizationStore } from '../records/organization.ts'
import type { LinkedIdentityStore } from '../records/outside-identity.ts'
import type { Permission } from '../records/permission.ts'
import type { User } from '../records/user.ts'

export interface UserDetails {
  /** RFC 3339; undefined if the audit log has no sign-in of the user. */
  readonly lastSignInAt?: string | undefined
  readonly operator: boolean
  /** In the order in which the user joined them. */
  readonly organizations: readonly {
    readonly id: ID
    readonly name: string
    readonly role: Membership['role']
  }[]
}

/** Throws `unauthorized` unless the principal is an operator. */
export type DetailsOf = (
  principal: Principal,
  users: readonly User[],
) => Promise<ReadonlyMap<ID, UserDetails>>

/** The ids of all users who are operators by their memberships and active tokens. */
export type OperatorIDs = () => Promise<ReadonlySet<ID>>

export function createDetailsOf(deps: {
  audit: Pick<AuditStore, 'lastTimes'>
  memberships: Pick<MembershipStore, 'ofUser'>
  organizations: Pick<OrganizationStore, 'byIDs'>
  operatorIDs: OperatorIDs
}): DetailsOf {
  return async (principal, users) => {
    requireOperator(principal, 'read')
    const ids = users.map(({ id }) => id)
    const [signIns, operators, ...memberships] = await Promise.all([
      deps.audit.lastTimes('signin', ids),
      deps.operatorIDs(),
      ...ids.map((id) => deps.memberships.ofUser(id)),
    ])
    const held = memberships.map((ofUser) => ofUser.filter(({ resourceType }) => resourceType === 'orgs'))
    const orgIDs = new Set(held.flat().map(({ resourceID }) => resourceID))
    const names = new Map((await deps.organizations.byIDs([...orgIDs])).map(({ id, name }) => [id, name]))
    return new Map(
      ids.map((id, index) => {
        const organizations = (held[index] ?? []).map(({ resourceID, role }) => {
          return { id: resourceID, name: names.get(resourceID) ?? '', role }
        })
        return [id, { lastSignInAt: signIns.get(id), operator: operators.has(id), organizations }]
      }),
    )
  }
}

/** Only memberships of the instance and tokens can make a user an operator. */
export function createOperatorIDs(deps: {
  memberships: Pick<MembershipStore, 'ofResource'>
  authorizations: Pick<AuthorizationStore, 'grants'>
  linkedIdentities: Pick<LinkedIdentityStore, 'among'>
  ssoTokens: SsoTokens
  now: Clock
}): OperatorIDs {
  return async () => {
    const permissions = new Map<ID, Permission[]>()
    const add = (userID: ID, more: readonly Permission[]) => {
      const known = permissions.get(userID)
      if (known) known.push(...more)
      else permissions.set(userID, [...more])
    }
    for (const membership of await deps.memberships.ofResource(INSTANCE_ID)) {
      if (membership.resourceType === 'instance') add(membership.userID, membershipPermissions(membership))
    }
    const at = deps.now()
    const tokens = (await deps.authorizations.grants({})).filter((token) => isEffective(token, at))
    const unscoped = tokens.filter(({ permissions }) => permissions.some(isUnscoped))
    const holders = [...new Set(unscoped.map(({ userID }) => userID))]
    // Bounded tokens make no operator whom the memberships do not make one.
    const bounded = deps.ssoTokens === 'bounded' ? await deps.linkedIdentities.among(holders) : new Set()
    for (const token of unscoped) {
      if (!bounded.has(token.userID)) add(token.userID, token.permissions.filter(isUnscoped))
    }
    const found = [...permissions].filter(([, held]) =>
      isOperator({ permissions: compilePermissions(held) }, 'write'),
    )
    return new Set(found.map(([userID]) => userID))
  }
}

/** The others cannot make an operator, and are most. */
const isUnscoped = ({ resource: { id, orgID } }: Permission) => id === undefined && orgID === undefined
