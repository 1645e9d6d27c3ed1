/** The settings of the server, as `sluice help settings` lists them. */

import { settingGroups } from './settings.ts'
import { KINDS } from './shapes/kinds.ts'
import { type Entry, type Group, isTables, nameInFirst } from './shapes/names.ts'
import type { Setting } from './shapes/setting.ts'

const WIDTH = 100
const INDENT = '      '

const FOOTER = `Every setting can also be given as SLUICE_NAME in the environment (SLUICE_SESSION_LENGTH), or by its
name in a configuration file. A flag is stronger than the environment, and that than a file.
INFLUXD_NAME counts for the settings that InfluxDB has too. Durations are written like 90s, 10m or
1h30m, sizes like 1048576, 64KiB or 1MiB.
`

/** All settings by group, with default and description, at most 100 columns wide; ends in a line break. */
export function settingsHelp(groups: readonly Group[] = settingGroups): string {
  const parts = groups.map(({ title, settings }) => `${title}:\n${settings.map(helpOf).join('')}`)
  return [...parts, FOOTER].join('\n')
}

function helpOf(entry: Entry): string {
  if (!isTables(entry)) return helpOfFlag(entry.name, entry)
  const { name, about, keys } = entry
  const flags = keys.map((key) => helpOfFlag(nameInFirst(entry, key), key))
  return `  ${name}: a list; flags give its first entry\n${wrapped(about)}\n${flags.join('')}`
}

function helpOfFlag(name: string, setting: Setting): string {
  const standard = writtenDefault(setting)
  const suffix = standard === undefined ? '' : `  (default ${standard})`
  const needed = setting.mustBeSet === true ? '  (required)' : ''
  const placeholder = placeholderOf(setting)
  return `  --${name}${placeholder}${suffix}${needed}\n${wrapped(setting.about)}\n`
}

/** What stands for the value after a flag, with a blank before it; empty for a boolean. */
export function placeholderOf(setting: Setting): string {
  return setting.placeholder ? ` ${setting.placeholder}` : KINDS[setting.kind].placeholder(setting)
}

/** The default as a user would write it; undefined for a setting without a default. */
export function writtenDefault({ default: value }: Setting): string | undefined {
  const written = String(value ?? '')
  return written === '' ? undefined : written
}

function wrapped(text: string): string {
  const lines: string[] = []
  let line = INDENT
  for (const word of text.split(' ')) {
    if (line !== INDENT && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = INDENT
    }
    line += line === INDENT ? word : ` ${word}`
  }
  return [...lines, line].join('\n')
}
