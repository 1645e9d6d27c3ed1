import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** How a remembered session's user signed in. Rows of nodes that do not know the column are empty. */
export const sessionDetails: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('remembered_sessions')
      .addColumn('details', 'text', (column) => column.notNull().defaultTo(''))
      .execute()
  },
}
