import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** One-time links and e-mail addresses of users. Older nodes go on without. */
export const oneTimeLinks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('one_time_links')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('hash', 'text', (column) => column.notNull().unique())
      .addColumn('purpose', 'text', (column) => column.notNull())
      .addColumn('user_id', 'text')
      .addColumn('org_id', 'text')
      .addColumn('role', 'text')
      .addColumn('name', 'text')
      .addColumn('address', 'text')
      .addColumn('created_by', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .execute()
    for (const column of ['user_id', 'org_id', 'expires_at'] as const) {
      await db.schema
        .createIndex(`one_time_links_by_${column}`)
        .on('one_time_links')
        .columns([column, 'id'])
        .execute()
    }
    await db.schema
      .createTable('user_emails')
      .addColumn('user_id', 'text', (column) => column.primaryKey())
      .addColumn('address', 'text')
      .addColumn('address_key', 'text')
      .addColumn('verified_at', 'bigint')
      .addColumn('pending', 'text')
      .execute()
    await db.schema
      .createIndex('user_emails_by_address')
      .on('user_emails')
      .columns(['address_key', 'user_id'])
      .execute()
  },
}
