/** What a token of the command line may do: at most what the session may that approves it. */
import { endOfRights, organizationsOf, type PlaceRecords } from '../access/giving.ts'
import { operatorPermissions, selfPermissions } from '../access/grants.ts'
import { isOperator, may, type Principal, requireHandedOn } from '../access/principal.ts'
import { forbidden } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { requireFewPermissions } from '../base/limits.ts'
import type { BucketStore } from '../records/bucket.ts'
import type { MembershipStore } from '../records/membership.ts'
import type { Organization, OrganizationStore } from '../records/organization.ts'
import { ACTIONS, type Permission, permission, RESOURCE_TYPES } from '../records/permission.ts'

/** What the person chose. */
export interface LoginScope {
  /** The organization whose resources the token reaches; undefined for everything, as an operator. */
  readonly orgID?: ID | undefined
  readonly isReadOnly: boolean
}

export interface LoginRights {
  /** The organization of the token's record, which every token has. */
  readonly orgID: ID
  readonly permissions: readonly Permission[]
  /** When the first of these rights ends: milliseconds since 1970; undefined if none does. */
  readonly endsAt: number | undefined
}

export interface RightsOfLogins {
  /** Between which organizations the principal can choose, and whether it may choose everything. */
  choices(principal: Principal): Promise<{
    readonly organizations: readonly Pick<Organization, 'id' | 'name'>[]
    readonly isOperator: boolean
  }>
  /** Throws `forbidden` with `beyond-own-rights` for more than the principal may itself. */
  of(principal: Principal, scope: LoginScope): Promise<LoginRights>
}

export function createRightsOfLogins(deps: {
  buckets: Pick<BucketStore, 'byIDs'>
  memberships: Pick<MembershipStore, 'ofUser'>
  organizations: Pick<OrganizationStore, 'byIDs' | 'list'>
  authorizations: PlaceRecords['authorizations']
}): RightsOfLogins {
  const isEverything = (principal: Principal) => ACTIONS.every((action) => isOperator(principal, action))

  /** The buckets that permissions name one by one, in this organization. */
  async function namedBuckets(principal: Principal, orgID?: ID) {
    const found = await deps.buckets.byIDs([...principal.permissions.idsOf('buckets')])
    return found.filter((each) => orgID === undefined || each.orgID === orgID)
  }

  async function organizationIDs(principal: Principal): Promise<ID[]> {
    if (principal.confinedTo) return [principal.confinedTo]
    const memberships = await deps.memberships.ofUser(principal.user.id)
    const own = memberships.filter(({ resourceType }) => resourceType === 'orgs')
    const buckets = await namedBuckets(principal)
    return [...new Set([...own.map((each) => each.resourceID), ...buckets.map(({ orgID }) => orgID)])]
  }

  async function choices(principal: Principal) {
    const organizations = await deps.organizations.byIDs(await organizationIDs(principal))
    const byName = organizations.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    return {
      organizations: byName.map(({ id, name }) => ({ id, name })),
      isOperator: isEverything(principal),
    }
  }

  async function within(principal: Principal, orgID: ID): Promise<Permission[]> {
    const wide = RESOURCE_TYPES.filter((type) => type !== 'instance').flatMap((type) =>
      ACTIONS.map((action) => permission(action, type, type === 'orgs' ? { id: orgID } : { orgID })),
    )
    const named = (await namedBuckets(principal, orgID)).flatMap(({ id }) =>
      ACTIONS.filter((action) => !may(principal, permission(action, 'buckets', { orgID }))).map((action) =>
        permission(action, 'buckets', { id, orgID }),
      ),
    )
    return [...wide, ...named].filter((each) => may(principal, each))
  }

  /** The organization for the record of an operator's token: one of the operator's own, else the first that exists. */
  async function anyOrganization(principal: Principal): Promise<ID> {
    const [own] = (await choices(principal)).organizations
    const [first] = own ? [own] : await deps.organizations.list({ limit: 1, offset: 0, descending: false })
    if (first) return first.id
    throw beyond('there is no organization yet; a token must have one')
  }

  return {
    choices,
    async of(principal, { orgID: chosen, isReadOnly }) {
      if (chosen === undefined && !isEverything(principal)) {
        throw beyond('only an operator may give a token for everything; choose an organization')
      }
      const orgID = chosen ?? (await anyOrganization(principal))
      const held = chosen === undefined ? operatorPermissions() : await within(principal, chosen)
      if (held.length === 0) throw beyond('you may do nothing in this organization; choose another one')
      const both = [...held, ...selfPermissions(principal.user.id)]
      const permissions = isReadOnly ? both.filter(({ action }) => action === 'read') : both
      requireFewPermissions(permissions)
      const place = await organizationsOf(permissions, deps)
      requireHandedOn(principal, permissions, place)
      return { orgID, permissions, endsAt: endOfRights(principal, permissions, place) }
    },
  }
}

const beyond = (message: string) => forbidden('beyond-own-rights', message)
