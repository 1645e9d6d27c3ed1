/** Kysely on `node:sqlite`: the adapter between the two; it knows nothing of Sluice's tables. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type DialectAdapter, SqliteAdapter, SqliteDialect } from 'kysely'
import { unavailable } from '../../domain/base/errors.ts'

const KEPT_STATEMENTS = 500

/** A dialect over an open database. Statements are prepared once and kept, the oldest going first. */
export function createNodeSqliteDialect(database: DatabaseSync): SqliteDialect {
  const statements = new Map<string, ReturnType<typeof adapt>>()
  return new (class extends SqliteDialect {
    override createAdapter(): DialectAdapter {
      return new TransactionalSqliteAdapter()
    }
  })({
    database: {
      close: () => database.close(),
      prepare(sql) {
        let statement = statements.get(sql)
        if (!statement) {
          statement = sql === 'rollback' ? rollbackOf(database) : adapt(database.prepare(sql))
          statements.set(sql, statement)
          const [oldest] = statements.keys()
          if (statements.size > KEPT_STATEMENTS && oldest !== undefined) statements.delete(oldest)
        }
        return statement
      },
    },
  })
}

function adapt(statement: StatementSync) {
  const values = (parameters: readonly unknown[]) => parameters as never[]
  return {
    reader: statement.columns().length > 0,
    all: (parameters: readonly unknown[]) => guarded(() => statement.all(...values(parameters))),
    iterate: (parameters: readonly unknown[]) => statement.iterate(...values(parameters)),
    run: (parameters: readonly unknown[]) => guarded(() => statement.run(...values(parameters))),
  }
}

/** On a full disk SQLite rolls back by itself, and a second rollback would fail and hide the cause. */
function rollbackOf(database: DatabaseSync): ReturnType<typeof adapt> {
  const rollback = adapt(database.prepare('rollback'))
  return {
    ...rollback,
    run: (parameters) =>
      database.isTransaction ? rollback.run(parameters) : { changes: 0, lastInsertRowid: 0 },
  }
}

/** Busy, read-only, I/O error, full disk, cannot open: the file is unavailable, and the statement itself is valid. */
const AWAY: ReadonlySet<number> = new Set([5, 8, 10, 13, 14])

/** A file that cannot be reached is `unavailable`, never "not found" and no internal error. */
function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (cause) {
    const code = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) & 0xff : 0
    if (!AWAY.has(code)) throw cause
    throw unavailable('the store cannot be reached; try again shortly', { cause, retryAfterSeconds: 5 })
  }
}

/** SQLite does roll schema changes back; Kysely's adapter says otherwise for the sake of other drivers. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}
