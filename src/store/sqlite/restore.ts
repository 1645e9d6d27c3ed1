/** Puts a backup in the place of a data file, and keeps that file. */
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { backupSqlite } from './backup.ts'
import { type FileLock, lockFile } from './lock.ts'
import { ForeignFileError, isOwnFile, openSqliteDatabase } from './open.ts'

/** Thrown for a backup that cannot be used, or a data file that cannot be kept. Nothing was changed. */
export class RestoreError extends Error {
  override readonly name = 'RestoreError'
}

export interface RestoredFile {
  /** Where the earlier file is now; undefined if there was none. */
  readonly kept: string | undefined
  readonly users: number
}

/** What the files beside a data file are called: its latest changes, and their index. */
const BESIDE = ['-wal', '-shm'] as const

/** A backup that is checked and ready beside the data file, which is locked and unchanged so far. */
export interface ReadyRestore {
  readonly users: number
  /** Puts it in place, and keeps the earlier file under the given name. */
  finish(kept: string): RestoredFile
  /** Leaves everything as it was. */
  drop(): void
}

/**
 * Copies and checks a backup as the server would open it, with all migrations of this version. Throws `LockedError` if a
 * server has the data file open, `RestoreError`, `ForeignFileError` or `NewerSchemaError` for a backup that cannot be
 * used.
 */
export async function prepareRestore(backup: string, path: string): Promise<ReadyRestore> {
  if (!existsSync(backup)) throw new RestoreError(`${backup} does not exist`)
  if (!isOwnFile(backup)) throw new RestoreError(`${backup} is no backup of Sluice`)
  if (existsSync(path) && realpathSync(backup) === realpathSync(path)) {
    throw new RestoreError(`${backup} is the data file itself; name a backup of it`)
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const lock = lockFile(path)
  const copy = `${path}.restoring`
  function drop(): void {
    removeAll(copy)
    lock.release()
  }
  try {
    // Another program's file is not moved out of the way.
    if (existsSync(path) && statSync(path).size > 0 && !isOwnFile(path)) throw new ForeignFileError(path)
    removeAll(copy)
    await copyOf(backup, copy)
    const users = await checked(copy, backup)
    return { users, drop, finish: (kept) => ({ users, kept: replaced({ path, copy, kept, lock }) }) }
  } catch (error) {
    drop()
    throw error
  }
}

/** With what another connection wrote to it last, should it be a data file in use. */
async function copyOf(backup: string, copy: string): Promise<void> {
  if (existsSync(`${backup}-wal`)) await backupSqlite(backup, copy)
  else copyFileSync(backup, copy, constants.COPYFILE_EXCL)
  chmodSync(copy, 0o600)
}

/** How many users it has. */
async function checked(copy: string, backup: string): Promise<number> {
  let fault: string
  try {
    fault = faultOf(copy)
  } catch (error) {
    fault = (error as Error).message
  }
  if (fault !== 'ok') throw new RestoreError(`${backup} is damaged (${fault}); take another backup`)
  const { db, close } = await openSqliteDatabase(copy)
  try {
    const { rows } = await sql<{ users: number }>`select count(*) as users from users`.execute(db)
    return rows[0]?.users ?? 0
  } finally {
    await close()
    rmSync(`${copy}.lock`, { force: true })
  }
}

function faultOf(copy: string): string {
  const database = new DatabaseSync(copy)
  try {
    const fault = String(Object.values(database.prepare('pragma integrity_check(1)').get() ?? {})[0])
    const orphan = database.prepare('pragma foreign_key_check').get()
    return orphan ? 'a row refers to one that is not there' : fault
  } finally {
    database.close()
  }
}

/** At each moment there is a whole file at `path`: a server that starts after a crash never begins with an empty one. */
function replaced(place: { path: string; copy: string; kept: string; lock: FileLock }): string | undefined {
  const { path, copy, kept, lock } = place
  try {
    const hadFile = existsSync(path)
    ownLike(hadFile ? path : dirname(path), [copy, `${path}.lock`])
    if (hadFile) keep(path, kept)
    synced(copy, 'r+')
    renameSync(copy, path)
    synced(dirname(path), 'r')
    return hadFile ? kept : undefined
  } finally {
    removeAll(copy)
    lock.release()
  }
}

function keep(path: string, kept: string): void {
  const fault = checkpointed(path)
  if (existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0) {
    if (fault === undefined)
      throw new RestoreError(`${path} is in use by another program; stop that one first`)
    // The `-wal` file, with the latest changes of a damaged file, is kept beside it.
    renameSync(`${path}-wal`, `${kept}-wal`)
  }
  for (const suffix of BESIDE) rmSync(`${path}${suffix}`, { force: true })
  try {
    linkSync(path, kept)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    // A file system without hard links.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error
    copyFileSync(path, kept, constants.COPYFILE_EXCL)
    synced(kept, 'r+')
  }
}

/** Moves the latest changes from the `-wal` file into the data file; what prevents it if the file is damaged. */
function checkpointed(path: string): string | undefined {
  try {
    const database = new DatabaseSync(path)
    try {
      database.exec('pragma wal_checkpoint(truncate)')
    } finally {
      database.close()
    }
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** Root restores for the user that runs the server. */
function ownLike(example: string, paths: readonly string[]): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(example)
  for (const path of paths) chownSync(path, uid, gid)
}

function synced(path: string, mode: 'r' | 'r+'): void {
  const file = openSync(path, mode)
  fsyncSync(file)
  closeSync(file)
}

function removeAll(copy: string): void {
  for (const suffix of ['', ...BESIDE, '.lock']) rmSync(`${copy}${suffix}`, { force: true })
}
