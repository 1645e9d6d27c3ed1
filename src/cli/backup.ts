/** `sluice backup` and `sluice restore`: copies of the data file. */
import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import type { Settings } from '../config/settings.ts'
import { backupSqlite } from '../store/sqlite/backup.ts'
import { prepareRestore } from '../store/sqlite/restore.ts'
import { requireDataFile } from './data-file.ts'
import { command } from './frame/command.ts'
import { load } from './load.ts'
import { sizeText } from './sizes.ts'
import { confirmed, yesFlag } from './terminal/confirm.ts'
import { CommandFailure } from './terminal/failure.ts'

const FILE_SETTINGS = ['sqlite-path', 'store', 'config-path'] as const

export const backup = command({
  name: 'backup',
  about: 'Copy the data to a new file, even while the server runs',
  details: 'The copy is consistent, and readable by its owner only.',
  args: [
    { name: 'FILE', about: 'Where the copy goes; a file that exists is not overwritten.', isFile: true },
  ],
  flags: [],
  settings: FILE_SETTINGS,
  example: 'sluice backup sluice-2030-01-31.sqlite --sqlite-path sluice.sqlite',
  async run(invocation) {
    const { args, io } = invocation
    const target = resolve(io.cwd, args[0] ?? '')
    const path = dataFileOf(load(invocation).settings, 'back up', 'pg_dump')
    requireDataFile(path)
    if (existsSync(target)) throw new CommandFailure(`${target} exists; a backup never overwrites a file`)
    if (!existsSync(dirname(target))) {
      throw new CommandFailure(`the folder ${dirname(target)} does not exist; make it first`)
    }
    await backupSqlite(path, target)
    io.stdout.write(`${path} is backed up to ${target} (${sizeText(statSync(target).size)})\n`)
    return 0
  },
})

export const restore = command({
  name: 'restore',
  about: 'Replace the data by a backup, with the server stopped',
  details:
    'The backup is checked first, and the earlier data is kept beside it. What was revoked after the backup is valid again: tokens, remembered sessions, passwords.',
  args: [{ name: 'FILE', about: 'What sluice backup made.', isFile: true }],
  flags: [yesFlag],
  settings: FILE_SETTINGS,
  example: 'sluice restore sluice-2030-01-31.sqlite --sqlite-path sluice.sqlite',
  async run(invocation) {
    const { args, flags, io } = invocation
    const source = resolve(io.cwd, args[0] ?? '')
    const path = dataFileOf(load(invocation).settings, 'restore', 'pg_restore')
    const ready = await prepareRestore(source, path)
    try {
      await confirmed(io, `Replace ${path} by ${source} (${countOf(ready.users)})?`, flags.yes)
    } catch (error) {
      ready.drop()
      throw error
    }
    const { kept } = ready.finish(`${path}.before-restore-${stamp(new Date())}`)
    io.stdout.write(`${path} is restored from ${source} (${countOf(ready.users)}).\n`)
    if (kept) io.stdout.write(`The earlier data is in ${kept}.\n`)
    io.stdout.write(
      'Tokens, remembered sessions and passwords are those of the backup. After the start, end the sessions: sluice session end --everybody\n',
    )
    return 0
  },
})

const countOf = (users: number) => (users === 1 ? '1 user' : `${users} users`)

/** `20300131T120000Z`. */
const stamp = (time: Date) => time.toISOString().replaceAll(/[-:]|\.\d+/g, '')

function dataFileOf({ store, sqlitePath }: Settings, verb: string, tool: string): string {
  if (store === 'memory') throw new ConfigurationError(`a store in memory has nothing to ${verb}`)
  if (store === 'postgres') throw new ConfigurationError(`${verb} PostgreSQL with ${tool}`)
  return sqlitePath
}
