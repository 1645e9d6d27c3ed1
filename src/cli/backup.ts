import { existsSync } from 'node:fs'
import { ConfigurationError } from '../config/configuration-error.ts'
import { backupSqlite } from '../store/sqlite/backup.ts'
import { requireDataFile } from './data-file.ts'
import type { Io } from './io.ts'
import { load } from './load.ts'

/** `sluice backup FILE`: copies the data to a new file, even while the server runs. */
export async function backup(args: readonly string[], io: Io): Promise<number> {
  const [target, ...rest] = args
  if (!target || target.startsWith('-')) throw new ConfigurationError('usage: sluice backup FILE')
  const { settings } = load(rest, io)
  if (settings.store === 'memory') throw new ConfigurationError('a store in memory has nothing to back up')
  if (settings.store === 'postgres') throw new ConfigurationError('back up PostgreSQL with pg_dump')
  requireDataFile(settings.sqlitePath)
  if (existsSync(target)) throw new ConfigurationError(`${target} exists; a backup never overwrites a file`)
  const pages = await backupSqlite(settings.sqlitePath, target)
  io.stdout.write(`${settings.sqlitePath} is backed up to ${target} (${pages} pages)\n`)
  return 0
}
