import type { Kysely, Selectable } from 'kysely'
import type { DbrpMapping, DbrpMappingStore } from '../../domain/records/dbrp-mapping.ts'
import { added, inPortions, whereGiven } from './query.ts'
import type { Tables } from './tables.ts'

/** Rows in one statement, of six parameters each. */
const PORTION = 100

export function createDbrpMappingStore(db: Kysely<Tables>): DbrpMappingStore {
  const mappings = () => db.selectFrom('dbrp_mappings').selectAll()

  /** Databases whose default was removed get the mapping with the lowest id. */
  async function completeDefaults(): Promise<void> {
    await db
      .updateTable('dbrp_mappings')
      .set({ is_default: 1 })
      .where('id', 'in', (each) =>
        each
          .selectFrom('dbrp_mappings')
          .select((group) => group.fn.min('id').as('id'))
          .groupBy(['org_id', 'database'])
          .having((group) => group.fn.max('is_default'), '=', 0),
      )
      .execute()
  }

  async function removeWhere(column: 'id' | 'bucket_id' | 'org_id', id: DbrpMapping['id']): Promise<boolean> {
    const result = await db
      .deleteFrom('dbrp_mappings')
      .where(column, '=', id)
      .returning('is_default')
      .execute()
    if (column !== 'org_id' && result.some(({ is_default }) => is_default === 1)) await completeDefaults()
    return result.length > 0
  }

  return {
    async add(mapping) {
      const result = await db
        .insertInto('dbrp_mappings')
        .values(write(mapping))
        .onConflict((conflict) => conflict.columns(['org_id', 'database', 'retention_policy']).doNothing())
        .executeTakeFirstOrThrow()
      if (!added(result)) return false
      if (mapping.isDefault) {
        await db
          .updateTable('dbrp_mappings')
          .set({ is_default: 0 })
          .where('org_id', '=', mapping.orgID)
          .where('database', '=', mapping.database)
          .where('id', '!=', mapping.id)
          .execute()
      }
      return true
    },

    async replaceAll(all) {
      await db.deleteFrom('dbrp_mappings').execute()
      for (let start = 0; start < all.length; start += PORTION) {
        await db
          .insertInto('dbrp_mappings')
          .values(all.slice(start, start + PORTION).map(write))
          .execute()
      }
    },

    remove: (id) => removeWhere('id', id),

    async removeOfBucket(bucketID) {
      await removeWhere('bucket_id', bucketID)
    },

    async removeOfOrganization(orgID) {
      await removeWhere('org_id', orgID)
    },

    async byIDs(ids) {
      const rows = await inPortions(ids, (portion) => mappings().where('id', 'in', portion).execute())
      return rows.map(read)
    },

    async resolve(orgID, database, retentionPolicy) {
      const ofDatabase = mappings().where('org_id', '=', orgID).where('database', '=', database)
      const row = await (retentionPolicy === undefined
        ? ofDatabase.where('is_default', '=', 1)
        : ofDatabase.where('retention_policy', '=', retentionPolicy)
      ).executeTakeFirst()
      return row && read(row)
    },

    async list({ orgID, bucketID, database }) {
      const ofOrganization = whereGiven(mappings(), 'org_id', '=', orgID)
      const ofBucket = whereGiven(ofOrganization, 'bucket_id', '=', bucketID)
      const rows = await whereGiven(ofBucket, 'database', '=', database).orderBy('id').execute()
      return rows.map(read)
    },
  }
}

type Row = Selectable<Tables['dbrp_mappings']>

function write(mapping: DbrpMapping): Row {
  return {
    id: mapping.id,
    org_id: mapping.orgID,
    bucket_id: mapping.bucketID,
    database: mapping.database,
    retention_policy: mapping.retentionPolicy,
    is_default: mapping.isDefault ? 1 : 0,
  }
}

function read(row: Row): DbrpMapping {
  return {
    id: row.id,
    orgID: row.org_id,
    bucketID: row.bucket_id,
    database: row.database,
    retentionPolicy: row.retention_policy,
    isDefault: row.is_default === 1,
  }
}
