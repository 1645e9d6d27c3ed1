import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import type { IdentityStore } from '../../domain/identity-store.ts'
import { createSqlIdentityStore } from '../sql/identity-store.ts'
import { migrate } from '../sql/migrate.ts'
import type { Tables } from '../sql/tables.ts'
import { createNodeSqliteDialect } from './dialect.ts'
import { type FileLock, lockFile } from './lock.ts'

const OWNER_ONLY = 0o600
/** Marks a file as Sluice's: "Sluc" in ASCII. */
const APPLICATION_ID = 0x536c7563

/** Thrown for a file that something else wrote, such as InfluxDB's own database. */
export class ForeignFileError extends Error {
  constructor(path: string) {
    super(`${path} is a file of another program; give Sluice its own with --sqlite-path`)
    this.name = 'ForeignFileError'
  }
}

/**
 * Opens the store in a file, which is made with its folder if it is not there, readable by its owner alone.
 * Throws `LockedError` when another process has it, `NewerSchemaError` when a newer Sluice wrote it,
 * `ForeignFileError` when something else did.
 */
export async function openSqliteStore(path: string): Promise<IdentityStore> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const lock = lockFile(path)
  try {
    closeSync(openSync(path, 'a', OWNER_ONLY))
    chmodSync(path, OWNER_ONLY)
    const database = new DatabaseSync(path)
    claim(database, path)
    // FULL makes every commit reach the disk before it is acknowledged.
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000')
    return await open(database, lock)
  } catch (error) {
    lock.release()
    throw error
  }
}

function claim(database: DatabaseSync, path: string): void {
  let found: number
  let tables: number
  try {
    found = Number(database.prepare('pragma application_id').get()?.application_id)
    tables = Number(database.prepare('select count(*) as count from sqlite_schema').get()?.count)
  } catch (cause) {
    database.close()
    throw Object.assign(new ForeignFileError(path), { cause })
  }
  if (found === APPLICATION_ID) return
  if (found !== 0 || tables > 0) {
    database.close()
    throw new ForeignFileError(path)
  }
  database.exec(`pragma application_id = ${APPLICATION_ID}`)
}

/** A store that keeps nothing: the same tables and queries, in memory. */
export function openMemoryStore(): Promise<IdentityStore> {
  return open(new DatabaseSync(':memory:'))
}

async function open(database: DatabaseSync, lock?: FileLock): Promise<IdentityStore> {
  const db = new Kysely<Tables>({ dialect: createNodeSqliteDialect(database) })
  try {
    await migrate(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
  const store = createSqlIdentityStore(db)
  return {
    ...store,
    async close() {
      await store.close()
      lock?.release()
    },
  }
}
