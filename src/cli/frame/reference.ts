/** docs/commands.md, made from the commands by `npm run docs`. */
import { placeholderOf, writtenDefault } from '../../config/help.ts'
import type { Single } from '../../config/shapes/names.ts'
import { SERVER_FLAGS } from './arguments.ts'
import { type Command, type CommandSet, usageOf } from './command.ts'
import { shownFlags } from './help.ts'

const INTRODUCTION = `<!-- Made by \`npm run docs\` from src/cli. Change it there. -->

# Commands

\`sluice\` is \`npm start --\` in a clone, or the installed command. Flags stand before or after arguments; what follows
\`--\` is an argument, whatever it begins with. \`sluice COMMAND --help\` says the same as this page.

- **Exit status:** 0, done; 1, failed: the server is down or refused it, or there is no such thing; 2, wrong usage.
- **A running server** is reached at \`--host\`, or else \`SLUICE_HOST\`, or else on this machine, where the settings say
  (\`--config-path\`). The token is in \`SLUICE_TOKEN\`, or in \`--token\`, which a list of processes shows; without them
  \`INFLUX_TOKEN\` counts, together with \`INFLUX_HOST\`, and without that the token that \`sluice login\` stored for the
  server, below \`$XDG_CONFIG_HOME/sluice\` or \`~/.config/sluice\`.
- **Names and ids:** users, organizations, buckets and tokens are named by their name (tokens by their description) or
  by their id. If a text is the id of one and the name of another, the id counts.
- **Output:** a terminal gets tables in its width, in colour unless \`NO_COLOR\` is set; a file or pipe gets whole lines.
  \`--json\` prints one JSON object a line, \`--quiet\` ids alone, and of a new token the token alone.
- **Passwords** are asked for without echo, or are the first line of standard input. No flag takes one.
- **What cannot be undone** asks for confirmation on a terminal, and elsewhere needs \`--yes\`.
- **Completion:** \`source <(sluice completion bash)\`, the same with \`zsh\`, or \`sluice completion fish | source\`.
`

/** The flags of each command that speaks to a running server. */
const REMOTE = ['host', 'token', 'config-path']
const REMOTE_ITEM =
  '- `--host URL`, `--token TOKEN`, `--config-path PATH`: [the running server](#commands).\n'

/** The whole document, in Markdown; ends in a line break. */
export function commandsDocument({ commands }: CommandSet): string {
  return [INTRODUCTION, ...commands.map(section)].join('\n')
}

function section(command: Command): string {
  const { name, about, details, args = [], everySetting, example } = command
  const flags = shownFlags(command)
  const isRemote = name !== 'setup' && REMOTE.every((each) => flags.some((flag) => flag.name === each))
  const own = flags.filter(({ name }) => !isRemote || !REMOTE.includes(name))
  const settings = own.filter(isSetting)
  const items = [
    ...args.map((arg) => `- \`${arg.name}\`: ${sentence(arg.about)}\n`),
    ...own.filter((flag) => !isSetting(flag)).map(flagItem),
    ...(settings.length > 0 ? [`- ${settings.map(inCode).join(', ')}: [settings](configuration.md).\n`] : []),
    ...(isRemote ? [REMOTE_ITEM] : []),
  ]
  const parts = [
    `## sluice ${name}\n`,
    `${sentence(about)}${details ? ` ${details}` : ''}\n`.replaceAll('<', '&lt;'),
    `\`\`\`text\n${usageOf(command)}\n\`\`\`\n`,
    items.join(''),
    everySetting ? 'The other [settings](configuration.md) are flags too.\n' : '',
    `For example:\n\n\`\`\`sh\n${example}\n\`\`\`\n`,
  ]
  return parts.filter((part) => part !== '').join('\n')
}

/** Whether docs/configuration.md describes it. */
const isSetting = ({ name, setting }: Single) => SERVER_FLAGS.get(name)?.setting === setting

const inCode = ({ name, setting }: Single) => `\`--${name}${placeholderOf(setting)}\``

function flagItem(single: Single): string {
  const { setting } = single
  const standard = setting.kind === 'boolean' ? undefined : writtenDefault(setting)
  const suffix = standard === undefined ? '' : ` (\`${standard}\`)`
  return `- ${inCode(single)}${suffix}: ${sentence(setting.about).replaceAll('<', '&lt;')}\n`
}

const sentence = (text: string) => (text.endsWith('.') ? text : `${text}.`)
