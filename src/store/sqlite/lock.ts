import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

export interface FileLock {
  release(): void
}

/** Thrown when another process holds the lock. */
export class LockedError extends Error {
  constructor(path: string) {
    super(
      `${path} is in use by another Sluice; stop that one first, or give this one its own file with --sqlite-path`,
    )
    this.name = 'LockedError'
  }
}

/**
 * Takes the one lock of a data file, in `FILE.lock` beside it, for as long as the process lives: an SQLite
 * transaction that is never committed. The operating system lets go of it even after `kill -9`. Throws
 * `LockedError` when it is taken.
 */
export function lockFile(path: string): FileLock {
  const lockPath = `${path}.lock`
  closeSync(openSync(lockPath, 'a', 0o600))
  const database = new DatabaseSync(lockPath, { timeout: 0 })
  try {
    database.exec('begin exclusive')
  } catch (error) {
    database.close()
    if (isBusy(error)) throw new LockedError(path)
    throw error
  }
  return { release: () => database.close() }
}

const SQLITE_BUSY = 5

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY
}
