/** docs/configuration.md, made from the schema by `npm run docs`. */
import { writtenDefault } from './help.ts'
import { settingGroups } from './settings.ts'
import { type Group, isTables, nameInFirst, variableAt, variablesOf } from './shapes/names.ts'
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

Every setting has one name, which is its flag, its environment variable and its key in a file. The
first of these that gives a value decides:

1. a flag: \`--session-length 30m\` or \`--session-length=30m\`; what is true or false needs no value
   (\`--strong-passwords\`), and takes one only after \`=\`
2. an environment variable of Sluice: \`SLUICE_SESSION_LENGTH=30m\`
3. an environment variable of InfluxDB, for the settings that InfluxDB has too:
   \`INFLUXD_SESSION_LENGTH=30\`
4. the configuration file
5. the default

Settings are read once, when the server starts. One that is unknown or does not fit is refused with a
sentence that says what would be right; the server does not start then. An empty environment variable
counts as absent.

## File

\`config-path\` names the file, or a folder in which \`sluice.toml\`, \`sluice.yaml\`, \`sluice.yml\` and
\`sluice.json\` are looked for, in this order. Without it they are looked for in the working directory,
where none needs to be. A file in TOML:

\`\`\`toml
${EXAMPLE_FILE}\`\`\`

## Values

- Durations: \`500ms\`, \`90s\`, \`10m\`, \`1h30m\`, \`7d\`. A number without a unit is refused, except 0, and
  except where the setting says what it counts.
- Sizes: \`1048576\` (bytes), \`64KiB\`, \`1MiB\`, \`1GiB\`.
- Addresses: \`:8086\` (every interface), \`127.0.0.1:8086\`, \`[::1]:8086\`.
- True or false: \`true\`, \`false\`, \`1\`, \`0\`.
- Lists: \`a,b\`; in a file, an array of strings does as well.
- Paths: \`~\` is the home directory; a relative path counts from the working directory.
`

const LISTS = `
## Lists

A list holds tables of settings. A file in TOML has a \`[[NAME]]\` for each of them, one in YAML or JSON a list under
the name. Variables count the tables from 0: \`SLUICE_NAME_0_KEY\`. Flags give the first table, and \`SLUICE_NAME_KEY\`
is another name for \`SLUICE_NAME_0_KEY\`. Flags and variables make up one list together; the file has the whole list or
nothing of it. Each table must have the keys that are required. Of a secret and the file that holds it, such as
\`token\` and \`token-file\`, it may have one.
`

/** The whole of docs/configuration.md, in Markdown; ends in a line break. */
export function configurationDocument(groups: readonly Group[] = settingGroups): string {
  const hasLists = groups.some(({ settings }) => settings.some(isTables))
  return [INTRODUCTION + (hasLists ? LISTS : ''), ...groups.map(section)].join('\n')
}

function section({ title, settings }: Group): string {
  const singles = settings.flatMap((entry) => (isTables(entry) ? [] : [columns(entry)]))
  const heads = ['Flag', 'Environment', 'Default', 'Meaning']
  const parts = [
    ...(singles.length > 0 ? [table(heads, singles)] : []),
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

function columns(setting: Setting): readonly string[] {
  const variables = variablesOf(setting).map((variable) => `\`${variable}\``)
  return [`\`--${setting.name}\``, variables.join('<br>'), standardOf(setting), meaningOf(setting)]
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
  const bare = bareUnit ? ` A number without a unit is ${bareUnit}.` : ''
  return ` From ${min} to ${max}.${bare}`
}

// Padded as Biome formats Markdown, so that the check has nothing to change in it.
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const dashes = widths.map((width) => '-'.repeat(width))
  const lines = [heads, dashes, ...rows].map((row) => row.map((text, i) => text.padEnd(widths[i] ?? 0)))
  return lines.map((line) => `| ${line.join(' | ')} |\n`).join('')
}
