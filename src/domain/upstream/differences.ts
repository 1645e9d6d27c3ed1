/** What differs between the records here and those upstream. */
import type { ID } from '../base/id.ts'
import { isMirrored } from '../mirror/activity.ts'
import type { Bucket } from '../records/bucket.ts'
import type { Membership } from '../records/membership.ts'
import type { Organization } from '../records/organization.ts'
import type { UpstreamRecords } from '../records/upstream.ts'
import type { User } from '../records/user.ts'

/** In the order in which they are counted and shown. */
export const DIFFERENCE_KINDS = [
  'here-only',
  'upstream-only',
  'other-id',
  'other-name',
  'other-status',
  'other-role',
  'other-details',
] as const

/**
 * `other-id`: the same name under two ids. `other-details`: the description of an organization; of a bucket also the
 * retention.
 */
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number]

/** At least one of `here` and `there` is set. */
interface Differing<T extends string, R> {
  readonly type: T
  readonly kind: DifferenceKind
  readonly here?: R
  readonly there?: R
}

export type Difference =
  | Differing<'user', User>
  | Differing<'organization', Organization>
  | Differing<'bucket', Bucket>
  | Differing<'membership', Membership>

export interface RecordsHere {
  readonly users: readonly User[]
  readonly organizations: readonly Organization[]
  readonly buckets: readonly Bucket[]
  /** Undefined leaves memberships out of the comparison. */
  readonly memberships?: readonly Membership[]
}

export type RecordsThere = UpstreamRecords & { readonly memberships?: readonly Membership[] }

/**
 * Every difference. Buckets and memberships of what is on one side alone, or has two ids, are not named: they follow
 * from it. The user of the operator token may be upstream alone.
 */
export function differencesBetween(here: RecordsHere, there: RecordsThere): Difference[] {
  const differences: Difference[] = []
  const users = pair(here.users, there.users, (user) => user.name)
  const organizations = pair(here.organizations, there.organizations, ({ name }) => name)
  const inside = ({ orgID }: Bucket) => organizations.shared.has(orgID)
  const buckets = pair(
    here.buckets.filter(inside),
    there.buckets.filter(inside),
    ({ orgID, name }) => `${orgID} ${name}`,
  )
  for (const [one, other] of users.pairs) {
    for (const kind of kindsOf(one, other, [])) differences.push({ type: 'user', kind, ...sides(one, other) })
  }
  for (const [one, other] of organizations.pairs) {
    const kinds = kindsOf(one, other, ['description'])
    for (const kind of kinds) differences.push({ type: 'organization', kind, ...sides(one, other) })
  }
  for (const [one, other] of buckets.pairs) {
    const kinds = kindsOf(one, other, ['description', 'retentionSeconds', 'shardGroupSeconds'])
    for (const kind of kinds) differences.push({ type: 'bucket', kind, ...sides(one, other) })
  }
  if (here.memberships && there.memberships) {
    const isKnown = ({ userID, resourceID }: Membership) =>
      users.shared.has(userID) && (organizations.shared.has(resourceID) || buckets.shared.has(resourceID))
    differences.push(...ofMemberships(here.memberships, there.memberships, here.users, isKnown))
  }
  return differences.filter(
    ({ type, kind, there: record }) =>
      !(type === 'user' && kind === 'upstream-only' && record?.id === there.operatorID),
  )
}

/** Names a difference among others of one comparison, and the same one in the next. */
export function keyOf({ type, kind, here, there }: Difference): string {
  return [type, kind, ...[here, there].map((record) => (record ? recordKey(record) : ''))].join(' ')
}

function recordKey(record: { readonly id: ID } | Membership): string {
  return 'id' in record ? record.id : `${record.resourceID}/${record.userID}`
}

type Pair<R> = readonly [here: R | undefined, there: R | undefined]

/** Pairs by id, then what is left by name. `shared` has the ids that are on both sides. */
function pair<R extends { readonly id: ID }>(
  here: readonly R[],
  there: readonly R[],
  nameOf: (record: R) => string,
): { readonly pairs: readonly Pair<R>[]; readonly shared: ReadonlySet<ID> } {
  const thereByID = new Map(there.map((record) => [record.id, record]))
  const idsHere = new Set(here.map(({ id }) => id))
  const unmatched = new Map(
    there.filter(({ id }) => !idsHere.has(id)).map((record) => [nameOf(record), record]),
  )
  const pairs: Pair<R>[] = []
  for (const record of here) {
    const same = thereByID.get(record.id) ?? unmatched.get(nameOf(record))
    if (same && same.id !== record.id) unmatched.delete(nameOf(record))
    pairs.push([record, same])
  }
  for (const record of unmatched.values()) pairs.push([undefined, record])
  return { pairs, shared: new Set(here.map(({ id }) => id).filter((id) => thereByID.has(id))) }
}

interface Comparable {
  readonly id: ID
  readonly name: string
  readonly status?: string
}

function kindsOf<R extends Comparable>(
  here: R | undefined,
  there: R | undefined,
  details: readonly (keyof R)[],
): DifferenceKind[] {
  if (!there) return ['here-only']
  if (!here) return ['upstream-only']
  if (here.id !== there.id) return ['other-id']
  const kinds: DifferenceKind[] = []
  if (here.name !== there.name) kinds.push('other-name')
  if (here.status !== there.status) kinds.push('other-status')
  if (details.some((field) => here[field] !== there[field])) kinds.push('other-details')
  return kinds
}

function sides<R>(here: R | undefined, there: R | undefined) {
  return { ...(here ? { here } : {}), ...(there ? { there } : {}) }
}

function ofMemberships(
  allHere: readonly Membership[],
  allThere: readonly Membership[],
  users: readonly User[],
  isKnown: (membership: Membership) => boolean,
): Difference[] {
  const byID = new Map(users.map((user) => [user.id, user]))
  const expected = allHere.filter((each) => {
    const user = byID.get(each.userID)
    return isKnown(each) && user !== undefined && isMirrored(each, user)
  })
  const there = new Map(allThere.filter(isKnown).map((each) => [recordKey(each), each]))
  const differences: Difference[] = []
  for (const here of expected) {
    const same = there.get(recordKey(here))
    there.delete(recordKey(here))
    if (!same) differences.push({ type: 'membership', kind: 'here-only', here })
    else if (same.role !== here.role) {
      differences.push({ type: 'membership', kind: 'other-role', here, there: same })
    }
  }
  for (const each of there.values()) {
    differences.push({ type: 'membership', kind: 'upstream-only', there: each })
  }
  return differences
}
