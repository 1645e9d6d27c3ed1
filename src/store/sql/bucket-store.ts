import type { Kysely, Selectable } from 'kysely'
import type { ID } from '../../domain/base/id.ts'
import type { Bucket, BucketStore } from '../../domain/records/bucket.ts'
import { added, changed, countByOrganization, direction, inPortions, whereGiven } from './query.ts'
import type { Tables } from './tables.ts'

export function createBucketStore(db: Kysely<Tables>): BucketStore {
  const buckets = () => db.selectFrom('buckets').selectAll()
  const nameOf = (id: ID) => db.selectFrom('buckets as last').select('last.name').where('last.id', '=', id)
  return {
    async add(bucket) {
      const result = await db
        .insertInto('buckets')
        .values(write(bucket))
        .onConflict((conflict) => conflict.columns(['org_id', 'name']).doNothing())
        .executeTakeFirstOrThrow()
      return added(result)
    },
    async update(bucket) {
      const { id, org_id, name, ...rest } = write(bucket)
      const others = buckets().where('org_id', '=', org_id).where('name', '=', name).where('id', '!=', id)
      const update = db
        .updateTable('buckets')
        .set({ name, ...rest })
        .where('id', '=', id)
        .where((each) => each.not(each.exists(others)))
      return changed(update)
    },
    async remove(id) {
      const result = await db.deleteFrom('buckets').where('id', '=', id).executeTakeFirst()
      return result.numDeletedRows > 0n
    },
    async byID(id) {
      return read(await buckets().where('id', '=', id).executeTakeFirst())
    },
    async byName(orgID, name) {
      return read(await buckets().where('org_id', '=', orgID).where('name', '=', name).executeTakeFirst())
    },
    async byIDs(ids) {
      const rows = await inPortions(ids, (portion) => buckets().where('id', 'in', portion).execute())
      return rows.map((row) => read(row))
    },
    async list({ orgID, name }, page) {
      const { order, beyond } = direction(page)
      // Within an organization InfluxDB lists by name, else by id.
      const key = orgID === undefined ? 'id' : 'name'
      const named = whereGiven(whereGiven(buckets(), 'org_id', '=', orgID), 'name', '=', name)
      const rest =
        key === 'id'
          ? whereGiven(named, 'id', beyond, page.after)
          : whereGiven(named, 'name', beyond, page.after && nameOf(page.after))
      const rows = await rest.orderBy(key, order).limit(page.limit).offset(page.offset).execute()
      return rows.map((row) => read(row))
    },
    async idsOfOrganization(orgID) {
      const rows = await db.selectFrom('buckets').select('id').where('org_id', '=', orgID).execute()
      return rows.map(({ id }) => id)
    },
    countByOrganization: (orgIDs) => countByOrganization(db, 'buckets', orgIDs),
  }
}

type Row = Selectable<Tables['buckets']>

function write(bucket: Bucket): Row {
  return {
    id: bucket.id,
    org_id: bucket.orgID,
    type: bucket.type,
    name: bucket.name,
    description: bucket.description,
    retention_policy: bucket.retentionPolicy,
    retention_seconds: bucket.retentionSeconds,
    shard_group_seconds: bucket.shardGroupSeconds,
    created_at: bucket.createdAt,
    updated_at: bucket.updatedAt,
  }
}

function read(row: Row): Bucket
function read(row: Row | undefined): Bucket | undefined
function read(row: Row | undefined): Bucket | undefined {
  if (!row) return undefined
  return {
    id: row.id,
    orgID: row.org_id,
    type: row.type,
    name: row.name,
    description: row.description,
    retentionPolicy: row.retention_policy,
    retentionSeconds: Number(row.retention_seconds),
    shardGroupSeconds: Number(row.shard_group_seconds),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
