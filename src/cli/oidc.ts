/** `sluice oidc test`: tries a provider of the settings, without a server. */
import { providerOptions } from '../compose/oidc.ts'
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import { command, type Invocation } from './frame/command.ts'
import { load } from './load.ts'
import { jsonFlag } from './resources/output.ts'
import { printSteps } from './trial-steps.ts'

const testFlags = [jsonFlag] as const

const testCommand = command({
  name: 'oidc test',
  about: 'Try an OpenID Connect provider of the settings, step by step',
  details:
    'Each line says what works, or what does not. It asks the provider as the server would: what it says about itself, ' +
    'its keys, and whether it knows this server with its secret. Nobody signs in. Exit status 1 says that a step failed.',
  args: [{ name: 'NAME', about: 'The name of the provider in the settings.' }],
  flags: testFlags,
  settings: ['config-path'],
  everySetting: true,
  example: 'sluice oidc test --config-path /etc/sluice/sluice.toml corp',
  run: test,
})

export const oidcCommands = [testCommand]

async function test(invocation: Invocation<typeof testFlags>): Promise<number> {
  const { args, flags, io } = invocation
  const { settings } = load(invocation)
  const [name = ''] = args
  const provider = settings.oidc.find((each) => each.name === name)
  if (!provider) {
    const known = settings.oidc.map((each) => each.name).join(', ')
    throw new ConfigurationError(
      known === '' ? 'no provider is set; name its issuer' : `no provider has this name; there are: ${known}`,
    )
  }
  const options = providerOptions(provider, settings)
  // Imported on demand: no other command needs it.
  const { tryProvider } = await import('../oidc/trial.ts')
  const isRight = await tryProvider(options, { now: Date.now, say: printSteps(io, flags) })
  return isRight ? 0 : 1
}
