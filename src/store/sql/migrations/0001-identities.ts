import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Users, organizations, memberships, tokens and buckets. */
export const identities: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('users')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull().unique())
      .addColumn('status', 'text', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('passwords')
      .addColumn('user_id', 'text', (column) => column.primaryKey())
      .addColumn('hash', 'text', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('organizations')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull().unique())
      .addColumn('description', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('memberships')
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('resource_type', 'text', (column) => column.notNull())
      .addColumn('resource_id', 'text', (column) => column.notNull())
      .addColumn('role', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('memberships_pk', ['resource_id', 'user_id'])
      .execute()
    await db.schema
      .createIndex('memberships_by_user')
      .on('memberships')
      .columns(['user_id', 'position'])
      .execute()
    await db.schema
      .createTable('authorizations')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('hashed_token', 'text', (column) => column.notNull().unique())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('description', 'text', (column) => column.notNull())
      .addColumn('org_id', 'text', (column) => column.notNull())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('permissions', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .execute()
    await db.schema
      .createIndex('authorizations_by_user')
      .on('authorizations')
      .columns(['user_id', 'id'])
      .execute()
    await db.schema
      .createIndex('authorizations_by_organization')
      .on('authorizations')
      .columns(['org_id', 'id'])
      .execute()
    await db.schema
      .createTable('buckets')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('org_id', 'text', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('description', 'text', (column) => column.notNull())
      .addColumn('retention_policy', 'text', (column) => column.notNull())
      .addColumn('retention_seconds', 'bigint', (column) => column.notNull())
      .addColumn('shard_group_seconds', 'bigint', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .addUniqueConstraint('buckets_by_name', ['org_id', 'name'])
      .execute()
  },
}
