import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { isPostgres } from './engine.ts'

/** What several nodes share: the epoch, ends of sessions, numbers of nodes; which program may use which schema. */
export const cluster: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('schema_compatibility')
      .addColumn('migration', 'text', (column) => column.primaryKey())
      .addColumn('min_compatible', 'text', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('cluster')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('epoch', 'integer', (column) => column.notNull())
      .addColumn('redis_id', 'text')
      .addColumn('session_generation', 'integer', (column) => column.notNull())
      .execute()
    await sql`insert into cluster (id, epoch, redis_id, session_generation) values (1, 0, null, 0)`.execute(
      db,
    )
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
    // An id has room for this many node numbers.
    if (isPostgres(db)) await sql`create sequence node_numbers minvalue 0 maxvalue 1023 cycle`.execute(db)
  },
}
