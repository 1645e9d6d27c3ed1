/** The command line: which commands there are, and how their failures read. */
import { ConfigurationError } from '../config/configuration-error.ts'
import { settingsHelp } from '../config/help.ts'
import { nearest } from '../config/suggest.ts'
import { StoreUnreachableError } from '../store/postgres/unreachable.ts'
import { PostgresUrlError } from '../store/postgres/url.ts'
import { NewerSchemaError } from '../store/sql/migrate.ts'
import { LockedError } from '../store/sqlite/lock.ts'
import { ForeignFileError } from '../store/sqlite/open.ts'
import { linesSpelledOut } from '../telemetry/visible-text.ts'
import { VERSION } from '../version.ts'
import { audit } from './audit.ts'
import { backup } from './backup.ts'
import type { Io } from './io.ts'
import { move } from './move.ts'
import { printConfig } from './print-config.ts'
import { recovery } from './recovery.ts'
import { serve } from './serve.ts'
import { session } from './session.ts'
import { setup } from './setup.ts'
import { spellingOut } from './table.ts'

/** A command gets the arguments after its name and answers the exit status. */
type Command = (args: readonly string[], io: Io) => Promise<number>

const COMMANDS: Readonly<Record<string, { readonly about: string; readonly run: Command }>> = {
  serve: { about: 'Run the server; this is what happens without a command', run: serve },
  setup: { about: 'Make the first user, organization and bucket of a running server', run: setup },
  'print-config': { about: 'Show the settings in force and where each came from', run: printConfig },
  backup: {
    about: 'backup FILE: write a consistent copy of the data, also while the server runs',
    run: backup,
  },
  move: {
    about: 'move --from sqlite:FILE --to postgres:URL: carry all data to another store, or back',
    run: move,
  },
  recovery: {
    about:
      'recovery user, recovery org, recovery auth: for lost access, on the data itself (docs/operations.md)',
    run: recovery,
  },
  session: {
    about: 'session list, session end: the sessions of a running server, by a token (SLUICE_TOKEN)',
    run: session,
  },
  audit: { about: 'Show the audit log of a running server, by a token (SLUICE_TOKEN)', run: audit },
  version: { about: 'Show the version', run: async (_args, io) => print(io, `sluice ${VERSION}\n`) },
  help: { about: 'Show this', run: async (_args, io) => print(io, help()) },
}

/** Commands that write a log or draw on the terminal, and take care of names by themselves. */
const OWN_OUTPUT: ReadonlySet<string> = new Set(['serve', 'move'])

/** Runs what the arguments say; the answer is the exit status: 0, 1 for a failure, 2 for wrong usage. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  const [first = 'serve', ...rest] = argv
  if (argv.includes('--help') || argv.includes('-h')) return print(io, help())
  if (first === '--version') return print(io, `sluice ${VERSION}\n`)
  try {
    if (first.startsWith('-')) return await serve(argv, io)
    const command = COMMANDS[first]
    if (!command) throw new ConfigurationError(unknownCommand(first))
    return await command.run(rest, OWN_OUTPUT.has(first) ? io : { ...io, stdout: spellingOut(io.stdout) })
  } catch (error) {
    return fail(error, io)
  }
}

function print({ stdout }: Io, text: string): number {
  stdout.write(text)
  return 0
}

function unknownCommand(name: string): string {
  const near = nearest(name, Object.keys(COMMANDS))
  return `${name} is not a command; ${near ? `did you mean ${near}?` : 'sluice --help lists them'}`
}

function fail(error: unknown, { stderr }: Io): number {
  const expected =
    error instanceof ConfigurationError ||
    error instanceof PostgresUrlError ||
    error instanceof StoreUnreachableError ||
    error instanceof LockedError ||
    error instanceof NewerSchemaError ||
    error instanceof ForeignFileError
  const code = (error as NodeJS.ErrnoException).code
  const text = expected || code !== undefined ? plainMessage(error as NodeJS.ErrnoException) : stackOf(error)
  stderr.write(linesSpelledOut(`sluice: ${text}\n`))
  return error instanceof ConfigurationError || error instanceof PostgresUrlError ? 2 : 1
}

function stackOf(error: unknown): string {
  return error instanceof Error ? String(error.stack) : String(error)
}

/** The system's own messages, with what to do about the usual ones. */
function plainMessage({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return `${message}; stop what listens there, or choose with --http-bind-address`
  if (code === 'EACCES') return `${message}; the user that runs Sluice may not do that`
  return message
}

function help(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length))
  const commands = Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(width)}  ${about}`)
  return `Sluice: sign-in, sessions, users, organizations, tokens and permissions for InfluxDB

Usage: sluice [command] [--setting value ...]

Commands:
${commands.join('\n')}

Settings, as flags here; each also as an environment variable or in a file (docs/configuration.md):

${settingsHelp()}
`
}
