/** The settings part of `sluice --help`. */
import type { Setting } from './setting.ts'
import { settingGroups } from './settings.ts'

const WIDTH = 100
const INDENT = '      '

const PLACEHOLDERS = {
  string: 'TEXT',
  path: 'PATH',
  integer: 'NUMBER',
  duration: 'DURATION',
  bytes: 'SIZE',
  address: 'ADDRESS',
  list: 'A,B,...',
} as const

const placeholder = (setting: Setting): string => {
  if (setting.type === 'boolean') return ''
  if (setting.type === 'enum') return ` ${setting.values.join('|')}`
  const bare = setting.type === 'duration' && setting.bareUnit ? `|${setting.bareUnit.toUpperCase()}` : ''
  return ` ${PLACEHOLDERS[setting.type]}${bare}`
}

/** A default as one would write it; undefined for a setting that is unset unless somebody sets it. */
export const writtenDefault = ({ default: value }: Setting): string | undefined => {
  const written = String(value ?? '')
  return written === '' ? undefined : written
}

const wrapped = (text: string): string => {
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

const entry = (setting: Setting): string => {
  const standard = writtenDefault(setting)
  const suffix = standard === undefined ? '' : `  (default ${standard})`
  return `  --${setting.name}${placeholder(setting)}${suffix}\n${wrapped(setting.about)}\n`
}

const FOOTER = `Every setting can also be given as SLUICE_NAME in the environment (SLUICE_SESSION_LENGTH), or by its
name in a configuration file. A flag is stronger than the environment, and that than a file.
INFLUXD_NAME counts for the settings that InfluxDB has too. Durations are written like 90s, 10m or
1h30m, sizes like 1048576, 64KiB or 1MiB.
`

/** All settings by group, with default and description, at most 100 columns wide; ends in a line break. */
export const settingsHelp = (): string =>
  [...settingGroups.map(({ title, settings }) => `${title}:\n${settings.map(entry).join('')}`), FOOTER].join(
    '\n',
  )
