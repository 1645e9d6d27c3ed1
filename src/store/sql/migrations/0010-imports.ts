import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** 1.x authorizations and DBRP mappings, and what was imported. Nodes that do not know these tables go on without. */
export const imports: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('legacy_authorizations')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull().unique())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('description', 'text', (column) => column.notNull())
      .addColumn('org_id', 'text', (column) => column.notNull())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('permissions', 'text', (column) => column.notNull())
      .addColumn('password_hash', 'text')
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .execute()
    for (const column of ['user_id', 'org_id']) {
      await db.schema
        .createIndex(`legacy_authorizations_by_${column}`)
        .on('legacy_authorizations')
        .columns([column, 'id'])
        .execute()
    }
    await db.schema
      .createTable('dbrp_mappings')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('org_id', 'text', (column) => column.notNull())
      .addColumn('bucket_id', 'text', (column) => column.notNull())
      .addColumn('database', 'text', (column) => column.notNull())
      .addColumn('retention_policy', 'text', (column) => column.notNull())
      .addColumn('is_default', 'integer', (column) => column.notNull())
      .addUniqueConstraint('dbrp_mappings_by_policy', ['org_id', 'database', 'retention_policy'])
      .execute()
    await db.schema.createIndex('dbrp_mappings_by_bucket').on('dbrp_mappings').column('bucket_id').execute()
    await db.schema
      .createTable('imported_records')
      .addColumn('key', 'text', (column) => column.primaryKey())
      .execute()
  },
}
