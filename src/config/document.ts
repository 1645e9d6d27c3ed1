/** docs/configuration.md, made from the schema by `npm run docs`. */
import { writtenDefault } from './help.ts'
import { type Group, type Setting, variablesOf } from './setting.ts'
import { settingGroups } from './settings.ts'

/** A file that sets a few things; a test loads it. */
export const exampleFile = `http-bind-address = "127.0.0.1:8086"
tls-cert = "/etc/sluice/cert.pem"
tls-key = "/etc/sluice/key.pem"
session-length = "30m"
sqlite-path = "/var/lib/sluice/sluice.sqlite"
log-format = "json"
`

const intro = `<!-- Made by \`npm run docs\` from src/config/groups. Change it there. -->

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
${exampleFile}\`\`\`

## Values

- Durations: \`500ms\`, \`90s\`, \`10m\`, \`1h30m\`, \`7d\`. A number without a unit is refused, except 0, and
  except where the setting says what it counts.
- Sizes: \`1048576\` (bytes), \`64KiB\`, \`1MiB\`, \`1GiB\`.
- Addresses: \`:8086\` (every interface), \`127.0.0.1:8086\`, \`[::1]:8086\`.
- True or false: \`true\`, \`false\`, \`1\`, \`0\`.
- Lists: \`a,b\`; in a file, an array of strings does as well.
- Paths: \`~\` is the home directory; a relative path counts from the working directory.
`

const range = (setting: Setting): string => {
  if (setting.type === 'enum') return ` One of ${setting.values.map((value) => `\`${value}\``).join(', ')}.`
  if (!('min' in setting)) return ''
  const bare =
    setting.type === 'duration' && setting.bareUnit ? ` A number without a unit is ${setting.bareUnit}.` : ''
  return ` From ${setting.min} to ${setting.max}.${bare}`
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')

const columns = (setting: Setting): readonly string[] => {
  const variables = variablesOf(setting).map((variable) => `\`${variable}\``)
  const standard = writtenDefault(setting)
  return [
    `\`--${setting.name}\``,
    variables.join('<br>'),
    standard === undefined ? 'not set' : `\`${standard}\``,
    cell(setting.about + range(setting)),
  ]
}

// Padded as Biome formats Markdown, so that the check has nothing to change in it.
const table = ({ title, settings }: Group): string => {
  const heads = ['Flag', 'Environment', 'Default', 'Meaning']
  const rows = settings.map(columns)
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const dashes = widths.map((width) => '-'.repeat(width))
  const lines = [heads, dashes, ...rows].map((row) => row.map((text, i) => text.padEnd(widths[i] ?? 0)))
  return `## ${title}\n\n${lines.map((line) => `| ${line.join(' | ')} |\n`).join('')}`
}

/** The whole of docs/configuration.md, in Markdown; ends in a line break. */
export const configurationDocument = (): string => [intro, ...settingGroups.map(table)].join('\n')
