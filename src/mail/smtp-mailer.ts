/** Mail by SMTP, with nodemailer. */
import { isIP } from 'node:net'
import type { Mail, Mailer } from '../domain/self-service/outbox.ts'

export interface SmtpAccess {
  /** `smtps://USER:PASSWORD@HOST:PORT`, or `smtp://` for STARTTLS. */
  readonly url: string
  /** The sender's address. */
  readonly from: string
  /** In place of a password in the URL; read for each mail. */
  readonly password: (() => string) | undefined
  /** PEM; undefined for the certificates that Node trusts. */
  readonly ca: string | undefined
}

export interface SmtpMailer extends Mailer {
  /** Connects and signs in, without a mail; throws an Error. */
  verify(): Promise<void>
}

/** For each of connecting, the greeting, and silence afterwards. */
const TIMEOUT_MS = 10_000

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i

/**
 * One connection for each mail. The certificate must be valid for the host of the URL. Without `smtps://` the server
 * must offer STARTTLS, unless it is on loopback and there is no `ca`: nodemailer would otherwise send password and links
 * in clear text to a server, or to somebody between, that does not offer it. nodemailer is loaded with the first mail.
 */
export function createSmtpMailer(access: SmtpAccess): SmtpMailer {
  async function open() {
    const { createTransport } = await import('nodemailer')
    return createTransport(transportOptions(access))
  }

  async function using<T>(work: (transport: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T> {
    const transport = await open()
    try {
      return await work(transport)
    } finally {
      transport.close()
    }
  }

  return {
    send: ({ to, subject, text }: Mail) =>
      using(async (transport) => {
        await transport.sendMail({
          // An object, since a text could hold several addresses.
          to: { name: '', address: to },
          from: { name: 'Sluice', address: access.from },
          subject,
          text,
          // No out-of-office replies (RFC 3834).
          headers: { 'Auto-Submitted': 'auto-generated' },
          // A text is never the name of a file or a URL to read.
          ...{ disableFileAccess: true, disableUrlAccess: true },
        })
      }),
    verify: () => using(async (transport) => void (await transport.verify())),
  }
}

function transportOptions({ url, password, ca }: SmtpAccess) {
  const { protocol, hostname, port, username, password: written } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const secure = protocol === 'smtps:'
  const isPlain = !secure && ca === undefined && LOOPBACK.test(hostname)
  const pass = password?.() ?? decodeURIComponent(written)
  return {
    ...{ host, port: port === '' ? (secure ? 465 : 587) : Number(port), secure },
    ...(isPlain ? { ignoreTLS: true } : { requireTLS: !secure }),
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass } }),
    tls: {
      rejectUnauthorized: true,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca }),
    },
    ...{ connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS },
  }
}
