/** Against a real SMTP server, with real certificates. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, type TestContext, test } from 'node:test'
import { withoutOpenssl, writeAuthority, writeSigned } from '../../test/support/certificate.ts'
import { temporaryFolder } from '../../test/support/folder.ts'
import { startSmtp } from '../../test/support/smtp.ts'
import { createSmtpMailer, type SmtpAccess } from './smtp-mailer.ts'

const MAIL = { to: 'kim@example.com', subject: 'Grüße', text: 'One\n\nhttps://id.example.com/#x\n\nTwö' }

async function serve(t: TestContext, options: Parameters<typeof startSmtp>[0] = {}) {
  const server = await startSmtp(options)
  t.after(() => server.stop())
  const mailer = (scheme: string, more: Partial<SmtpAccess> = {}, login = '') =>
    createSmtpMailer({
      ...{ url: `${scheme}://${login}127.0.0.1:${server.port}`, from: 'sluice@example.com' },
      ...{ password: undefined, ca: undefined, ...more },
    })
  return { server, mailer }
}

test('a mail arrives as it was given, to one address', async (t) => {
  const { server, mailer } = await serve(t)
  await mailer('smtp').send(MAIL)
  const mail = await server.next()
  assert.deepEqual([mail.from, mail.to], ['sluice@example.com', ['kim@example.com']])
  assert.equal(mail.text.replaceAll('\r\n', '\n').trimEnd(), MAIL.text)
  assert.match(mail.headers, /^Auto-Submitted: auto-generated$/m)
  assert.match(mail.headers, /^Subject: =\?UTF-8\?/m)
})

test('no text of a mail becomes a header, another recipient, or a file', async (t) => {
  const { server, mailer } = await serve(t)
  const subject = 'Hello\r\nBcc: eve@example.com'
  await mailer('smtp').send({ ...MAIL, subject, text: '/etc/hostname' })
  const mail = await server.next()
  assert.deepEqual(mail.to, ['kim@example.com'])
  assert.doesNotMatch(mail.headers, /^bcc/im)
  assert.equal(mail.text.trimEnd(), '/etc/hostname')
  for (const to of ['kim@example.com, eve@example.com', 'kim@example.com\r\nRCPT TO:<eve@example.com>']) {
    await mailer('smtp')
      .send({ ...MAIL, to })
      .catch(() => undefined)
  }
  assert.ok(server.received.every(({ to }) => to.length === 1 && to[0] !== 'eve@example.com'))
})

test('a server that is not there, or refuses the mail, is an error', async (t) => {
  const { server, mailer } = await serve(t, { login: { user: 'sluice', password: 'right' } })
  await assert.rejects(mailer('smtp').send(MAIL))
  await assert.rejects(mailer('smtp', {}, 'sluice:wrong@').send(MAIL), /535/)
  await mailer('smtp', {}, 'sluice:right@').send(MAIL)
  await mailer('smtp', { password: () => 'right' }, 'sluice:ignored@').send(MAIL)
  await mailer('smtp', {}, 'sluice:right@').verify()
  assert.deepEqual(
    server.received.map(({ user }) => user),
    ['sluice', 'sluice'],
  )
  await server.stop()
  await assert.rejects(mailer('smtp').send(MAIL), /ECONNREFUSED/)
})

suite('TLS', { skip: withoutOpenssl }, () => {
  const folder = temporaryFolder()
  const make = () => {
    const authority = writeAuthority(folder, 'authority')
    return { authority, ca: readFileSync(authority.cert, 'utf8') }
  }

  for (const [scheme, implicit] of [
    ['smtps', true],
    ['smtp', false],
  ] as const) {
    test(`${scheme}: only with a certificate of the authority, for the host, that has not expired`, async (t) => {
      const { authority, ca } = make()
      const right = writeSigned(authority, folder, { name: `right-${scheme}` })
      const one = await serve(t, { certificate: right, implicit })
      await one.mailer(scheme, { ca }).send(MAIL)
      assert.equal((await one.server.next()).secure, true)
      // The system trusts no authority of this test. Plain smtp on loopback then asks for no TLS.
      if (implicit) await assert.rejects(one.mailer(scheme).send(MAIL), /certificate|self-signed/)
      const wrong = [
        { name: `name-${scheme}`, subject: 'DNS:localhost' },
        { name: `expired-${scheme}`, days: -1 },
      ]
      for (const given of wrong) {
        const certificate = writeSigned(authority, folder, given)
        const other = await serve(t, { certificate, implicit })
        await assert.rejects(other.mailer(scheme, { ca }).send(MAIL), /certificate|altnames/i, given.name)
        assert.deepEqual(other.server.received, [])
      }
    })
  }

  test('smtp: a server that offers no STARTTLS gets neither password nor mail', async (t) => {
    const { ca } = make()
    const { server, mailer } = await serve(t, { login: { user: 'sluice', password: 'right' } })
    await assert.rejects(mailer('smtp', { ca }, 'sluice:right@').send(MAIL), /STARTTLS|TLS|command/i)
    assert.deepEqual(server.received, [])
  })
})
