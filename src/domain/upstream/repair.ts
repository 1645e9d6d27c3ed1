/** Mends what differs between the records here and upstream's, from either side. */
import type { Caller } from '../access/principal.ts'
import { SluiceError } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { createSecret } from '../base/secrets.ts'
import type { Changes } from '../changes.ts'
import type { IdentityRecords } from '../records/identity-store.ts'
import type { UpstreamIdentities, UpstreamSetup } from '../records/upstream.ts'
import type { Comparison } from './comparison.ts'
import { type Difference, keyOf } from './differences.ts'
import { mendHere } from './mend-here.ts'
import { mendThere } from './mend-there.ts'
import { isDeletion, type MendedDifference, mendingOf, type Side } from './mending.ts'
import { type NewID, reidentify } from './reidentify.ts'

export interface RepairInput {
  readonly from: Side
  /** Also removes users, organizations and buckets that the other side has alone. */
  readonly deletes: boolean
  /** Whether to change nothing, and report only the first step that would be done. */
  readonly dryRun: boolean
}

export interface LeftDifference extends MendedDifference {
  /** Why it was not mended, for a person. */
  readonly reason: string
}

export interface RepairResult {
  readonly mended: readonly MendedDifference[]
  readonly left: readonly LeftDifference[]
}

export type Repair = (caller: Caller, input: RepairInput) => Promise<RepairResult>

/** Mending one record may reveal the next: an organization, then its buckets, then their members. */
const MOST_PASSES = 6

export function createRepair(deps: {
  records: Pick<IdentityRecords, 'users' | 'organizations' | 'buckets' | 'memberships'>
  upstream: UpstreamIdentities
  setup: UpstreamSetup
  comparison: Pick<Comparison, 'differences' | 'run'>
  changes: Changes
}): Repair {
  const { records, upstream, comparison, changes } = deps

  async function plan(differences: readonly Difference[], from: Side): Promise<MendedDifference[]> {
    const holders = differences.flatMap(({ type, there }) =>
      type === 'membership' && there ? there.userID : [],
    )
    const inactive = new Set<string>(
      (await records.users.byIDs([...new Set(holders)]))
        .filter(({ status }) => status === 'inactive')
        .map(({ id }) => id),
    )
    return differences.map((difference) => ({
      difference,
      mending: mendingOf(difference, from, (userID) => inactive.has(userID)),
    }))
  }

  async function mend({ difference, mending }: MendedDifference, caller: Caller): Promise<readonly NewID[]> {
    switch (mending) {
      case 'new-id-here':
        return newIDOf(difference)
      case 'add-upstream':
      case 'change-upstream':
      case 'remove-upstream':
        return mendThere(upstream, difference, records)
      default:
        await changes((change) => mendHere(change, difference, { caller }))
        return []
    }
  }

  /** Ids change in one transaction at the end, because each such change makes everything kept in memory outdated. */
  async function pass(planned: readonly MendedDifference[], caller: Caller): Promise<RepairResult> {
    const mended: MendedDifference[] = []
    const left: LeftDifference[] = []
    const ids: NewID[] = []
    for (const each of planned) {
      try {
        ids.push(...(await mend(each, caller)))
        mended.push(each)
      } catch (error) {
        if (!(error instanceof SluiceError) || error.code === 'unavailable') throw error
        left.push({ ...each, reason: error.message })
      }
    }
    if (ids.length > 0) await changes((change) => reidentify(change, ids, { caller }))
    return { mended, left }
  }

  return async (caller, { from, deletes, dryRun }) => {
    if (!dryRun && from === 'here' && (await deps.setup.isAllowed())) await setUpEmpty(deps)
    const mended = new Map<string, MendedDifference>()
    let left: readonly LeftDifference[] = []
    for (let count = 0; count < MOST_PASSES; count++) {
      const planned = await plan(await comparison.differences(), from)
      const kept = planned.filter(({ difference, mending }) => !deletes && isDeletion(difference, mending))
      const wanted = planned.filter((each) => !kept.includes(each))
      const result = dryRun ? { mended: wanted, left: [] } : await pass(wanted, caller)
      left = [
        ...result.left,
        ...kept.map((each) => ({ ...each, reason: 'nothing is deleted without --delete' })),
      ]
      for (const each of result.mended) mended.set(keyOf(each.difference), each)
      if (dryRun || result.mended.length === 0) break
    }
    if (!dryRun) await comparison.run(true)
    return { mended: [...mended.values()], left }
  }
}

function newIDOf({ type, here, there }: Difference): NewID[] {
  if (type === 'membership' || !here || !there) return []
  return [{ type, from: here.id, to: there.id }]
}

/**
 * Sets up an upstream that has no users while this server has some. Its first user owns the operator token and does
 * nothing else; the organization is one from here, if there is any, and gets its members by the comparison.
 */
async function setUpEmpty({
  records,
  setup,
}: {
  readonly records: Pick<IdentityRecords, 'users' | 'organizations' | 'buckets'>
  readonly setup: UpstreamSetup
}): Promise<void> {
  const first = { limit: 1, offset: 0, descending: false }
  const [organization] = await records.organizations.list(first)
  const buckets = organization ? await allOf(records, organization.id) : []
  const bucket = buckets.find(({ type }) => type === 'user')
  const isTaken = (await records.users.byName(OPERATOR_NAME)) !== undefined
  await setup.run({
    username: isTaken ? `${OPERATOR_NAME}-${createSecret().slice(0, 8)}` : OPERATOR_NAME,
    org: organization?.name ?? OPERATOR_NAME,
    bucket: bucket?.name ?? OPERATOR_NAME,
    retentionSeconds: bucket?.retentionSeconds ?? 0,
  })
}

const OPERATOR_NAME = 'sluice'

async function allOf({ buckets }: Pick<IdentityRecords, 'buckets'>, orgID: ID) {
  return buckets.byIDs(await buckets.idsOfOrganization(orgID))
}
