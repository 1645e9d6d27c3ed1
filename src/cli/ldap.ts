/** `sluice ldap test`: tries the sign-in of a user of the directory, without a server. */
import { tryLdap } from '../compose/directory-trial.ts'
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import { boolean } from '../config/shapes/setting.ts'
import { command, type Invocation } from './frame/command.ts'
import { load } from './load.ts'
import { jsonFlag } from './resources/output.ts'
import { createPrompt } from './terminal/io.ts'
import { printSteps } from './trial-steps.ts'

const testFlags = [
  boolean({
    name: 'no-password',
    default: false,
    about: 'Leaves the password out, which is asked for otherwise, or read from standard input.',
  }),
  jsonFlag,
] as const

const testCommand = command({
  name: 'ldap test',
  about: 'Try the sign-in of a user of the directory, step by step',
  details:
    'Each line says what works, or what does not and which setting to change. It asks the directory as the server ' +
    'would, writes nothing, and counts no wrong password. Exit status 1 says that a step failed.',
  args: [{ name: 'USER', about: 'The name that the user would type.' }],
  flags: testFlags,
  settings: ['config-path'],
  everySetting: true,
  example: 'sluice ldap test --config-path /etc/sluice/sluice.toml alice',
  run: test,
})

export const ldapCommands = [testCommand]

async function test(invocation: Invocation<typeof testFlags>): Promise<number> {
  const { args, flags, io } = invocation
  const { settings } = load(invocation)
  if (settings.ldapUrls.length === 0) {
    throw new ConfigurationError('ldap-urls is not set; name the servers of the directory')
  }
  const [name = ''] = args
  const password = flags.noPassword ? undefined : await askForPassword(invocation, name)
  const isRight = await tryLdap(settings, {
    ...{ name, password },
    say: printSteps(io, flags),
  })
  return isRight ? 0 : 1
}

async function askForPassword({ io }: Invocation<typeof testFlags>, name: string): Promise<string> {
  const prompt = createPrompt(io)
  try {
    return await prompt.existingPassword(`Password of ${name}`)
  } finally {
    prompt.close()
  }
}
