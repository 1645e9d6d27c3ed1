/** `sluice help`: the list of commands, the help of one, or the settings of the server. */
import { settingsHelp } from '../config/help.ts'
import { type Command, type CommandSet, command } from './frame/command.ts'
import { commandHelp, groupHelp, type HelpSection, listHelp } from './frame/help.ts'
import { resolved } from './frame/resolve.ts'

/** `set` is asked for when the command runs: it has this command too. */
export function helpCommand(set: () => CommandSet, sections: readonly HelpSection[]): Command {
  const word = { about: 'A word of a command, or settings.', optional: true } as const
  return command({
    name: 'help',
    about: 'Show the commands, the help of one, or the settings',
    args: [
      { name: 'COMMAND', ...word },
      { name: 'SUBCOMMAND', ...word },
      { name: 'SUBCOMMAND', ...word },
    ],
    flags: [],
    example: 'sluice help settings',
    async run({ args, io }) {
      io.stdout.write(helpOf(set(), args, sections))
      return 0
    },
  })
}

/** The help for the words before any flag; throws ConfigurationError if there is no such command. */
export function helpOf(set: CommandSet, words: readonly string[], sections: readonly HelpSection[]): string {
  if (words.length === 0) return listHelp(set, sections)
  if (words.length === 1 && words[0] === 'settings') return SETTINGS_HEAD + settingsHelp()
  const found = resolved(set, words)
  return found.command ? commandHelp(found.command) : groupHelp(set, found.path)
}

const SETTINGS_HEAD = `The settings of the server, as flags of sluice serve. All can also be environment
variables or stand in a file (docs/configuration.md).

`
