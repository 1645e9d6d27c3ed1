/** `sluice move`: copies all data to another database, such as from SQLite to PostgreSQL. */
import { join, resolve } from 'node:path'
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import type { Settings } from '../config/settings.ts'
import { text } from '../config/shapes/setting.ts'
import type { MovableDatabase } from '../store/move/engines.ts'
import { requireDataFile } from './data-file.ts'
import { command, type Invocation } from './frame/command.ts'
import { read } from './load.ts'
import type { Io } from './terminal/io.ts'

const flags = [
  text({
    name: 'from',
    secret: true,
    placeholder: 'PLACE',
    about: 'Where the data is: sqlite:FILE, postgres:URL, or postgres: for the URL of the settings.',
  }),
  text({ name: 'to', secret: true, placeholder: 'PLACE', about: 'Where it is to be: an empty database.' }),
] as const

const USAGE = 'usage: sluice move --from sqlite:FILE --to postgres:URL'

export const move = command({
  name: 'move',
  about: 'Copy all data between SQLite and PostgreSQL',
  details: 'With the server stopped. It is one transaction, and can be repeated after an interruption.',
  flags,
  settings: ['postgres-url', 'postgres-password-file', 'postgres-ca-file', 'config-path'],
  ownOutput: true,
  example: 'sluice move --from sqlite:sluice.sqlite --to postgres:',
  run,
})

async function run(invocation: Invocation<typeof flags>): Promise<number> {
  const { io } = invocation
  const settings = read(invocation)
  const [from, to] = [placeOf(invocation.flags.from, io), placeOf(invocation.flags.to, io)]
  if (from.path !== undefined) requireDataFile(from.path)

  // Imported here, because no other command needs both databases.
  const { openPostgresToMove, openSqliteToMove } = await import('../store/move/engines.ts')
  const { move, MoveError } = await import('../store/move/move.ts')
  function open({ path, url }: Place): Promise<MovableDatabase> {
    if (path !== undefined) return openSqliteToMove(path)
    const { postgresPasswordFile: passwordFile, postgresCaFile: caFile } = settings
    return openPostgresToMove({ url: url || postgresUrlOf(settings), passwordFile, caFile })
  }

  const opened: MovableDatabase[] = []
  const say = (line: string) => io.stdout.write(`${line}\n`)
  try {
    const [source, target] = [await keep(opened, open(from)), await keep(opened, open(to))]
    const tables = await move(source, target, ({ name, count, checksum }) =>
      say(`${name}: ${count} rows, checksum ${checksum}`),
    )
    const rows = tables.reduce((sum, { count }) => sum + count, 0)
    say(`copied ${rows} rows from ${source.place} to ${target.place}; the checksums of all tables match`)
    return 0
  } catch (error) {
    if (!(error instanceof MoveError)) throw error
    io.stderr.write(`sluice: ${error.message}\n`)
    return 1
  } finally {
    for (const database of opened.toReversed()) await database.close()
  }
}

function postgresUrlOf({ postgresUrl }: Settings): string {
  if (postgresUrl) return postgresUrl
  throw new ConfigurationError(
    'no URL of PostgreSQL is given; give --postgres-url or SLUICE_POSTGRES_URL, or write it as postgres:URL',
  )
}

async function keep(opened: MovableDatabase[], opening: Promise<MovableDatabase>): Promise<MovableDatabase> {
  const database = await opening
  opened.push(database)
  return database
}

interface Place {
  readonly path?: string
  /** The address of the database; empty to use the one in the settings. */
  readonly url?: string
}

function placeOf(text: string | undefined, { cwd, home }: Io): Place {
  const [, engine, rest = ''] = /^(sqlite|postgres(?:ql)?):(.*)$/s.exec(text ?? '') ?? []
  if (engine === undefined) throw new ConfigurationError(USAGE)
  if (engine !== 'sqlite') return { url: rest.startsWith('//') ? `${engine}:${rest}` : rest }
  if (rest === '') throw new ConfigurationError(USAGE)
  return { path: resolve(cwd, rest.startsWith('~/') ? join(home, rest.slice(2)) : rest) }
}
