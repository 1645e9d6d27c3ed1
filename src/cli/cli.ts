/** The command line: the list of commands, and how their errors are printed. */
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
import { importCommand } from './import.ts'
import type { Io } from './io.ts'
import { move } from './move.ts'
import { printConfig } from './print-config.ts'
import { recovery } from './recovery.ts'
import { serve } from './serve.ts'
import { session } from './session.ts'
import { setup } from './setup.ts'
import { spellingOut } from './table.ts'
import { upstream } from './upstream.ts'

/** A command gets the arguments after its name and returns the exit status. */
type Command = (args: readonly string[], io: Io) => Promise<number>

const COMMANDS: Readonly<Record<string, { readonly about: string; readonly run: Command }>> = {
  serve: { about: 'Run the server; the default if no command is given', run: serve },
  setup: { about: 'Create the first user, organization and bucket on a running server', run: setup },
  'print-config': { about: 'Show the effective settings and where each came from', run: printConfig },
  backup: {
    about: 'backup FILE: write a consistent copy of the data, even while the server runs',
    run: backup,
  },
  move: {
    about: 'move --from sqlite:FILE --to postgres:URL: copy all data to another database, or back',
    run: move,
  },
  import: {
    about:
      'import influxdb --from URL --token-file FILE, or --bolt-path FILE: take over the users, organizations and tokens of InfluxDB 2 (docs/gateway.md)',
    run: importCommand,
  },
  recovery: {
    about:
      'recovery user, recovery org, recovery auth: regain lost access, without a server (docs/operations.md)',
    run: recovery,
  },
  session: {
    about: 'session list, session end: list or end sessions on a running server, with a token (SLUICE_TOKEN)',
    run: session,
  },
  upstream: {
    about:
      'upstream status, upstream repair: show or mend what differs between a running server and the InfluxDB behind it, with a token (SLUICE_TOKEN)',
    run: upstream,
  },
  audit: { about: 'Show the audit log of a running server, with a token (SLUICE_TOKEN)', run: audit },
  version: { about: 'Show the version', run: async (_args, io) => print(io, `sluice ${VERSION}\n`) },
  help: { about: 'Show this help', run: async (_args, io) => print(io, help()) },
}

/** Commands that write a log or draw on the terminal, and escape names themselves. */
const OWN_OUTPUT: ReadonlySet<string> = new Set(['serve', 'move', 'import'])

/** Runs the command in `argv` and returns the exit status: 0, 1 for a failure, 2 for wrong usage. */
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

/** The system's message; common errors also say what to do. */
function plainMessage({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE')
    return `${message}; stop the program that uses it, or choose another address with --http-bind-address`
  if (code === 'EACCES') return `${message}; the user that runs Sluice lacks the permission`
  return message
}

function help(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length))
  const commands = Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(width)}  ${about}`)
  return `Sluice: sign-in, sessions, users, organizations, tokens and permissions for InfluxDB

Usage: sluice [command] [--setting value ...]

Commands:
${commands.join('\n')}

Settings, here as flags; all can also be environment variables or stand in a file (docs/configuration.md):

${settingsHelp()}
`
}
