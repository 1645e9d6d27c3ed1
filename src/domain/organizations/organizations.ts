import { requireLasting } from '../access/giving.ts'
import { keepingAnOperator } from '../access/last-operator.ts'
import { noOrganizationNamed } from '../access/organization-named.ts'
import { allowsAll } from '../access/permission-set.ts'
import { type Caller, may, type Principal, requirePermission } from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import type { DoneEvent } from '../audit/done-event.ts'
import type { Clock } from '../base/clock.ts'
import { conflict, invalid, notFound } from '../base/errors.ts'
import type { ID, IDGenerator } from '../base/id.ts'
import { requireDescriptionFits, requireNameFits } from '../base/limits.ts'
import { type PageRequest, visiblePage } from '../base/paging.ts'
import { systemBuckets } from '../buckets/system-buckets.ts'
import type { Change } from '../changes.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { AuditTarget } from '../records/audit-event.ts'
import type { Membership, MembershipStore } from '../records/membership.ts'
import type { Organization, OrganizationStore } from '../records/organization.ts'
import { permission } from '../records/permission.ts'
import type { CreatedOrganization, UpstreamIdentities } from '../records/upstream.ts'

export interface OrganizationInput {
  readonly name?: string | undefined
  readonly description?: string | undefined
}

export interface OrganizationFilter {
  readonly id?: ID | undefined
  readonly name?: string | undefined
  readonly userID?: ID | undefined
}

export interface Organizations {
  /** Creates an organization with its system buckets; the caller becomes its owner. */
  create(caller: Caller, input: OrganizationInput): Promise<Organization>
  get(principal: Principal, id: ID): Promise<Organization>
  /**
   * The organizations that the principal may read; without a filter and without `read:orgs`, the principal's own.
   * `not found` if the filter names one that the principal may not read.
   */
  list(principal: Principal, filter: OrganizationFilter, page: PageRequest): Promise<Organization[]>
  update(caller: Caller, id: ID, input: OrganizationInput): Promise<Organization>
  /** Deletes an organization with its buckets, memberships and tokens. */
  remove(caller: Caller, id: ID): Promise<void>
}

const organizationNotFound = () => notFound('organization not found')
const nameTaken = (name: string) => conflict('name-taken', `organization with name ${name} already exists`)

export function createOrganizations(deps: {
  organizations: Pick<OrganizationStore, 'byID' | 'byName' | 'byIDs' | 'list'>
  memberships: Pick<MembershipStore, 'ofUser'>
  ids: IDGenerator
  now: Clock
  freshness: Freshness
  mirror: Mirror
}): Organizations {
  const { organizations, memberships, ids, freshness, mirror } = deps
  const now = () => new Date(deps.now()).toISOString()
  const readable = (principal: Principal, id: ID) => may(principal, permission('read', 'orgs', { id }))

  async function ofUser(userID: ID): Promise<Organization[]> {
    const held = await memberships.ofUser(userID)
    const wanted = held.filter(({ resourceType }) => resourceType === 'orgs').map((each) => each.resourceID)
    const found = await organizations.byIDs(wanted)
    return found.sort((a, b) => wanted.indexOf(a.id) - wanted.indexOf(b.id))
  }

  return {
    async create(caller, input) {
      const needed = permission('write', 'orgs')
      requirePermission(caller.principal, needed)
      // The ownership that the creator gets has no end.
      requireLasting(caller.principal, [needed], () => undefined)
      const owner = caller.principal.user.id
      const at = now()
      return mirror.create({
        alone: () => madeAlone(ids, at),
        async here(change, made) {
          const organization = await addOrganization(change, { ...input, owner, made, at })
          change.records({ event: 'organization.create', target: targetOf(organization), caller })
          return organization
        },
        there: (upstream, organization) => createOrganizationThere(upstream, organization, owner),
        isKept: async ({ id }) => (await organizations.byID(id)) !== undefined,
        undo: (upstream, { id }) => upstream.removeOrganization(id),
      })
    },

    async get(principal, id) {
      requirePermission(principal, permission('read', 'orgs', { id }))
      const organization = await organizations.byID(id)
      if (!organization) throw organizationNotFound()
      return organization
    },

    async list(principal, { id, name, userID }, page) {
      const visible = ({ id }: Organization) => readable(principal, id)
      if (id) {
        const organization = await organizations.byID(id)
        if (!organization || !visible(organization)) throw organizationNotFound()
        return [organization]
      }
      if (name) {
        const organization = await organizations.byName(name)
        if (!organization || !visible(organization)) throw noOrganizationNamed(name)
        return [organization]
      }
      const own = allowsAll(principal.permissions, 'read', 'orgs') ? undefined : principal.user.id
      const whose = userID ?? own
      if (!whose) return visiblePage(organizations.list, visible, page)
      return (await ofUser(whose)).filter(visible).slice(page.offset, page.offset + page.limit)
    },

    async update(caller, id, input) {
      requirePermission(caller.principal, permission('write', 'orgs', { id }))
      const name = input.name === undefined ? undefined : parseName(input.name)
      requireDescriptionFits('an organization', input.description)
      return mirror.change({
        about: id,
        async here(change) {
          const organization = await change.organizations.byID(id)
          if (!organization) throw organizationNotFound()
          const next: Organization = {
            ...organization,
            name: name ?? organization.name,
            description: input.description ?? organization.description,
            updatedAt: now(),
          }
          if (!(await change.organizations.update(next))) throw nameTaken(next.name)
          change.records({ event: 'organization.update', target: targetOf(next), caller })
          return next
        },
        there: (upstream, next) => upstream.updateOrganization(next),
      })
    },

    async remove(caller, id) {
      requirePermission(caller.principal, permission('write', 'orgs', { id }))
      await mirror.change({
        about: id,
        async here(change) {
          const organization = await change.organizations.byID(id)
          if (!organization) {
            throw notFound(`error deleting organization id: ${id}: organization not found`)
          }
          freshness.require(caller, 'organization.delete')
          await removeOrganization(change, organization, { caller })
        },
        there: (upstream) => upstream.removeOrganization(id),
      })
    },
  }
}

