/** Kysely's dialect for PostgreSQL with Sluice's changes; the queries are those of every engine. */
import {
  CompiledQuery,
  type DatabaseConnection,
  type DataTypeNode,
  type DialectAdapter,
  type Driver,
  PostgresAdapter,
  PostgresDialect,
  PostgresDriver,
  type PostgresPool,
  PostgresQueryCompiler,
  type QueryCompiler,
  type TransactionSettings,
} from 'kysely'

/** The one advisory lock of all changes: "Sluice" in ASCII, as a number. */
export const CHANGE_LOCK = 0x536c75696365

export function createPostgresDialect(pool: PostgresPool): PostgresDialect {
  return new (class extends PostgresDialect {
    override createDriver(): Driver {
      return new SerialDriver({ pool })
    }
    override createAdapter(): DialectAdapter {
      return new LockedAdapter()
    }
    override createQueryCompiler(): QueryCompiler {
      return new ByteOrderCompiler()
    }
  })({ pool })
}

/**
 * Begins each transaction by waiting for the one before it, on whichever node, as in SQLite: what a change reads
 * before it writes (is the name free, is this the last owner, does the session still hold) stays true until the
 * commit, without a constraint or row lock for each rule. Changes are rare and short; reads neither take the lock nor
 * wait for it. The change sees what the one before wrote, since the lock is released after the commit and each
 * statement (read committed) sees what was committed when it began.
 */
class SerialDriver extends PostgresDriver {
  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings) {
    if (settings.accessMode === 'read only') return super.beginTransaction(connection, settings)
    try {
      // Both in one message, and so in one round trip.
      await connection.executeQuery(
        CompiledQuery.raw(
          `begin isolation level read committed; select pg_advisory_xact_lock(${CHANGE_LOCK})`,
        ),
      )
    } catch (error) {
      // Kysely assumes that no transaction has begun, and would return the connection to the pool as it is.
      await this.rollbackTransaction(connection as never).catch(() => undefined)
      throw error
    }
  }
}

/** Migrations run in a transaction, which has the lock already. */
class LockedAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

/** Text is ordered and compared by its bytes, as in SQLite, whatever the database's own order is. */
class ByteOrderCompiler extends PostgresQueryCompiler {
  protected override visitDataType(node: DataTypeNode): void {
    super.visitDataType(node)
    const isColumn = this.parentNode?.kind === 'ColumnDefinitionNode'
    if (isColumn && node.dataType === 'text') this.append(' collate "C"')
  }
}
