import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What several nodes share: the epoch, and which sessions have ended. */
export const cluster: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('cluster')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('epoch', 'integer', (column) => column.notNull())
      .addColumn('redis_id', 'text')
      .addColumn('session_generation', 'integer', (column) => column.notNull())
      .execute()
    const rows = db as Kysely<{ cluster: { id: number; epoch: number; session_generation: number } }>
    await rows.insertInto('cluster').values({ id: 1, epoch: 0, session_generation: 0 }).execute()
    await db.schema
      .alterTable('users')
      .addColumn('session_generation', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
    await db.schema.alterTable('users').addColumn('kept_session', 'text').execute()
    await db.schema
      .createTable('ended_sessions')
      .addColumn('key_hash', 'text', (column) => column.primaryKey())
      .addColumn('until', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('ended_sessions_by_until').on('ended_sessions').column('until').execute()
  },
}
