import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** How far time has come, and which tokens were found to be over, so that no clock takes that back. */
export const clock: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('clock_mark')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema
      .alterTable('authorizations')
      .addColumn('expired', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
    for (const column of ['expires_at', 'previous_until']) {
      await db.schema.createIndex(`authorizations_by_${column}`).on('authorizations').column(column).execute()
    }
  },
}
