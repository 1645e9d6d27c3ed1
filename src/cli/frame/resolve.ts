/** Finds the command that the first words of a command line name. */
import { ConfigurationError } from '../../config/refusals/configuration-error.ts'
import { nearest } from '../../config/refusals/suggest.ts'
import { type Command, type CommandSet, commandsBelow, isCommandPath } from './command.ts'

export interface ResolvedCommand {
  /** Undefined if the words name a group of commands. */
  readonly command: Command | undefined
  /** The words that name it. */
  readonly path: string
  /** The words after the command's name. */
  readonly rest: readonly string[]
}

/** `argv` begins with a word. Throws ConfigurationError, with the name that was probably meant. */
export function resolved(set: CommandSet, argv: readonly string[]): ResolvedCommand {
  let [path, taken] = ['', 0]
  for (const word of argv) {
    const longer = path === '' ? word : `${path} ${word}`
    if (word.startsWith('-') || !isCommandPath(set, longer)) break
    path = longer
    taken += 1
  }
  const rest = argv.slice(taken)
  const command = set.commands.find(({ name }) => name === path)
  const [next] = rest
  if (path === '' || (!command && next !== undefined && !next.startsWith('-'))) {
    throw unknown(set, path, next ?? '')
  }
  return { command, path, rest }
}

function unknown(set: CommandSet, path: string, word: string): ConfigurationError {
  const below = path === '' ? set.commands : commandsBelow(set, path)
  const before = path === '' ? '' : `${path} `
  const words = below.map(({ name }) => name.slice(before.length).split(' ')[0] ?? '')
  const near = nearest(word, [...new Set(words)])
  const list = path === '' ? 'sluice help' : `sluice ${path} --help`
  const advice = near ? `did you mean ${before}${near}?` : `${list} lists them`
  return new ConfigurationError(`${before}${word} is not a command; ${advice}`)
}
