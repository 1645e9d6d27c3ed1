/** All commands, in the order in which they are listed. */
import { VERSION } from '../compose/version.ts'
import { audit } from './audit.ts'
import { backup, restore } from './backup.ts'
import { completionCommand } from './completion.ts'
import { type Command, type CommandGroup, type CommandSet, command } from './frame/command.ts'
import type { HelpSection } from './frame/help.ts'
import { helpCommand } from './help.ts'
import { importInfluxdb } from './import.ts'
import { jwtCommands } from './jwt.ts'
import { ldapCommands } from './ldap.ts'
import { loginCommands } from './login/login.ts'
import { move } from './move.ts'
import { oidcCommands } from './oidc.ts'
import { printConfig } from './print-config.ts'
import { recoveryCommands } from './recovery.ts'
import { organizationCommands } from './resources/organization.ts'
import { tokenCommands } from './resources/token.ts'
import { userCommands } from './resources/user.ts'
import { serve } from './serve.ts'
import { sessionCommands } from './session.ts'
import { setup } from './setup.ts'
import { smtpTest } from './smtp.ts'
import { upstreamCommands } from './upstream.ts'

const version = command({
  name: 'version',
  about: 'Show the version',
  flags: [],
  example: 'sluice version',
  async run({ io }) {
    io.stdout.write(`sluice ${VERSION}\n`)
    return 0
  },
})

const GROUPS: readonly CommandGroup[] = [
  { name: 'user', about: 'Users' },
  { name: 'org', about: 'Organizations and who belongs to them' },
  { name: 'token', about: 'Tokens' },
  { name: 'session', about: 'Sessions' },
  { name: 'upstream', about: 'What differs from the InfluxDB behind it' },
  { name: 'smtp', about: 'The mail server of the settings' },
  { name: 'ldap', about: 'The LDAP directory' },
  { name: 'oidc', about: 'OpenID Connect providers' },
  { name: 'jwt', about: 'Signed tokens of outside issuers' },
  { name: 'import', about: 'Take over the users, organizations and tokens of another server' },
  { name: 'recovery', about: 'Regain lost access, without a server' },
]

export const HELP_SECTIONS: readonly HelpSection[] = [
  { title: 'The server', names: ['serve', 'setup', 'print-config', 'ldap', 'oidc', 'jwt', 'smtp'] },
  {
    title: 'On a running server, after sluice login or with a token in SLUICE_TOKEN',
    names: ['login', 'logout', 'user', 'org', 'token', 'session', 'audit', 'upstream'],
  },
  { title: 'Its data', names: ['backup', 'restore', 'move', 'import', 'recovery'] },
  { title: 'Other', names: ['completion', 'version', 'help'] },
]

const commands: Command[] = [
  serve,
  setup,
  printConfig,
  smtpTest,
  ...loginCommands,
  ...userCommands,
  ...organizationCommands,
  ...tokenCommands,
  ...sessionCommands,
  audit,
  ...upstreamCommands,
  ...ldapCommands,
  ...oidcCommands,
  ...jwtCommands,
  backup,
  restore,
  move,
  importInfluxdb,
  ...recoveryCommands,
  completionCommand(() => COMMAND_SET),
  version,
  helpCommand(() => COMMAND_SET, HELP_SECTIONS),
]

export const COMMAND_SET: CommandSet = { commands, groups: GROUPS }
