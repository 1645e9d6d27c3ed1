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
 * Locks a data file for as long as the process lives, by `FILE.lock` beside it: an SQLite transaction that is never
 * committed. The operating system releases it even after `kill -9`. Throws `LockedError` if another process holds it.
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
