/** Sets what a provider's groups give a user: given at sign-in, taken away at the next when the group is gone. */
import { keepingAnOperator } from '../access/last-operator.ts'
import { findBucket, findOrganization } from '../access/named-place.ts'
import type { RequestOrigin } from '../access/principal.ts'
import { SluiceError } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import type { Log } from '../base/log.ts'
import type { Change } from '../changes.ts'
import { isMirrored } from '../mirror/activity.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { AuditTarget } from '../records/audit-event.ts'
import type { BucketStore } from '../records/bucket.ts'
import {
  INSTANCE_ID,
  type Membership,
  type MembershipStore,
  type ProvidedMembership,
  type ProvidedRole,
} from '../records/membership.ts'
import type { OrganizationStore } from '../records/organization.ts'
import type { OutsideIdentity } from '../records/outside-identity.ts'
import type { UpstreamIdentities } from '../records/upstream.ts'
import type { User } from '../records/user.ts'
import { EVERYBODY, type GroupRole, membershipOf, type ProviderRules } from './provider-rules.ts'

type MappingRules = Pick<ProviderRules, 'groupRoles' | 'operatorGroups' | 'canonicalGroup'>

/** The part of an outside identity that decides. */
export type Grouped = Pick<OutsideIdentity, 'issuer' | 'provider' | 'groups'>

/**
 * Replaces what the identity's provider gives the user by what the rules give to these groups now; what was given by
 * hand, or by another provider, stays. The last active operator stays one, with a warning in the log. What does not
 * exist here is skipped, with one warning.
 */
export type ProvideMemberships = (
  userID: ID,
  identity: Grouped,
  rules: MappingRules,
  origin: RequestOrigin,
) => Promise<void>

const OPERATOR = { resourceType: 'instance', resourceID: INSTANCE_ID, role: 'owner' } as const

export interface MembershipDifference {
  readonly before: Membership | undefined
  readonly after: Membership | undefined
}

export function createProvideMemberships(deps: {
  memberships: Pick<MembershipStore, 'ofUser'>
  organizations: Pick<OrganizationStore, 'byName' | 'byIDs'>
  buckets: Pick<BucketStore, 'byName' | 'byIDs'>
  mirror: Mirror
  log: Pick<Log, 'warn'>
}): ProvideMemberships {
  const { memberships, organizations, buckets, mirror, log } = deps
  const warned = new Set<string>()

  function warnOnce(provider: string, missing: string): void {
    const key = `${provider} ${missing}`
    if (warned.has(key)) return
    warned.add(key)
    log.warn('a rule of a provider names what does not exist', { provider, missing })
  }

  async function resourceOf(
    { organization, bucket }: GroupRole,
    provider: string,
  ): Promise<Pick<Membership, 'resourceType' | 'resourceID'> | undefined> {
    const org = await findOrganization(organizations, organization)
    if (!org) {
      warnOnce(provider, `organization ${organization}`)
      return undefined
    }
    if (bucket === undefined) return { resourceType: 'orgs', resourceID: org.id }
    const found = await findBucket(buckets, org.id, bucket)
    if (!found) warnOnce(provider, `bucket ${bucket} in ${organization}`)
    return found && { resourceType: 'buckets', resourceID: found.id }
  }

  async function wanted(identity: Grouped, rules: MappingRules): Promise<readonly ProvidedMembership[]> {
    const isIn = membershipOf(rules, identity)
    const given = new Map<ID, ProvidedMembership>()
    const operator = rules.operatorGroups.find((group) => group !== EVERYBODY && isIn(group))
    if (operator !== undefined) given.set(INSTANCE_ID, { ...OPERATOR, group: operator })
    for (const rule of rules.groupRoles) {
      const resource = isIn(rule.group) ? await resourceOf(rule, identity.provider) : undefined
      if (!resource) continue
      // The stronger role counts; of two equal ones the first.
      const known = given.get(resource.resourceID)
      if (known?.role === 'owner' || known?.role === rule.role) continue
      given.set(resource.resourceID, { ...resource, role: rule.role, group: rule.group })
    }
    return [...given.values()]
  }

  return async (userID, identity, rules, origin) => {
    const next = await wanted(identity, rules)
    const present = providedBy(identity, await memberships.ofUser(userID))
    if (isSame(present, next)) return
    await mirror.change({
      about: userID,
      async here(change) {
        const user = await change.users.byID(userID)
        if (!user) return undefined
        const warn = () =>
          log.warn('the last operator stays one although the provider no longer says so', {
            ...{ userID, provider: identity.provider },
          })
        const differences = await setProvided(change, user, { identity, next, origin, warn })
        return { user, differences }
      },
      async there(upstream, planned) {
        if (planned) await mirrorDifferences(upstream, planned.user, planned.differences)
      },
    })
  }
}

