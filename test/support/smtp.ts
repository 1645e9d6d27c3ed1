/** A real SMTP server on loopback, for tests. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import type { Certificate } from './certificate.ts'

export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  /** Whether it came over TLS. */
  readonly secure: boolean
  /** The name that signed in. */
  readonly user: string | undefined
  /** Headers and text as they came, with the text decoded. */
  readonly headers: string
  readonly text: string
}

export interface SmtpServer {
  readonly port: number
  readonly received: readonly ReceivedMail[]
  /** The next mail that was not asked for yet. */
  next(): Promise<ReceivedMail>
  stop(): Promise<void>
}

/** Without `certificate` it offers no TLS; `implicit` is TLS from the first byte. */
export async function startSmtp(
  options: {
    certificate?: Certificate
    implicit?: boolean
    /** Who may send; otherwise anybody. */
    login?: { readonly user: string; readonly password: string }
  } = {},
): Promise<SmtpServer> {
  const { certificate, implicit = false, login } = options
  const received: ReceivedMail[] = []
  const waiting: ((mail: ReceivedMail) => void)[] = []
  let given = 0
  const server = new SMTPServer({
    ...{ secure: implicit, authOptional: login === undefined, logger: false, disableReverseLookup: true },
    ...(certificate
      ? { key: readFileSync(certificate.key), cert: readFileSync(certificate.cert) }
      : { disabledCommands: login ? ['STARTTLS'] : ['STARTTLS', 'AUTH'], allowInsecureAuth: true }),
    onAuth({ username, password }, _session, callback) {
      const isRight = login !== undefined && username === login.user && password === login.password
      callback(isRight ? null : new Error('wrong credentials'), isRight ? { user: username } : undefined)
    },
    onData(stream, session, callback) {
      text(stream).then((raw) => {
        const { mailFrom, rcptTo } = session.envelope
        const at = raw.indexOf('\r\n\r\n')
        const mail: ReceivedMail = {
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          secure: session.secure,
          user: session.user === undefined ? undefined : String(session.user),
          headers: raw.slice(0, at),
          text: decoded(raw.slice(0, at), raw.slice(at + 4)),
        }
        received.push(mail)
        if (waiting.length > 0) given += 1
        waiting.shift()?.(mail)
        callback()
      }, callback)
    },
  })
  // Refused handshakes are what some tests want.
  server.on('error', () => undefined)
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  return {
    port: (listening.address() as AddressInfo).port,
    received,
    next() {
      const mail = received[given]
      if (!mail) return new Promise((resolve) => waiting.push(resolve))
      given += 1
      return Promise.resolve(mail)
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  }
}

/** The text of a mail of one part. */
function decoded(headers: string, body: string): string {
  const encoding = /^content-transfer-encoding: (\S+)/im.exec(headers)?.[1]
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString()
  if (encoding !== 'quoted-printable') return body
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}

/** The secret of the link in a mail. */
export function secretOfLink(text: string): string {
  return /#([\w-]{43})\b/.exec(text)?.[1] ?? assert.fail(`no link in: ${text}`)
}
