import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** The names of users, organizations and tokens as of an audit event; null if they were not written. */
export const auditNames: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const column of [
      'actor_user_name',
      'actor_authorization_description',
      'actor_authorization_org_id',
      'target_user_name',
      'target_org_name',
    ]) {
      await db.schema.alterTable('audit_events').addColumn(column, 'text').execute()
    }
  },
}
