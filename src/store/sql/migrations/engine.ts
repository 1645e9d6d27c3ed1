import { type Kysely, PostgresAdapter } from 'kysely'

/** Whether a migration runs on PostgreSQL, for what only that has. */
export function isPostgres(db: Kysely<unknown>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter
}
