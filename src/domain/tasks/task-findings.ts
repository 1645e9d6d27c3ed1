/** Stored tasks that name buckets by id beyond the rights of their owner, which InfluxDB does not check. */
import { membershipPermissions } from '../access/grants.ts'
import { allowsAll, compilePermissions, type PermissionSet } from '../access/permission-set.ts'
import type { ID } from '../base/id.ts'
import type { BucketUse } from '../flux/findings.ts'
import { inspectFlux } from '../flux/inspect-flux.ts'
import type { BucketStore } from '../records/bucket.ts'
import type { MembershipStore } from '../records/membership.ts'
import { ACTIONS, type Action, permission } from '../records/permission.ts'
import type { StoredTask } from '../records/stored-task.ts'

/**
 * - `bucket-not-allowed`: it names a bucket by id that its owner may not use so
 * - `unknown-bucket`: it names a bucket by id that does not exist here
 * - `not-inspectable`: its Flux cannot be judged
 */
export const TASK_PROBLEMS = ['bucket-not-allowed', 'unknown-bucket', 'not-inspectable'] as const
export type TaskProblem = (typeof TASK_PROBLEMS)[number]

export interface TaskFinding {
  readonly task: Omit<StoredTask, 'flux'>
  readonly problem: TaskProblem
  /** The bucket that the Flux names. */
  readonly bucketID?: ID
  /** A sentence for people. */
  readonly reason: string
}

export interface TaskCheck {
  /**
   * One finding for each bucket, or one alone if the Flux cannot be judged; none if the owner may use every bucket.
   */
  of(task: StoredTask): Promise<TaskFinding[]>
}

/** Compares with the memberships that owners have here; each owner's are read once. */
export function createTaskCheck({
  memberships,
  buckets,
}: {
  readonly memberships: Pick<MembershipStore, 'ofUser'>
  readonly buckets: Pick<BucketStore, 'byID'>
}): TaskCheck {
  const known = new Map<ID | undefined, Promise<PermissionSet>>()

  function rightsOf(ownerID: ID | undefined): Promise<PermissionSet> {
    const rights = known.get(ownerID) ?? readRights(ownerID)
    known.set(ownerID, rights)
    return rights
  }

  async function readRights(ownerID: ID | undefined): Promise<PermissionSet> {
    const held = ownerID === undefined ? [] : await memberships.ofUser(ownerID)
    return compilePermissions(held.flatMap(membershipPermissions))
  }

  async function problemOf(
    { id, access }: BucketUse,
    ownerID: ID | undefined,
    rights: PermissionSet,
  ): Promise<Pick<TaskFinding, 'problem' | 'reason'> | undefined> {
    const bucket = await buckets.byID(id as ID)
    if (!bucket) {
      return { problem: 'unknown-bucket', reason: `it names the bucket ${id} by its id, which is not here` }
    }
    const { orgID } = bucket
    const missing = ACTIONS_OF[access].filter(
      (action) => !rights.allows(permission(action, 'buckets', { id: bucket.id, orgID })),
    )
    if (missing.length === 0) return undefined
    const owner = ownerID === undefined ? 'who is not known' : ownerID
    const reason = `it names the bucket ${id} by its id, which its owner ${owner} may not ${missing.join(' or ')}`
    return { problem: 'bucket-not-allowed', reason }
  }

  return {
    async of(stored) {
      const { flux, ...task } = stored
      const rights = await rightsOf(task.ownerID)
      if (ACTIONS.every((action) => allowsAll(rights, action, 'buckets'))) return []
      if (flux === undefined) {
        return [{ task, problem: 'not-inspectable', reason: 'InfluxDB does not show its Flux' }]
      }
      const { refusal, bucketIDs } = inspectFlux(flux)
      if (refusal) return [{ task, problem: 'not-inspectable', reason: refusal.message }]
      const findings: TaskFinding[] = []
      for (const [id, use] of usesByBucket(bucketIDs)) {
        const problem = await problemOf(use, stored.ownerID, rights)
        if (problem) findings.push({ task, ...problem, bucketID: id })
      }
      return findings
    },
  }
}

/**
 * Merges the uses of each bucket. One that a script both reads and writes becomes `unknown`, the use that needs both
 * rights.
 */
function usesByBucket(uses: readonly BucketUse[]): Map<ID, BucketUse> {
  const found = new Map<ID, BucketUse>()
  for (const use of uses) {
    const id = use.id as ID
    found.set(id, found.has(id) ? { ...use, access: 'unknown' } : use)
  }
  return found
}

const ACTIONS_OF: Readonly<Record<BucketUse['access'], readonly Action[]>> = {
  read: ['read'],
  write: ['write'],
  unknown: ACTIONS,
}
