import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** The key of the MAC of sessions in Redis. The first node that needs it makes it. */
export const sessionKey: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('session_key')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('key', 'text', (column) => column.notNull())
      .execute()
  },
}
