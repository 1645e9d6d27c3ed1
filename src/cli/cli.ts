/** The command line: which command runs, and how its errors are printed. */

import { VERSION } from '../compose/version.ts'
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import { StoreUnreachableError } from '../store/postgres/unreachable.ts'
import { PostgresUrlError } from '../store/postgres/url.ts'
import { NewerSchemaError } from '../store/sql/migrate.ts'
import { LockedError } from '../store/sqlite/lock.ts'
import { ForeignFileError } from '../store/sqlite/open.ts'
import { RestoreError } from '../store/sqlite/restore.ts'
import { linesSpelledOut } from '../telemetry/visible-text.ts'
import { COMMAND_SET, HELP_SECTIONS } from './commands.ts'
import { readArguments } from './frame/arguments.ts'
import type { Command } from './frame/command.ts'
import { resolved } from './frame/resolve.ts'
import { helpOf } from './help.ts'
import { serve } from './serve.ts'
import { CommandFailure } from './terminal/failure.ts'
import type { Io } from './terminal/io.ts'
import { spellingOut } from './terminal/table.ts'

/** Runs the command in `argv` and returns the exit status: 0, 1 for a failure, 2 for wrong usage. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await run(argv, io)
  } catch (error) {
    return fail(error, io)
  }
}

async function run(argv: readonly string[], io: Io): Promise<number> {
  const [first = ''] = argv
  if (wantsHelp(argv)) {
    const at = argv.findIndex((word) => word.startsWith('-'))
    const [command = '', ...words] = argv.slice(0, at)
    const isHelpFor = command === 'help' && words.length > 0
    const asked = isHelpFor ? words : [command, ...words].filter(Boolean)
    return print(io, helpOf(COMMAND_SET, asked, HELP_SECTIONS))
  }
  if (first === '--version' || first === '-v') return print(io, `sluice ${VERSION}\n`)
  if (first === '' || first.startsWith('-')) return start(serve, argv, io)
  const { command, path, rest } = resolved(COMMAND_SET, argv)
  if (!command) {
    throw new ConfigurationError(`${path} needs a command after it; sluice ${path} --help lists them`)
  }
  return start(command, rest, io)
}

/** What follows `--` are no flags. */
function wantsHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  const flags = end < 0 ? argv : argv.slice(0, end)
  return flags.includes('--help') || flags.includes('-h')
}

function start(command: Command, argv: readonly string[], io: Io): Promise<number> {
  // A server without its log must not go on unseen.
  const lasting = command === serve ? io : untilClosed(io)
  const spelled = command.ownOutput ? lasting : { ...lasting, stdout: spellingOut(io.stdout) }
  return command.run(readArguments(command, argv, spelled))
}

/** `sluice audit --follow | head` ends, without an error, once `head` has closed the pipe. */
function untilClosed(io: Io): Io {
  const closed = new AbortController()
  io.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    closed.abort()
  })
  const { stopped } = io
  return { ...io, stopped: stopped ? AbortSignal.any([stopped, closed.signal]) : closed.signal }
}

function print({ stdout }: Io, text: string): number {
  stdout.write(text)
  return 0
}

/** What a person can understand and mend without the stack. */
const EXPECTED = [
  ConfigurationError,
  CommandFailure,
  PostgresUrlError,
  StoreUnreachableError,
  LockedError,
  NewerSchemaError,
  ForeignFileError,
  RestoreError,
]

function fail(error: unknown, { stderr }: Io): number {
  const expected = EXPECTED.some((each) => error instanceof each)
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
