/** The help of one command, of a group, and the list of all. */
import { placeholderOf, writtenDefault } from '../../config/help.ts'
import type { Single } from '../../config/shapes/names.ts'
import { wrappedAt } from '../terminal/table.ts'
import { flagsOf } from './arguments.ts'
import { type Command, type CommandSet, commandsBelow, usageOf } from './command.ts'

/** The width of help in columns, which every terminal has. */
const WIDTH = 80
/** Where descriptions begin; a longer head has its description below. */
const AT = 26
const AT_IN_LIST = 16

/** Usage, flags and one example. */
export function commandHelp(command: Command): string {
  const { about, details, args = [], everySetting, example } = command
  const parts = [
    `Usage: ${usageOf(command)}\n`,
    paragraph(`${about}.${details ? ` ${details}` : ''}`),
    section(
      'Arguments',
      args.map((arg) => item(arg.name, arg.about)),
    ),
    section('Flags', shownFlags(command).map(flagItem)),
    everySetting ? paragraph('The other settings of the server are flags too: sluice help settings') : '',
    section('Example', [`  ${example}\n`]),
  ]
  return parts.filter((part) => part !== '').join('\n')
}

/** The flags that help shows: the command's own, then the settings that matter to it. */
export function shownFlags(command: Command): readonly Single[] {
  const { settings = [] } = command
  const all = flagsOf(command)
  const own = command.flags.map(({ name }) => name)
  return [...own, ...settings].flatMap((name) => all.get(name) ?? [])
}

/** The commands of a group, one a line. */
export function groupHelp(set: CommandSet, words: string): string {
  const commands = commandsBelow(set, words)
  const about = set.groups.find(({ name }) => name === words)?.about
  const parts = [
    `Usage: sluice ${words} COMMAND [flags]\n`,
    about ? paragraph(`${about}.`) : '',
    section(
      'Commands',
      commands.map(({ name, about }) => item(name, about)),
    ),
    `sluice ${commands[0]?.name} --help shows the flags of one.\n`,
  ]
  return parts.filter((part) => part !== '').join('\n')
}

/** All commands; a group takes one line. */
export function listHelp(set: CommandSet, sections: readonly HelpSection[]): string {
  const parts = sections.map(({ title, names }) =>
    section(
      title,
      names.map((name) => lineOf(set, name)),
    ),
  )
  return [
    'Sluice: sign-in, sessions, users, organizations, tokens and permissions for\nInfluxDB\n',
    'Usage: sluice [COMMAND] [flags]\n',
    ...parts,
    'sluice COMMAND --help shows its flags and an example, sluice help settings the\nsettings of the server.\n',
  ].join('\n')
}

/** A title in the list of commands, and the commands and groups below it. */
export interface HelpSection {
  readonly title: string
  readonly names: readonly string[]
}

function lineOf(set: CommandSet, name: string): string {
  const command = set.commands.find((each) => each.name === name)
  if (command) return item(name, command.about, AT_IN_LIST)
  const verbs = commandsBelow(set, name).map((each) => each.name.slice(name.length + 1))
  const group = set.groups.find((each) => each.name === name)
  const words = [...new Set(verbs.map((verb) => verb.split(' ')[0]))]
  return item(name, `${group?.about}: ${words.join(', ')}`, AT_IN_LIST)
}

function flagItem({ name, setting }: Single): string {
  const standard = setting.kind === 'boolean' ? undefined : writtenDefault(setting)
  const about = setting.about.replace(/\.$/, '')
  return item(`--${name}${placeholderOf(setting)}`, standard ? `${about} (default ${standard})` : about)
}

function item(head: string, about: string, at = AT): string {
  const [first = '', ...rest] = wrappedAt(about.replace(/\.$/, ''), WIDTH - at)
  const more = rest.map((line) => `${' '.repeat(at)}${line}\n`).join('')
  const start = `  ${head}`
  if (start.length + 2 > at) return `${start}\n${' '.repeat(at)}${first}\n${more}`
  return `${start.padEnd(at)}${first}\n${more}`
}

function section(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `${title}:\n${items.join('')}`
}

function paragraph(text: string): string {
  return `${wrappedAt(text, WIDTH).join('\n')}\n`
}
