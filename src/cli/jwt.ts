/** `sluice jwt test`: tries a signed token by the issuers and rules of the settings, without a server. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { openTokenIssuers, tokenRulesOf } from '../compose/external-tokens.ts'
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import { command, type Invocation } from './frame/command.ts'
import { load } from './load.ts'
import { jsonFlag } from './resources/output.ts'
import { CommandFailure } from './terminal/failure.ts'
import { createPrompt } from './terminal/io.ts'
import { printSteps } from './trial-steps.ts'

const testFlags = [jsonFlag] as const

const testCommand = command({
  name: 'jwt test',
  about: 'Try a signed token of an outside issuer, step by step',
  details:
    'Each line says what works, or what does not: which jwt-issuer the token is of, whether it is valid, and which ' +
    'jwt-rule is about it. It asks the issuer for its keys as the server would. The token is never shown. Exit status 1 ' +
    'says that a server would refuse it.',
  args: [
    {
      name: 'FILE',
      about: 'A file with the token. Left out: it is asked for, or read from standard input.',
      ...{ optional: true, isFile: true },
    },
  ],
  flags: testFlags,
  settings: ['config-path'],
  everySetting: true,
  example: 'sluice jwt test --config-path /etc/sluice/sluice.toml token.jwt',
  run: test,
})

export const jwtCommands = [testCommand]

async function test(invocation: Invocation<typeof testFlags>): Promise<number> {
  const { flags, io } = invocation
  const { settings } = load(invocation)
  if (settings.jwtIssuer.length === 0) {
    throw new ConfigurationError('no jwt-issuer is set; name its url and audience')
  }
  const rules = tokenRulesOf(settings)
  const token = await tokenOf(invocation)
  const opened = await openTokenIssuers(settings, { now: Date.now })
  // Imported on demand: no other command needs it.
  const { tryToken } = await import('../oidc/token-trial.ts')
  try {
    return (await tryToken(token, { ...opened, rules, say: printSteps(io, flags) })) ? 0 : 1
  } finally {
    await opened.close()
  }
}

/** A token in an argument would be seen in the list of processes. */
async function tokenOf({ args: [file], io }: Invocation<typeof testFlags>): Promise<string> {
  if (file !== undefined) {
    try {
      return readFileSync(resolve(io.cwd, file), 'utf8').trim()
    } catch (error) {
      throw new CommandFailure(`the token cannot be read: ${(error as Error).message}`)
    }
  }
  const prompt = createPrompt(io)
  try {
    return (await prompt.existingPassword('Token')).trim()
  } finally {
    prompt.close()
  }
}
