/** The texts of mail. Plain text, in which a name that somebody chose stands in quotation marks, on one line. */
import type { Mail } from './outbox.ts'

const LONGEST_SHOWN = 80

/** A name as a mail shows it: no control characters, which could end the line, and not long enough to be a message. */
function shown(name: string): string {
  const visible = name.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd')
  return `"${visible.length > LONGEST_SHOWN ? `${visible.slice(0, LONGEST_SHOWN)}…` : visible}"`
}

const until = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

interface LinkText {
  readonly to: string
  readonly url: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

export function invitationMail(given: LinkText & { organization: string; inviter: string }): Mail {
  const { to, url, expiresAt, organization, inviter } = given
  return {
    to,
    subject: 'Invitation to Sluice',
    text: [
      `${shown(inviter)} invites you to the organization ${shown(organization)}.`,
      `To choose a password and sign in, open this link until ${until(expiresAt)}. It works once:`,
      url,
      'If you do not know what this is about, ignore this mail, and nothing happens.',
    ].join('\n\n'),
  }
}

/** `asked`: the client's address, if it was asked for at sign-in; otherwise an operator had it sent. */
export function resetMail(given: LinkText & { name: string; asked: string | undefined }): Mail {
  const { to, url, expiresAt, name, asked } = given
  const why =
    asked === undefined ? 'An operator sent you this link' : `Somebody at ${asked} asked for this link`
  return {
    to,
    subject: 'A new password for Sluice',
    text: [
      `${why} to set a new password for the user ${shown(name)}.`,
      `Open it until ${until(expiresAt)}. It works once:`,
      url,
      'A second factor is still asked for afterwards.',
      'If you did not want this, ignore this mail: your password stays as it is.',
    ].join('\n\n'),
  }
}

export function verificationMail(given: LinkText & { name: string }): Mail {
  const { to, url, expiresAt, name } = given
  return {
    to,
    subject: 'Verify your e-mail address for Sluice',
    text: [
      `This address was entered for the user ${shown(name)}.`,
      `If that is you, open this link until ${until(expiresAt)}. It works once:`,
      url,
      'Otherwise ignore this mail, and no further one is sent to this address.',
    ].join('\n\n'),
  }
}

/** Tells of a change that its user may not have made (ASVS 5.0 6.3.7). */
export function noticeMail({ to, name, what }: { to: string; name: string; what: string }): Mail {
  return {
    to,
    subject: 'Your account in Sluice has changed',
    text: [`${what} of the user ${shown(name)}.`, 'If that was not you, tell an operator.'].join('\n\n'),
  }
}
