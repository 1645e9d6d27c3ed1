import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { runCommand } from '../../test/support/command.ts'
import { startSmtp } from '../../test/support/smtp.ts'

const FROM = ['--smtp-from', 'sluice@example.com', '--public-url', 'https://id.example.com']

suite('sluice smtp test', () => {
  test('sends a mail and says what works', async (t) => {
    const server = await startSmtp({ login: { user: 'sluice', password: 'a secret' } })
    t.after(() => server.stop())
    const env = { SLUICE_SMTP_URL: `smtp://sluice:a%20secret@127.0.0.1:${server.port}` }
    const { status, out } = await runCommand(['smtp', 'test', 'kim@example.com', ...FROM], env)
    assert.equal(status, 0, out)
    assert.match(out, /signing in: done\nHanding over a mail to kim@example\.com: done\n/)
    const mail = await server.next()
    assert.deepEqual([mail.from, mail.to], ['sluice@example.com', ['kim@example.com']])
  })

  test('says at which step it failed, and never the password', async (t) => {
    const server = await startSmtp({ login: { user: 'sluice', password: 'right' } })
    t.after(() => server.stop())
    const env = { SLUICE_SMTP_URL: `smtp://sluice:guess-me@127.0.0.1:${server.port}` }
    const { status, out, err } = await runCommand(['smtp', 'test', 'kim@example.com', ...FROM], env)
    assert.equal(status, 1)
    assert.match(err, /signing in failed: .*535/)
    assert.doesNotMatch(out + err, /guess-me/)
  })

  test('refuses what is no address, and settings without a mail server, with status 2', async () => {
    const none = await runCommand(['smtp', 'test', 'kim@example.com'])
    assert.deepEqual([none.status, /smtp-url is not set/.test(none.err)], [2, true], none.err)
    const wrong = await runCommand(['smtp', 'test', 'kim'])
    assert.deepEqual([wrong.status, /no e-mail address/.test(wrong.err)], [2, true], wrong.err)
  })
})
