/** What can follow on a command line, for the scripts of all shells. */

import { flagsOf } from './arguments.ts'
import { type Command, type CommandSet, commandsBelow, isCommandPath } from './command.ts'

export interface CompletedFlag {
  /** With its dashes. */
  readonly flag: string
  readonly about: string
  /** The values to offer: `none` for a flag without a value, `files` for a path, `any` for free text. */
  readonly value: readonly string[] | 'none' | 'files' | 'any'
}

export interface CompletedWord {
  readonly word: string
  readonly about: string
}

/** What follows the words of a command or a group. */
export interface CompletedPath {
  /** Empty for the beginning, else such as `token rotate`. */
  readonly path: string
  readonly words: readonly CompletedWord[]
  readonly flags: readonly CompletedFlag[]
  /** Whether an argument names a file. */
  readonly files: boolean
}

const HELP: CompletedFlag = { flag: '--help', about: 'Show its help', value: 'none' }

export function completedPaths(set: CommandSet): readonly CompletedPath[] {
  const paths = new Set([''])
  for (const { name } of set.commands) {
    const words = name.split(' ')
    for (const at of words.keys()) paths.add(words.slice(0, at + 1).join(' '))
  }
  return [...paths].map((path) => completed(set, path))
}

function completed(set: CommandSet, path: string): CompletedPath {
  const command = set.commands.find(({ name }) => name === path)
  const { args = [] } = command ?? {}
  const flags = command ? [...completedFlags(command), HELP] : [HELP]
  const values = args.flatMap(({ values = [] }) => values.map((word) => ({ word, about: '' })))
  const words =
    path === 'help' ? [...below(set, ''), { word: 'settings', about: 'The settings' }] : below(set, path)
  return { path, words: [...words, ...values], flags, files: args.some(({ isFile }) => isFile) }
}

function below(set: CommandSet, path: string): CompletedWord[] {
  const before = path === '' ? '' : `${path} `
  const found = new Map<string, string>()
  for (const { name, about } of path === '' ? set.commands : commandsBelow(set, path)) {
    const [word = ''] = name.slice(before.length).split(' ')
    const isGroup = !set.commands.some((each) => each.name === before + word)
    const group = set.groups.find((each) => each.name === before + word)
    if (isCommandPath(set, before + word)) found.set(word, isGroup ? (group?.about ?? '') : about)
  }
  return [...found].map(([word, about]) => ({ word, about }))
}

function completedFlags(command: Command): CompletedFlag[] {
  return [...flagsOf(command).values()].map(({ name, setting }) => {
    const about = setting.about.split(/[.;] |\.$/)[0] ?? ''
    const { kind, values } = setting
    const value = values ?? (kind === 'boolean' ? 'none' : kind === 'path' ? 'files' : 'any')
    return { flag: `--${name}`, about, value }
  })
}
