import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Remembered sessions, known addresses, the audit log; tokens that expire and rotate; forced changes. */
export const sessionsAndAudit: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('passwords')
      .addColumn('must_change', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
    for (const name of ['expires_at', 'last_used_at', 'previous_hashed_token', 'previous_until']) {
      await db.schema.alterTable('authorizations').addColumn(name, 'text').execute()
    }
    await db.schema
      .createIndex('authorizations_by_previous')
      .on('authorizations')
      .column('previous_hashed_token')
      .execute()

    await db.schema
      .createTable('remembered_sessions')
      .addColumn('key_hash', 'text', (column) => column.primaryKey())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('org_id', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('last_used_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('user_agent', 'text', (column) => column.notNull())
      .execute()
    await db.schema
      .createIndex('remembered_sessions_by_user')
      .on('remembered_sessions')
      .column('user_id')
      .execute()

    await db.schema
      .createTable('known_addresses')
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('last_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('known_addresses_pk', ['user_id', 'address'])
      .execute()

    await db.schema
      .createTable('audit_events')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('time', 'text', (column) => column.notNull())
      .addColumn('event', 'text', (column) => column.notNull())
      .addColumn('outcome', 'text', (column) => column.notNull())
      .addColumn('actor_user_id', 'text')
      .addColumn('actor_session_id', 'text')
      .addColumn('actor_authorization_id', 'text')
      .addColumn('target_type', 'text', (column) => column.notNull())
      .addColumn('target_id', 'text')
      .addColumn('target_name', 'text')
      .addColumn('target_org_id', 'text')
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('user_agent', 'text', (column) => column.notNull())
      .addColumn('request_id', 'text', (column) => column.notNull())
      .addColumn('count', 'integer', (column) => column.notNull())
      .execute()
    for (const column of ['time', 'actor_user_id', 'target_id', 'target_org_id']) {
      await db.schema
        .createIndex(`audit_events_by_${column}`)
        .on('audit_events')
        .columns([column, 'id'])
        .execute()
    }
  },
}
