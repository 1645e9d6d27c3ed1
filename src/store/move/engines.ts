/** The databases that data is moved between. */
import { type Kysely, sql } from 'kysely'
import { openPostgresDatabase, type PostgresOptions, placeOfUrl } from '../postgres/open.ts'
import type { Tables } from '../sql/tables.ts'
import { openSqliteDatabase } from '../sqlite/open.ts'
import type { Row } from './table-sum.ts'

export interface MovableDatabase {
  /** Where the data is, for people, without credentials. */
  readonly place: string
  readonly db: Kysely<Tables>
  /** All rows of a table, in portions of this size, within a transaction. */
  portions(transaction: Kysely<Tables>, table: string, size: number): AsyncIterable<readonly Row[]>
  close(): Promise<void>
}

/** A portion may wait for a slow disk of the other database; nothing else waits for it. */
const TIMEOUT_MS = 600_000

export async function openPostgresToMove(
  options: Omit<PostgresOptions, 'poolSize' | 'timeoutMs'>,
): Promise<MovableDatabase> {
  const db = await openPostgresDatabase({ ...options, poolSize: 1, timeoutMs: TIMEOUT_MS })
  return {
    place: `PostgreSQL at ${placeOfUrl(options)}`,
    db,
    async *portions(transaction, table, size) {
      await sql`declare moved no scroll cursor for select * from ${sql.table(table)}`.execute(transaction)
      for (;;) {
        const { rows } = await sql<Row>`fetch ${sql.lit(size)} from moved`.execute(transaction)
        if (rows.length === 0) break
        yield rows
      }
      await sql`close moved`.execute(transaction)
    },
    close: () => db.destroy(),
  }
}

export async function openSqliteToMove(path: string): Promise<MovableDatabase> {
  const { db, close } = await openSqliteDatabase(path)
  return {
    place: path,
    db,
    async *portions(transaction, table, size) {
      for (let last = 0; ; ) {
        const { rows } = await sql<Row & { moved_row: number }>`
          select rowid as moved_row, * from ${sql.table(table)}
          where rowid > ${last} order by rowid limit ${size}`.execute(transaction)
        if (rows.length === 0) return
        last = rows.at(-1)?.moved_row ?? last
        yield rows.map(({ moved_row: _, ...row }) => row)
      }
    },
    close,
  }
}
