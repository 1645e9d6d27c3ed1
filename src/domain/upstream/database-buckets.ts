/** Buckets that stand for databases of an upstream: what is done to the one is done to the other. */
import { invalid, unavailable } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import type { Buckets } from '../buckets/buckets.ts'
import type { Bucket, BucketStore } from '../records/bucket.ts'
import type { OrganizationStore } from '../records/organization.ts'
import type { DatabaseUpstream } from '../records/upstream-databases.ts'

/**
 * Buckets as before, for organizations without such an upstream. In others a new bucket has its database when it is
 * answered, or does not exist either; a deleted one leaves its database, unless the settings say that it is dropped.
 */
export function withDatabases(
  buckets: Buckets,
  deps: {
    upstreams: readonly DatabaseUpstream[]
    organizations: Pick<OrganizationStore, 'byID'>
    records: Pick<BucketStore, 'byID' | 'byIDs' | 'idsOfOrganization'>
  },
): Buckets {
  const { upstreams, organizations, records } = deps
  if (upstreams.length === 0) return buckets

  async function upstreamOf(orgID: ID): Promise<DatabaseUpstream | undefined> {
    const name = (await organizations.byID(orgID))?.name
    return upstreams.find(({ organization }) => organization === orgID || organization === name)
  }

  /** Of a bucket that stands for a database. */
  async function keptUpstream(bucket: Bucket | undefined): Promise<DatabaseUpstream | undefined> {
    return bucket?.type === 'user' ? upstreamOf(bucket.orgID) : undefined
  }

  /** Of a bucket that stands for a whole database. */
  async function bucketsOfPolicies({ orgID, name }: Bucket): Promise<Bucket[]> {
    if (name.includes('/')) return []
    const all = await records.byIDs(await records.idsOfOrganization(orgID))
    return all.filter((each) => each.type === 'user' && each.name.startsWith(`${name}/`))
  }

  return {
    ...buckets,
    async create(caller, input) {
      const bucket = await buckets.create(caller, input)
      const upstream = await keptUpstream(bucket)
      try {
        await upstream?.databases.create(bucket)
      } catch (error) {
        await buckets.remove(caller, bucket.id)
        throw error
      }
      return bucket
    },
    async update(caller, id, input) {
      const before = await records.byID(id)
      const upstream = await keptUpstream(before)
      if (!upstream || !before) return buckets.update(caller, id, input)
      if (input.name !== undefined && input.name !== before.name) {
        // Refuses a caller who may not see it in the usual words.
        await buckets.get(caller.principal, id)
        throw invalid('a bucket that stands for a database of the server behind this one cannot be renamed')
      }
      const bucket = await buckets.update(caller, id, input)
      if (bucket.retentionSeconds === before.retentionSeconds) return bucket
      try {
        await upstream.databases.setRetention(bucket)
      } catch (error) {
        await buckets.update(caller, id, { retentionRules: [{ everySeconds: before.retentionSeconds }] })
        throw error
      }
      return bucket
    },
    async remove(caller, id) {
      const bucket = await records.byID(id)
      const upstream = await keptUpstream(bucket)
      const isDropped = bucket !== undefined && upstream?.dropsDatabases === true
      // The database goes with its policies, which would otherwise be made again for their buckets.
      const policies = isDropped ? await bucketsOfPolicies(bucket) : []
      for (const each of policies) await buckets.remove(caller, each.id)
      await buckets.remove(caller, id)
      if (!isDropped) return
      try {
        await upstream.databases.drop(bucket.name)
      } catch (error) {
        throw unavailable('the bucket is deleted, but its database could not be dropped', { cause: error })
      }
    },
  }
}