/** Within a change, sets what a provider gives a user; returns which memberships differ now, for the upstream. */
export async function setProvided(
  change: Change,
  { id: userID }: User,
  given: {
    readonly identity: Pick<Grouped, 'issuer' | 'provider'>
    readonly next: readonly ProvidedMembership[]
    readonly origin: RequestOrigin | undefined
    /** Says that the last operator stays one; without it the change is refused then. */
    readonly warn?: (() => void) | undefined
  },
): Promise<MembershipDifference[]> {
  const { identity, next, origin, warn } = given
  const before = await change.memberships.ofUser(userID)
  const earlier = providedBy(identity, before)
  try {
    await keepingAnOperator(change, [userID], () => change.memberships.provide(userID, identity, next))
  } catch (error) {
    if (!warn || !(error instanceof SluiceError) || error.reason !== 'last-operator') throw error
    const group = earlier.find(({ resourceID }) => resourceID === INSTANCE_ID)?.group ?? ''
    await change.memberships.provide(userID, identity, [...next, { ...OPERATOR, group }])
    warn()
  }
  change.affects(userID)
  const after = await change.memberships.ofUser(userID)
  const later = providedBy(identity, after)
  for (const event of await eventsOf(change, userID, identity, earlier, later)) {
    change.records({ ...event, origin })
  }
  return differencesOf(before, after)
}

/** Makes the same difference upstream. */
export async function mirrorDifferences(
  upstream: Pick<UpstreamIdentities, 'addMembership' | 'removeMembership'>,
  user: User,
  differences: readonly MembershipDifference[],
): Promise<void> {
  for (const { before, after } of differences) {
    if (after && isMirrored(after, user)) await upstream.addMembership(after)
    else if (before && !after && isMirrored(before, user)) await upstream.removeMembership(before)
  }
}

/** What this provider gives, of a user's memberships. */
function providedBy({ issuer }: Pick<Grouped, 'issuer'>, held: readonly Membership[]): ProvidedMembership[] {
  return held.flatMap(({ resourceType, resourceID, given }) => {
    const by = given?.byProviders.find((each) => each.issuer === issuer)
    return by ? [{ resourceType, resourceID, role: by.role, group: by.group }] : []
  })
}

const textOf = ({ resourceType, resourceID, role }: ProvidedMembership) =>
  `${resourceType} ${resourceID} ${role}`

function isSame(one: readonly ProvidedMembership[], other: readonly ProvidedMembership[]): boolean {
  const sorted = (all: readonly ProvidedMembership[]) => all.map(textOf).toSorted().join('\n')
  return sorted(one) === sorted(other)
}

function differencesOf(before: readonly Membership[], after: readonly Membership[]): MembershipDifference[] {
  const keyOf = ({ resourceType, resourceID }: Membership) => `${resourceType} ${resourceID}`
  const [earlier, later] = [before, after].map((all) => new Map(all.map((each) => [keyOf(each), each])))
  return [...new Set([...before, ...after].map(keyOf))]
    .map((key) => ({ before: earlier?.get(key), after: later?.get(key) }))
    .filter((each) => each.before?.role !== each.after?.role)
}

/** One event for each role that the provider gives or takes; the provider and its group act. */
async function eventsOf(
  change: Change,
  userID: ID,
  { provider }: Pick<Grouped, 'provider'>,
  earlier: readonly ProvidedMembership[],
  later: readonly ProvidedMembership[],
) {
  const bucketIDs = [...earlier, ...later]
    .filter(({ resourceType }) => resourceType === 'buckets')
    .map(({ resourceID }) => resourceID)
  const places = new Map((await change.buckets.byIDs(bucketIDs)).map(({ id, orgID }) => [id, orgID]))
  const targetOf = ({ resourceType, resourceID: id }: ProvidedMembership): AuditTarget => {
    if (resourceType === 'instance') return { type: 'instance', id, name: 'instance', userID }
    if (resourceType === 'orgs') return { type: 'organization', id, orgID: id, userID }
    return { type: 'bucket', id, orgID: places.get(id), userID }
  }
  const missingIn = (all: readonly ProvidedMembership[], from: readonly ProvidedMembership[]) =>
    from.filter((each) => !all.some((other) => textOf(other) === textOf(each)))
  const actorOf = ({ group }: Pick<ProvidedRole, 'group'>) => ({ userName: `${provider} (${group})` })
  return [
    ...missingIn(later, earlier).map((each) => {
      return { event: `${each.role}.remove`, target: targetOf(each), actor: actorOf(each) } as const
    }),
    ...missingIn(earlier, later).map((each) => {
      return { event: `${each.role}.add`, target: targetOf(each), actor: actorOf(each) } as const
    }),
  ]
}
