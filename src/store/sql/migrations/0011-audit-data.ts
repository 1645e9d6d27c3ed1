import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What the audit log says of a query or delete of data; null in rows of other events. */
export const auditData: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const [column, type] of [
      ['statement', 'text'],
      ['duration_ms', 'integer'],
      ['status', 'integer'],
    ] as const) {
      await db.schema.alterTable('audit_events').addColumn(column, type).execute()
    }
  },
}
