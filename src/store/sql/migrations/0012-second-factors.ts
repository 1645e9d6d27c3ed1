import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Second factors, recovery codes, application passwords and the key of their seal. Older nodes go on without. */
export const secondFactors: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('second_factors')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('secret', 'text', (column) => column.notNull())
      .addColumn('credential_id', 'text', (column) => column.unique())
      .addColumn('counter', 'bigint', (column) => column.notNull())
      .addColumn('details', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('last_used_at', 'bigint')
      .execute()
    await db.schema
      .createIndex('second_factors_by_user')
      .on('second_factors')
      .columns(['user_id', 'id'])
      .execute()
    await db.schema
      .createTable('recovery_codes')
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('recovery_codes_of_user', ['user_id', 'hash'])
      .execute()
    await db.schema
      .createTable('second_factor_users')
      .addColumn('user_id', 'text', (column) => column.primaryKey())
      .addColumn('grace_used', 'integer', (column) => column.notNull())
      .addColumn('handle', 'text', (column) => column.unique())
      .execute()
    await db.schema
      .createTable('application_passwords')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull().unique())
      .addColumn('access', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint')
      .addColumn('last_used_at', 'bigint')
      .execute()
    await db.schema
      .createIndex('application_passwords_by_user')
      .on('application_passwords')
      .columns(['user_id', 'id'])
      .execute()
    await db.schema
      .createTable('spent_challenges')
      .addColumn('hash', 'text', (column) => column.primaryKey())
      .addColumn('until', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('spent_challenges_by_until').on('spent_challenges').column('until').execute()
    await db.schema
      .createTable('second_factor_policies')
      .addColumn('org_id', 'text', (column) => column.primaryKey())
      .addColumn('required_for', 'text', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('second_factor_key')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('key', 'text', (column) => column.notNull())
      .execute()
  },
}
