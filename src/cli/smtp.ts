/** `sluice smtp`: tries the mail server of the settings, without a running server. */
import { mailerOf } from '../compose/self-service-options.ts'
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import { SluiceError } from '../domain/base/errors.ts'
import { parseEmailAddress } from '../domain/self-service/email-address.ts'
import { command } from './frame/command.ts'
import { load } from './load.ts'
import { CommandFailure } from './terminal/failure.ts'
import { escaped } from './terminal/table.ts'

export const smtpTest = command({
  name: 'smtp test',
  about: 'Send a mail by the mail server of the settings, and say what works',
  details: 'It needs no running server. The settings are those of the server.',
  args: [{ name: 'ADDRESS', about: 'To whom the mail goes.' }],
  flags: [],
  settings: ['smtp-url', 'smtp-password-file', 'smtp-ca-file', 'smtp-from', 'public-url', 'config-path'],
  everySetting: true,
  example: 'sluice smtp test ada@example.com',
  async run(invocation) {
    const { io, args } = invocation
    const { settings } = load(invocation)
    const to = addressOf(args[0] ?? '')
    const mailer = mailerOf(settings)
    if (!mailer) throw new ConfigurationError('smtp-url is not set, so no mail is sent')
    const { protocol, host } = new URL(settings.smtpUrl ?? '')
    const step = async (what: string, work: Promise<void>) => {
      await work.catch((error) => {
        throw new CommandFailure(`${what} failed: ${escaped(String((error as Error).message))}`)
      })
      io.stdout.write(`${what}: done\n`)
    }
    await step(`Connecting to ${escaped(`${protocol}//${host}`)} and signing in`, mailer.verify())
    const text = `This is a test of the settings of Sluice${settings.publicUrl ? ` at ${settings.publicUrl}` : ''}.`
    await step(`Handing over a mail to ${escaped(to)}`, mailer.send({ to, subject: 'Test of Sluice', text }))
    io.stdout.write('The mail server took the mail. See whether it arrives, also in the folder for spam.\n')
    return 0
  },
})

function addressOf(given: string): string {
  try {
    return parseEmailAddress(given)
  } catch (error) {
    if (error instanceof SluiceError) throw new ConfigurationError(error.message)
    throw error
  }
}
