/** docs/configuration.md, made from the schema by `npm run docs`. */
import { writtenDefault } from './help.ts'
import { settingGroups } from './settings.ts'
import { type Group, isTables, nameInFirst, variableAt } from './shapes/names.ts'
import type { Setting } from './shapes/setting.ts'
import type { TablesEntry } from './shapes/tables.ts'

/** A file that sets a few things; a test loads it. */
export const EXAMPLE_FILE = `http-bind-address = "127.0.0.1:8086"
tls-cert = "/etc/sluice/cert.pem"
tls-key = "/etc/sluice/key.pem"
session-length = "30m"
sqlite-path = "/var/lib/sluice/sluice.sqlite"
log-format = "json"
`

const INTRODUCTION = `<!-- Made by \`npm run docs\` from src/config/groups. Change it there. -->

# Configuration

The name of a setting is its flag and its key in a file; its default is in parentheses. The first of these that gives a value decides:

1. a flag: \`--session-length 30m\` or \`--session-length=30m\`; a boolean needs no value, and takes one only after \`=\`
2. Sluice's environment variable: \`SLUICE_SESSION_LENGTH=30m\`
3. InfluxDB's, for settings marked †: \`INFLUXD_SESSION_LENGTH=30\`
4. the configuration file: \`config-path\`, or \`sluice.toml\`, \`sluice.yaml\`, \`sluice.yml\` or \`sluice.json\` in the
   working directory
5. the default

Settings are read once, at the start. An unknown or invalid one stops it with a message and exit status 2: a flag, a key
in the file, or a variable that begins with \`SLUICE_\`, except \`SLUICE_TOKEN\` and \`SLUICE_HOST\`, which are for
[commands](operations.md#what-to-watch), and those that Kubernetes sets for a service called sluice. An empty variable
counts as absent. A file in TOML:

\`\`\`toml
${EXAMPLE_FILE}\`\`\`

## Values

- Durations: \`500ms\`, \`90s\`, \`10m\`, \`1h30m\`, \`7d\`; without a unit only 0, or where the setting names one.
- Sizes: \`1048576\` (bytes), \`64KiB\`, \`1MiB\`, \`1GiB\`.
- Addresses: \`:8086\` (every interface), \`127.0.0.1:8086\`, \`[::1]:8086\`.
- Booleans: \`true\`, \`false\`, \`1\`, \`0\`.
- Lists: \`a,b\`; in a file also an array of strings.
- Paths: \`~\` is the home directory; relative ones start at the working directory.
`

const LISTS = `
## Lists

A list holds tables of settings: in TOML a \`[[NAME]]\` for each, in YAML or JSON a list under the name. Variables count
the tables from 0: \`SLUICE_NAME_0_KEY\`. Flags give the first table, and \`SLUICE_NAME_KEY\` is another name for
\`SLUICE_NAME_0_KEY\`. Flags and variables make up one list together; the file has the whole list or nothing of it. Of a
secret and the file that holds it, such as \`token\` and \`token-file\`, a table may have one.
`

/** The whole of docs/configuration.md, in Markdown; ends in a line break. */
export function configurationDocument(groups: readonly Group[] = settingGroups): string {
  const hasLists = groups.some(({ settings }) => settings.some(isTables))
  return [INTRODUCTION + (hasLists ? LISTS : ''), ...groups.map(section)].join('\n')
}

function section({ title, settings }: Group): string {
  const singles = settings.flatMap((entry) => (isTables(entry) ? [] : [itemOf(entry)]))
  const parts = [
    ...(singles.length > 0 ? [singles.join('')] : []),
    ...settings.filter(isTables).map(sectionOfTables),
  ]
  return `## ${title}\n\n${parts.join('\n')}`
}

function sectionOfTables(tables: TablesEntry): string {
  const { name, about, keys } = tables
  const heads = ['Key', 'Flag and variable of the first', 'Default', 'Meaning']
  const rows = keys.map((key) => [
    `\`${key.name}\``,
    `\`--${nameInFirst(tables, key)}\`<br>\`${variableAt(tables, 0, key)}\``,
    standardOf(key),
    meaningOf(key),
  ])
  const example = keys.flatMap((key) =>
    key.example === undefined ? [] : [`${key.name} = ${JSON.stringify(key.example)}\n`],
  )
  return `### ${name}\n\n${about}\n\n\`\`\`toml\n[[${name}]]\n${example.join('')}\`\`\`\n\n${table(heads, rows)}`
}

function itemOf(setting: Setting): string {
  const mark = setting.influxdb === true ? ' †' : ''
  return `- \`--${setting.name}\`${mark} (${standardOf(setting)}): ${meaningOf(setting)}\n`
}

function standardOf(setting: Setting): string {
  const standard = writtenDefault(setting)
  if (standard !== undefined) return `\`${standard}\``
  return setting.mustBeSet === true ? 'required' : 'not set'
}

function meaningOf(setting: Setting): string {
  return (setting.about + rangeOf(setting)).replaceAll('|', '\\|').replaceAll('<', '&lt;')
}

function rangeOf({ kind, values = [], min, max, bareUnit }: Setting): string {
  if (kind === 'choice') return ` One of ${values.map((value) => `\`${value}\``).join(', ')}.`
  if (min === undefined) return ''
  const bare = bareUnit ? ` Without a unit: ${bareUnit}.` : ''
  return ` ${min}–${max}.${bare}`
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('')
}
