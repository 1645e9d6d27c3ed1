/** Reads a command's arguments, in whatever order flags and others stand. */

import { type LoadInput, readSettings } from '../../config/load.ts'
import { ConfigurationError } from '../../config/refusals/configuration-error.ts'
import { plain, quoted } from '../../config/refusals/quote.ts'
import { nearestSetting } from '../../config/refusals/suggest.ts'
import { schema } from '../../config/settings.ts'
import { type Single, singlesOf } from '../../config/shapes/names.ts'
import type { Io } from '../terminal/io.ts'
import { type Command, type Invocation, usageOf } from './command.ts'

/** The settings that are flags of the server, by name. */
export const SERVER_FLAGS: ReadonlyMap<string, Single> = new Map(
  singlesOf(schema).map((single) => [single.name, single]),
)

/** The flags that a command takes, by name: its own, and those of the server's settings. */
export function flagsOf(command: Command): ReadonlyMap<string, Single> {
  const { settings = [], everySetting } = command
  const own = singlesOf(command.flags)
  const server = [...SERVER_FLAGS.values()].filter(({ name }) => everySetting || settings.includes(name))
  return new Map([...server, ...own].map((single) => [single.name, single]))
}

/** Throws ConfigurationError, in one sentence, for what the command does not take. */
export function readArguments(command: Command, argv: readonly string[], io: Io): Invocation {
  const { own, server, args } = separated(command, argv)
  const { env, cwd, home, readFile } = io
  const flags = readSettings(command.flags, { argv: own, env: {}, cwd, home, readFile: noFile }).settings
  const input: LoadInput = { argv: server, env, cwd, home, readFile }
  requireArguments(command, args)
  return { flags, args, input, io }
}

interface Separated {
  readonly own: string[]
  readonly server: string[]
  readonly args: string[]
}

function separated(command: Command, argv: readonly string[]): Separated {
  const parts: Separated = { own: [], server: [], args: [] }
  const known = flagsOf(command)
  const ownNames = new Set(singlesOf(command.flags).map(({ name }) => name))
  const most = command.args?.length ?? 0
  let previous: Single | undefined
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (word === '--') {
      parts.args.push(...argv.slice(at + 1))
      break
    }
    if (!/^-./.test(word)) {
      if (parts.args.length >= most) throw surplus(command, word, previous)
      parts.args.push(word)
      continue
    }
    const [, name = '', inline] = /^--([^=]*)(=.*)?$/s.exec(word) ?? []
    const single = known.get(name)
    if (!single) throw unknownFlag(command, word, [...known.keys()])
    const part = ownNames.has(name) ? parts.own : parts.server
    part.push(word)
    previous = single
    const value = argv[at + 1]
    if (inline !== undefined || single.setting.kind === 'boolean' || value === undefined) continue
    part.push(value)
    at += 1
  }
  const [extra] = parts.args.slice(most)
  if (extra !== undefined) throw surplus(command, extra, undefined)
  return parts
}

function unknownFlag(command: Command, word: string, known: readonly string[]): ConfigurationError {
  const [flag = word] = word.split('=', 1)
  const near = nearestSetting(flag.replace(/^-+/, ''), known)
  const advice = near ? `did you mean --${near}?` : `sluice ${command.name} --help lists them`
  return new ConfigurationError(`${plain(flag)} is not a flag of sluice ${command.name}; ${advice}`)
}

function surplus(command: Command, word: string, previous: Single | undefined): ConfigurationError {
  if (previous?.setting.kind === 'boolean' && /^(true|false)$/i.test(word)) {
    const flag = `--${previous.name}`
    return new ConfigurationError(
      `${flag} and ${word} are two arguments; it must be ${flag}=${word.toLowerCase()}`,
    )
  }
  // After a secret it may be the other half of one that has a space in it.
  const subject = previous?.setting.secret
    ? `the argument after --${previous.name} and its value`
    : `the argument ${quoted(word)}`
  return new ConfigurationError(`${subject} is not expected; usage: ${usageOf(command)}`)
}

function requireArguments(command: Command, args: readonly string[]): void {
  const { args: declared = [] } = command
  for (const [at, { name, optional, values }] of declared.entries()) {
    const given = args[at]
    if (given === undefined && optional) continue
    if (given === undefined || given === '') {
      throw new ConfigurationError(`${name} is missing; usage: ${usageOf(command)}`)
    }
    if (values && !values.includes(given)) {
      throw new ConfigurationError(`${name} is ${quoted(given)}; it must be one of ${values.join(', ')}`)
    }
  }
}

/** A command's own flags stand in no file. */
function noFile(): never {
  throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' })
}
