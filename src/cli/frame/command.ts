/**
 * What a command is: one declaration, from which the reading of its arguments, its help, its completion and its section
 * in docs/commands.md follow.
 */
import type { LoadInput } from '../../config/load.ts'
import type { Schema, SettingsOf } from '../../config/shapes/names.ts'
import type { Io } from '../terminal/io.ts'

export interface CommandArgument {
  /** The argument's name in help, such as `FILE`. */
  readonly name: string
  readonly about: string
  readonly optional?: true
  /** All values there are, if they are few. */
  readonly values?: readonly string[]
  /** Whether it names a file, which a shell can complete. */
  readonly isFile?: true
}

/** What a command is handed. */
export interface Invocation<F extends Schema = Schema> {
  readonly flags: SettingsOf<F>
  /** The arguments in order: all required ones are there, an optional one may be missing. */
  readonly args: readonly string[]
  /** From which the server's settings are read: the flags for them, environment and file. */
  readonly input: LoadInput
  readonly io: Io
}

interface Declaration {
  /** One word, or two or three for those of a group: `token rotate`. */
  readonly name: string
  /** One line without a full stop, such as "End sessions". */
  readonly about: string
  /** Whole sentences. */
  readonly details?: string
  readonly args?: readonly CommandArgument[]
  /** The names of the server's settings that matter to it; they are flags of it too. */
  readonly settings?: readonly string[]
  /** Whether every other setting of the server is a flag of it too. */
  readonly everySetting?: true
  /** A whole command line. */
  readonly example: string
  /** Whether it writes a log or draws on the terminal, and so escapes names itself. */
  readonly ownOutput?: true
}

export interface Command extends Declaration {
  readonly flags: Schema
  /** Returns the exit status. */
  run(invocation: Invocation): Promise<number>
}

/** `run` gets its flags with the types of their declarations. */
export function command<const F extends Schema>(
  declared: Declaration & {
    readonly flags: F
    run(invocation: Invocation<F>): Promise<number>
  },
): Command {
  return declared as unknown as Command
}

export interface CommandGroup {
  /** The first word of its commands. */
  readonly name: string
  readonly about: string
}

/** The commands, and what help says of those that share their first word. */
export interface CommandSet {
  readonly commands: readonly Command[]
  readonly groups: readonly CommandGroup[]
}

/** The commands that begin with these words: of `session`, `session list` and `session end`. */
export function commandsBelow({ commands }: CommandSet, words: string): readonly Command[] {
  return commands.filter(({ name }) => name.startsWith(`${words} `))
}

/** Whether there is a command, or a group of commands, of this name. */
export function isCommandPath(set: CommandSet, words: string): boolean {
  return set.commands.some(({ name }) => name === words) || commandsBelow(set, words).length > 0
}

/** `sluice token rotate [flags] TOKEN`. */
export function usageOf({ name, args = [] }: Command): string {
  const names = args.map((arg) => (arg.optional ? `[${arg.name}]` : arg.name))
  return ['sluice', name, ...names, '[flags]'].join(' ')
}
