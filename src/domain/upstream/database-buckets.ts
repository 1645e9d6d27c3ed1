/** Buckets that stand for databases of an upstream: what is done to the one is done to the other. */
import { requirePermission } from '../access/principal.ts'
import { invalid } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { type Buckets, bucketPermission } from '../buckets/buckets.ts'
import type { Bucket, BucketStore } from '../records/bucket.ts'
import type { OrganizationStore } from '../records/organization.ts'
import type { DatabaseUpstream } from '../records/upstream-databases.ts'
import { databaseOf } from './database-name.ts'

/**
 * Buckets as before, for organizations without such an upstream. In others a new bucket has its database when it is
 * answered, or does not exist either; a deleted one leaves its database, unless the settings say that it is dropped: then the bucket stays if that fails.
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

  /** The upstream that has the database of this bucket, if it stands for one. */
  async function keptUpstream(bucket: Bucket | undefined): Promise<DatabaseUpstream | undefined> {
    return bucket?.type === 'user' ? upstreamOf(bucket.orgID) : undefined
  }

  /** The buckets of the policies that lose their data with this one, if it stands for a whole database. */
  async function bucketsOfPolicies({ orgID, name }: Bucket, upstream: DatabaseUpstream): Promise<Bucket[]> {
    if (databaseOf(name, upstream) !== name) return []
    const all = await records.byIDs(await records.idsOfOrganization(orgID))
    return all.filter(
      (each) => each.type === 'user' && each.name !== name && databaseOf(each.name, upstream) === name,
    )
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
      if (!bucket || !upstream?.dropsDatabases) return buckets.remove(caller, id)
      const dropped = [...(await bucketsOfPolicies(bucket, upstream)), bucket]
      for (const each of dropped) requirePermission(caller.principal, bucketPermission('write', each))
      const end = upstream.inChange.begin(dropped.map(({ name }) => name))
      try {
        // First, so that a server that is away or refuses leaves buckets and data as they were.
        await upstream.databases.drop(bucket.name)
        for (const each of dropped) await buckets.remove(caller, each.id)
      } finally {
        end()
      }
    },
  }
}
