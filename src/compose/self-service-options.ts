/** What the settings say about invitations, links and mail. */
import type { Settings } from '../config/settings.ts'
import type { LinkAddress } from '../domain/self-service/one-time-links.ts'
import type { Mailer } from '../domain/self-service/outbox.ts'
import { createSmtpMailer } from '../mail/smtp-mailer.ts'
import { consolePathOf } from './pages.ts'
import type { SelfServiceSettings } from './self-service.ts'
import { readSettingFile } from './setting-file.ts'

export function selfServiceOptions(
  settings: Settings,
  { countLink, countMail }: Pick<SelfServiceSettings['selfService'], 'countLink' | 'countMail'>,
): SelfServiceSettings {
  return {
    selfService: {
      invitations: settings.invitations,
      invitationLengthMs: settings.invitationLength,
      passwordLinkLengthMs: settings.passwordLinkLength,
      linkAddress: linkAddressOf(settings),
      mailer: mailerOf(settings),
      ...{ countLink, countMail },
    },
  }
}

const PAGES = { invitation: 'invitation', reset: 'new-password', email: 'verify-email' } as const

/**
 * Below `public-url`, or without one a path, which the console completes. Never by the host of a request, which its
 * client chooses: a mailed link would lead to the server of who asked for it.
 */
function linkAddressOf(settings: Settings): LinkAddress {
  const { publicUrl } = settings
  const origin = publicUrl === undefined ? '' : new URL(publicUrl).origin
  return (purpose, secret) => `${origin}${consolePathOf(settings)}signin/${PAGES[purpose]}#${secret}`
}

/** The mailer of the settings; undefined if they name no mail server. Throws ConfigurationError for a file that cannot be read. */
export function mailerOf(
  settings: Pick<Settings, 'smtpUrl' | 'smtpFrom' | 'smtpPasswordFile' | 'smtpCaFile'>,
): (Mailer & { verify(): Promise<void> }) | undefined {
  const { smtpUrl, smtpFrom, smtpPasswordFile, smtpCaFile } = settings
  if (smtpUrl === undefined || smtpFrom === undefined) return undefined
  const password =
    smtpPasswordFile === undefined
      ? undefined
      : () => readSettingFile('smtp-password-file', smtpPasswordFile).trimEnd()
  // Read now, so that a start without it fails, and again for each mail, so that it can be changed.
  password?.()
  return createSmtpMailer({
    ...{ url: smtpUrl, from: smtpFrom, password },
    ca: smtpCaFile === undefined ? undefined : readSettingFile('smtp-ca-file', smtpCaFile),
  })
}