/** The ids that an organization and its system buckets get if there is no upstream to give them. */
export function madeAlone(ids: IDGenerator, at: string): CreatedOrganization {
  const id = ids.next()
  return { id, buckets: systemBuckets(id, ids, at) }
}

/** Within a change, adds an organization with its system buckets and owner, if any; `conflict` if the name is taken. */
export async function addOrganization(
  change: Change,
  input: OrganizationInput & { owner: ID | undefined; made: CreatedOrganization; at: string },
): Promise<Organization> {
  requireDescriptionFits('an organization', input.description)
  const organization: Organization = {
    id: input.made.id,
    name: parseName(input.name ?? ''),
    description: input.description ?? '',
    createdAt: input.at,
    updatedAt: input.at,
  }
  if (!(await change.organizations.add(organization))) throw nameTaken(organization.name)
  for (const bucket of input.made.buckets) await change.buckets.add(bucket)
  if (input.owner === undefined) return organization
  await change.memberships.add(ownership(input.owner, organization.id))
  change.affects(input.owner)
  return organization
}

/** Makes an organization upstream with its owner; what was made is removed again if the owner is refused. */
export async function createOrganizationThere(
  upstream: UpstreamIdentities,
  wanted: Pick<Organization, 'name' | 'description'>,
  owner: ID,
): Promise<CreatedOrganization> {
  const made = await upstream.createOrganization(wanted)
  try {
    await upstream.addMembership(ownership(owner, made.id))
    return made
  } catch (error) {
    await upstream.removeOrganization(made.id).catch(() => undefined)
    throw error
  }
}

/** Within a change, removes an organization with its buckets, memberships and tokens. */
export async function removeOrganization(
  change: Change,
  organization: Organization,
  by: Pick<DoneEvent, 'caller' | 'origin' | 'actor'>,
): Promise<void> {
  const { id } = organization
  await change.organizations.remove(id)
  const holders = await change.authorizations.usersOfOrganization(id)
  for (const userID of holders) change.affects(userID)
  await keepingAnOperator(change, holders, () => change.authorizations.removeOfOrganization(id))
  await change.legacyAuthorizations.removeOfOrganization(id)
  await change.dbrpMappings.removeOfOrganization(id)
  await change.secondFactorPolicies.remove(id)
  await change.oneTimeLinks.removeOfOrganization(id)
  const resources = [id, ...(await change.buckets.idsOfOrganization(id))]
  for (const resourceID of resources) {
    for (const { userID } of await change.memberships.ofResource(resourceID)) change.affects(userID)
    await change.memberships.removeOfResource(resourceID)
  }
  for (const bucketID of resources.slice(1)) await change.buckets.remove(bucketID)
  change.records({ event: 'organization.delete', target: targetOf(organization), ...by })
}

function ownership(userID: ID, resourceID: ID): Membership {
  return { userID, resourceType: 'orgs', resourceID, role: 'owner' }
}

/** Refuses a name of blanks like an empty one. */
function parseName(name: string): string {
  if (name.trim() === '') throw invalid('org name is empty')
  requireNameFits('an organization', name)
  return name
}

function targetOf({ id, name }: Organization): AuditTarget {
  return { type: 'organization', id, name, orgID: id }
}
