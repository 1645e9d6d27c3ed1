/** What the comparison adopts from upstream by itself: buckets, and how long they keep data. */
import type { Changes } from '../changes.ts'
import type { Bucket } from '../records/bucket.ts'
import type { Difference } from './differences.ts'

/** The origin for the audit log, since no request here caused it. */
const BY = { origin: { address: '', userAgent: 'sluice upstream', requestID: '' }, actor: {} } as const

/**
 * Adds buckets that were made upstream, and takes over their description and retention: templates and tools that speak
 * to upstream itself change these, and no rights depend on them. Returns the differences that are gone by it. A
 * bucket whose name another one has here stays a difference.
 */
export async function adoptBuckets(
  changes: Changes,
  differences: readonly Difference[],
): Promise<readonly Difference[]> {
  const adopted: Difference[] = []
  for (const difference of differences) {
    const { type, kind, there } = difference
    if (type !== 'bucket' || !there) continue
    if (kind === 'upstream-only' && (await add(changes, there))) adopted.push(difference)
    if (kind === 'other-details' && (await update(changes, there))) adopted.push(difference)
  }
  return adopted
}

function add(changes: Changes, bucket: Bucket): Promise<boolean> {
  return changes(async (change) => {
    if (await change.buckets.byID(bucket.id)) return true
    if (!(await change.organizations.byID(bucket.orgID))) return false
    if (!(await change.buckets.add(bucket))) return false
    change.records({ event: 'bucket.create', target: targetOf(bucket), ...BY })
    return true
  })
}

function update(changes: Changes, there: Bucket): Promise<boolean> {
  return changes(async (change) => {
    const here = await change.buckets.byID(there.id)
    if (!here) return false
    const { description, retentionSeconds, shardGroupSeconds, updatedAt } = there
    const next: Bucket = { ...here, description, retentionSeconds, shardGroupSeconds, updatedAt }
    if (!(await change.buckets.update(next))) return false
    change.records({ event: 'bucket.update', target: targetOf(next), ...BY })
    return true
  })
}

function targetOf({ id, name, orgID }: Bucket) {
  return { type: 'bucket', id, name, orgID }
}
