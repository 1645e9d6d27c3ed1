import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** The user whom an audit event concerns, if its target is something else. */
export const auditSubject: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('audit_events').addColumn('target_user_id', 'text').execute()
    await db.schema
      .createIndex('audit_events_by_target_user_id')
      .on('audit_events')
      .columns(['target_user_id', 'id'])
      .execute()
  },
}
