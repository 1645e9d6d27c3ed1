import { chmodSync, closeSync, mkdirSync, openSync, readSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import type { IdentityStore } from '../../domain/records/identity-store.ts'
import { createSqlIdentityStore } from '../sql/identity-store.ts'
import { migrate } from '../sql/migrate.ts'
import { fillNameKeys } from '../sql/name-keys.ts'
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
  const { db, close } = await openSqliteDatabase(path)
  return { ...createSqlIdentityStore(db), close }
}

export interface OpenDatabase {
  readonly db: Kysely<Tables>
  close(): Promise<void>
}

/** The database itself, with its schema up to date; otherwise as `openSqliteStore`. */
export async function openSqliteDatabase(path: string): Promise<OpenDatabase> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  refuseForeign(path)
  const lock = lockFile(path)
  try {
    closeSync(openSync(path, 'a', OWNER_ONLY))
    chmodSync(path, OWNER_ONLY)
    return await open(openClaimed(path), lock)
  } catch (error) {
    lock.release()
    throw error
  }
}

/** What every SQLite file begins with, and where in its first bytes the application id stands. */
const SQLITE_MAGIC = Buffer.from('SQLite format 3\0')
const APPLICATION_ID_AT = 68
const HEADER_BYTES = 100

/**
 * Inspects a file before SQLite opens it, which may change even a file that is only read, by writing a journal back.
 * Sluice's own files have its application id in their first bytes.
 */
function refuseForeign(path: string): void {
  const header = readStart(path)
  if (header.length > 0 && !isOwn(header)) throw new ForeignFileError(path)
}

/** Whether a file is there and Sluice's own, by its first bytes. */
export function isOwnFile(path: string): boolean {
  return isOwn(readStart(path))
}

function isOwn(header: Buffer): boolean {
  const isSqlite =
    header.length === HEADER_BYTES && header.subarray(0, SQLITE_MAGIC.length).equals(SQLITE_MAGIC)
  return isSqlite && header.readUInt32BE(APPLICATION_ID_AT) === APPLICATION_ID
}

/** Empty if there is no file. */
function readStart(path: string): Buffer {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
  try {
    const header = Buffer.alloc(HEADER_BYTES)
    return header.subarray(0, readSync(file, header))
  } finally {
    closeSync(file)
  }
}

function openClaimed(path: string): DatabaseSync {
  const database = new DatabaseSync(path)
  try {
    const found = database.prepare('pragma application_id').get()?.application_id
    if (found !== APPLICATION_ID) database.exec(`pragma application_id = ${APPLICATION_ID}`)
    // FULL makes every commit reach the disk before it is acknowledged.
    database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** A store that keeps nothing: the same tables and queries, in memory. Tests hand in a database of a limited size. */
export async function openMemoryStore(database = new DatabaseSync(':memory:')): Promise<IdentityStore> {
  const { db } = await open(database)
  return createSqlIdentityStore(db)
}

async function open(database: DatabaseSync, lock?: FileLock): Promise<OpenDatabase> {
  const db = new Kysely<Tables>({ dialect: createNodeSqliteDialect(database) })
  try {
    await migrate(db)
    await fillNameKeys(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
  return {
    db,
    async close() {
      await db.destroy()
      lock?.release()
    },
  }
}
