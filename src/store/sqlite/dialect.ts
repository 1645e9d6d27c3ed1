/** Kysely on `node:sqlite`: the adapter between the two, nothing of Sluice's own tables. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type DialectAdapter, SqliteAdapter, SqliteDialect } from 'kysely'

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
          statement = adapt(database.prepare(sql))
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
    all: (parameters: readonly unknown[]) => statement.all(...values(parameters)),
    iterate: (parameters: readonly unknown[]) => statement.iterate(...values(parameters)),
    run: (parameters: readonly unknown[]) => statement.run(...values(parameters)),
  }
}

/** SQLite does roll schema changes back; Kysely's adapter says otherwise for the sake of other drivers. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}
