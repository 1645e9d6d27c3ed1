import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { backup, DatabaseSync } from 'node:sqlite'

const ALL_PAGES = 2 ** 31 - 1

/**
 * Writes a consistent copy of a data file, while changes to it may go on; returns its number of pages. The target
 * appears only once it is complete and on disk.
 */
export async function backupSqlite(path: string, target: string): Promise<number> {
  const partial = `${target}.partial`
  rmSync(partial, { force: true })
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    closeSync(openSync(partial, 'wx', 0o600))
    // All pages in one step: a write meanwhile would make SQLite restart a slower one.
    const pages = await backup(database, partial, { rate: ALL_PAGES })
    const file = openSync(partial, 'r+')
    fsyncSync(file)
    closeSync(file)
    if (existsSync(target)) throw new Error(`${target} has appeared meanwhile; it is left alone`)
    renameSync(partial, target)
    return pages
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  } finally {
    database.close()
  }
}
