/** Whole servers with a real SMTP server: invitations, links and addresses, from the request to the mail. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { basic, cookieOf, type Received, send } from '../support/http.ts'
import { PASSWORD, type SetUpServer, startSetUp } from '../support/populate.ts'
import { codeAt, enrolApp, pendingCookie } from '../support/second-factor.ts'
import { type SmtpServer, secretOfLink, startSmtp } from '../support/smtp.ts'

const NEW = 'a fine new horse'
const PUBLIC = 'https://id.example.com/sluice'

let smtp: SmtpServer
let server: SetUpServer
before(async () => {
  smtp = await startSmtp()
  const mail = ['--smtp-url', `smtp://127.0.0.1:${smtp.port}`, '--smtp-from', 'sluice@example.com']
  server = await startSetUp([...mail, '--public-url', PUBLIC, '--second-factor', 'offered'])
})
after(async () => {
  await server?.stop()
  await smtp?.stop()
})

const post = (path: string, json: unknown, headers: Record<string, string> = {}) =>
  send(server.url, { method: 'POST', path, headers, body: JSON.stringify(json) })
const ask = (method: string, path: string, json?: unknown) => server.ask(method, path, json)
const enter = (name: string, password: string) =>
  post('/api/v2/signin', undefined, { authorization: basic(name, password) })
const reasonOf = ({ status, headers }: Received) => [status, headers['x-sluice-reason']]

async function addUser(name: string, email?: string): Promise<string> {
  const { json } = await ask('POST', '/api/v2/users', { name })
  const set = await ask('POST', `/api/v2/users/${json.id}/password`, { password: PASSWORD })
  assert.equal(set.status, 204, set.text)
  if (email === undefined) return json.id
  const put = await ask('PUT', `/api/v2/users/${json.id}/email`, { address: email })
  assert.deepEqual([put.status, put.json], [200, { pending: email }])
  const token = secretOfLink((await smtp.next()).text)
  assert.equal((await post('/api/v2/signin/verify-email', { token })).status, 204)
  return json.id
}

describe('invitations', () => {
  test('are made, opened, accepted, listed and revoked', async () => {
    const path = `/api/v2/orgs/${server.orgID}/invitations`
    const made = await ask('POST', path, { role: 'member' })
    assert.equal(made.status, 201, made.text)
    assert.match(made.json.link, /^https:\/\/id\.example\.com\/sluice\/signin\/invitation#[\w-]{43}$/)
    const token = secretOfLink(made.json.link)
    const opened = await post('/api/v2/signin/link', { token })
    const { expiresAt } = made.json
    assert.deepEqual(opened.json, {
      ...{ purpose: 'invitation', organization: 'analytics', role: 'member', expiresAt },
    })
    const listed = await ask('GET', path)
    assert.deepEqual(
      listed.json.invitations.map(({ id }: { id: string }) => id),
      [made.json.id],
    )
    assert.ok(!listed.text.includes(token))
    const weak = await post('/api/v2/signin/invitation', { token, name: 'kim', password: 'short' })
    assert.deepEqual(reasonOf(weak), [400, 'weak-password'])
    const accepted = await post('/api/v2/signin/invitation', { token, name: 'kim', password: NEW })
    assert.deepEqual([accepted.status, accepted.json], [201, { name: 'kim' }])
    assert.equal((await enter('kim', NEW)).status, 204)
    const again = await post('/api/v2/signin/invitation', { token, name: 'lee', password: NEW })
    assert.deepEqual(reasonOf(again), [401, 'link-invalid'])
    const second = await ask('POST', path, { role: 'owner', name: 'lee' })
    assert.equal((await ask('DELETE', `${path}/${second.json.id}`)).status, 204)
    assert.deepEqual((await ask('GET', path)).json, { invitations: [] })
  })

  test('by mail lead to the public address, whatever host the request names', async () => {
    const body = JSON.stringify({ role: 'member', email: 'max@example.com', name: 'max' })
    const made = await send(server.url, {
      ...{ method: 'POST', path: `/api/v2/orgs/${server.orgID}/invitations`, body },
      headers: { ...server.operator, host: 'evil.example', 'x-forwarded-host': 'evil.example' },
    })
    assert.deepEqual([made.status, made.json.link, made.json.email], [201, undefined, 'max@example.com'])
    const mail = await smtp.next()
    assert.deepEqual(mail.to, ['max@example.com'])
    assert.ok(mail.text.includes(`${PUBLIC}/signin/invitation#`), mail.text)
    const token = secretOfLink(mail.text)
    const accepted = await post('/api/v2/signin/invitation', { token, password: NEW })
    assert.equal(accepted.json.name, 'max')
  })
})

describe('a new password', () => {
  test('by a mailed link ends the sessions, and the second factor is still asked for', async () => {
    await addUser('ann', 'ann@example.com')
    const session = { cookie: cookieOf(await enter('ann', PASSWORD)) }
    const { secret } = await enrolApp(server.url, session)
    for (const name of ['ann', 'Ann@example.com']) {
      assert.equal((await post('/api/v2/signin/forgot', { name })).status, 204)
    }
    const mails = [await smtp.next(), await smtp.next()]
    const [token = '', other = ''] = mails.map(({ text }) => secretOfLink(text))
    assert.ok(mails[0]?.text.includes(`${PUBLIC}/signin/new-password#`))
    const reset = await post('/api/v2/signin/new-password', { token, password: NEW })
    assert.deepEqual([reset.status, reset.headers['set-cookie']], [204, undefined])
    const me = await send(server.url, { method: 'GET', path: '/api/v2/me', headers: session })
    assert.equal(me.status, 401)
    const used = await post('/api/v2/signin/new-password', { token: other, password: PASSWORD })
    assert.deepEqual(reasonOf(used), [401, 'link-invalid'])
    const notice = await smtp.next()
    assert.match(notice.text, /new password was set by a link/)
    const due = await enter('ann', NEW)
    const cookie = pendingCookie(due)
    const code = codeAt(secret, Date.now())
    assert.equal((await post('/api/v2/signin/second-factor', { code }, { cookie })).status, 204)
  })

  test('is asked for with the same answer for everybody', async () => {
    await addUser('bea', 'bea@example.com')
    await addUser('nomail')
    const answers = []
    for (const name of ['bea', 'bea@example.com', 'nomail', 'nobody', 'nobody@example.com', '']) {
      const { status, text, headers } = await post('/api/v2/signin/forgot', { name })
      const { date, 'x-request-id': _id, 'sluice-request-id': _other, ...same } = headers
      answers.push(JSON.stringify([status, text, same]).replace(/"[^"]*request[^"]*":"[^"]*",?/gi, ''))
    }
    assert.equal(new Set(answers).size, 1, answers.join('\n'))
    for (const mail of [await smtp.next(), await smtp.next()]) assert.deepEqual(mail.to, ['bea@example.com'])
    assert.equal(smtp.received.filter(({ to }) => to.some((each) => /no/.test(each))).length, 0)
  })

  test('by a link that an operator makes, shown or mailed', async () => {
    const id = await addUser('cat', 'cat@example.com')
    const mailed = await ask('POST', `/api/v2/users/${id}/password-link`, { mail: true })
    assert.deepEqual([mailed.status, Object.keys(mailed.json)], [201, ['expiresAt']])
    const first = secretOfLink((await smtp.next()).text)
    const shown = await ask('POST', `/api/v2/users/${id}/password-link`, {})
    const token = secretOfLink(shown.json.link)
    assert.equal((await post('/api/v2/signin/new-password', { token: first, password: NEW })).status, 401)
    assert.equal((await post('/api/v2/signin/new-password', { token, password: NEW })).status, 204)
    assert.equal((await enter('cat', NEW)).status, 204)
    const lonely = await addUser('lonely')
    const without = await ask('POST', `/api/v2/users/${lonely}/password-link`, { mail: true })
    assert.equal(without.status, 422, without.text)
  })
})

test('pages of other sites can neither ask for mail nor use links', async () => {
  const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
  for (const [path, body] of [
    ['forgot', { name: 'bea' }],
    ['link', { token: 'x' }],
    ['new-password', { token: 'x', password: NEW }],
    ['invitation', { token: 'x', name: 'x', password: NEW }],
    ['verify-email', { token: 'x' }],
  ] as const) {
    const received = await post(`/api/v2/signin/${path}`, body, foreign)
    assert.deepEqual(reasonOf(received), [403, 'forged-request'], path)
  }
})

test('the log holds no secret of a link, and metrics count what became of links and mails', async () => {
  const log = server.log.join('\n')
  for (const { text } of smtp.received) {
    const secret = /#([\w-]{43})/.exec(text)?.[1]
    if (secret) assert.ok(!log.includes(secret))
  }
  const { text } = await send(server.url, { method: 'GET', path: '/metrics' })
  for (const line of [
    /^sluice_mails_total\{purpose="reset",outcome="sent"\} [1-9]/m,
    /^sluice_mails_total\{purpose="notice",outcome="sent"\} [1-9]/m,
    /^sluice_links_total\{purpose="invitation",outcome="used"\} 2$/m,
    /^sluice_links_total\{purpose="reset",outcome="refused"\} [1-9]/m,
  ]) {
    assert.match(text, line)
  }
})

test('a mail server that is away delays no answer, and is logged', async () => {
  const argv = [
    '--smtp-url',
    'smtp://127.0.0.1:1',
    '--smtp-from',
    'sluice@example.com',
    '--public-url',
    PUBLIC,
  ]
  const alone = await startSetUp(argv)
  try {
    const headers = alone.operator
    const path = `/api/v2/users/${alone.userID}/email`
    const body = JSON.stringify({ address: 'ada@example.com' })
    const put = await send(alone.url, { method: 'PUT', path, headers, body })
    assert.equal(put.status, 200, put.text)
    while (!alone.log.some((line) => line.includes('a mail could not be sent'))) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  } finally {
    await alone.stop()
  }
})
