/** Whole servers: what a command line, a page of another site and somebody with a stolen code send. */
import assert from 'node:assert/strict'
import { hash, randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type Received, send } from '../support/http.ts'
import { PASSWORD, type SetUpServer, startSetUp } from '../support/populate.ts'

const PUBLIC = 'https://id.example.com'
const REDIRECT = 'http://127.0.0.1:49152/'
const CODES = /[?&](code|request)=([\w.-]+)/

let server: SetUpServer
let session: { cookie: string }
/** What must be in no log. */
const secrets: string[] = []

before(async () => {
  server = await startSetUp(['--public-url', PUBLIC, '--log-level', 'info'])
  session = await server.session()
})
after(() => server?.stop())

const post = (path: string, json: unknown, headers: Record<string, string> = {}) =>
  send(server.url, { method: 'POST', path, headers, body: JSON.stringify(json) })
const decide = (how: string, json: object, headers: Record<string, string> = session) =>
  post(`/api/v2/me/command-line${how}`, json, headers)
const reasonOf = ({ status, headers, json }: Received) => [status, headers['x-sluice-reason'], json.error]

function asked() {
  const verifier = randomBytes(32).toString('base64url')
  const challenge = hash('sha256', verifier, 'base64url')
  return { verifier, body: { host: 'laptop', redirectUri: REDIRECT, state: 's'.repeat(43), challenge } }
}

async function begin() {
  const { verifier, body } = asked()
  const begun = await post('/api/v2/signin/command-line', body)
  assert.equal(begun.status, 200, begun.text)
  const url = new URL(begun.json.url)
  assert.equal(url.origin + url.pathname, `${PUBLIC}/command-line`)
  const request = url.searchParams.get('request') ?? ''
  secrets.push(request)
  return { verifier, request }
}

describe('what is asked for', () => {
  test('leads back to a port of this machine only', async () => {
    for (const redirectUri of [
      ...[
        'http://localhost:49152/',
        'http://127.0.0.1/',
        'http://127.0.0.1:49152',
        'https://127.0.0.1:49152/',
      ],
      ...['http://127.0.0.1:49152/@evil.example/', 'http://127.0.0.1:49152@evil.example/'],
      ...['http://127.0.0.1.evil.example:80/', 'http://[::2]:49152/', 'http://127.0.0.1:70000/'],
      ...[
        'http://127.0.0.1:0/',
        'http://127.0.0.1:49152/?a=b',
        'http://127.0.0.1:49152/#',
        'javascript:alert(1)',
      ],
      ...['http://127.0.0.1:49152/\n', 'http://[::1]:49152/x'],
    ]) {
      const { body } = asked()
      const refused = await post('/api/v2/signin/command-line', { ...body, redirectUri })
      assert.equal(refused.status, 400, redirectUri)
    }
    const { body } = asked()
    const six = await post('/api/v2/signin/command-line', { ...body, redirectUri: 'http://[::1]:49152/' })
    assert.equal(six.status, 200)
  })

  test('has a name of a machine, and no text for the person', async () => {
    for (const host of ['', 'Your administrator asks', '<b>', 'a'.repeat(64), '-x', 'ada’s']) {
      assert.equal((await post('/api/v2/signin/device', { host })).status, 400, host)
      assert.equal((await post('/api/v2/signin/command-line', { ...asked().body, host })).status, 400, host)
    }
  })

  test('has a challenge and a state that cannot be guessed', async () => {
    for (const wrong of [
      { challenge: 'plain' },
      { challenge: '' },
      { state: 'short' },
      { state: 'x y'.repeat(9) },
    ]) {
      assert.equal((await post('/api/v2/signin/command-line', { ...asked().body, ...wrong })).status, 400)
    }
  })

  test('names no address with the code of a device in it', async () => {
    const { json } = await post('/api/v2/signin/device', { host: 'server' })
    assert.deepEqual(Object.keys(json).sort(), [
      ...['device_code', 'expires_in', 'interval', 'user_code', 'verification_uri'],
    ])
    assert.equal(json.verification_uri, `${PUBLIC}/device`)
    assert.deepEqual([json.expires_in, json.interval], [600, 5])
    secrets.push(json.device_code)
  })
})

test('pages of other sites can neither ask nor decide', async () => {
  const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
  const { request, verifier } = await begin()
  for (const [path, json] of [
    ['/api/v2/signin/command-line', asked().body],
    ['/api/v2/signin/command-line/token', { code: 'x', verifier }],
    ['/api/v2/signin/device', { host: 'laptop' }],
    ['/api/v2/signin/device/token', { device_code: 'x' }],
    ['/api/v2/me/command-line', { request }],
    ['/api/v2/me/command-line/approve', { request }],
    ['/api/v2/me/command-line/deny', { request }],
  ] as const) {
    const received = await post(path, json, { ...foreign, ...session })
    assert.deepEqual(reasonOf(received).slice(0, 2), [403, 'forged-request'], path)
  }
  // Nor by a request that is no JSON, which a form of another site could send.
  const form = { ...session, 'content-type': 'text/plain', ...foreign }
  assert.equal((await decide('/approve', { request }, form)).status, 403)
  assert.equal((await decide('', { request })).status, 200)
})

test('the page learns what it shows, and an approval gives one token', async () => {
  const { request, verifier } = await begin()
  const { json } = await decide('', { request })
  const { askedAt, expiresAt, ...shown } = json
  assert.deepEqual(shown, {
    ...{ kind: 'loopback', host: 'laptop', address: '127.0.0.1', isOwnAddress: true },
    ...{ tokenSeconds: 12 * 3600, operator: true },
    organizations: [{ id: server.orgID, name: 'analytics' }],
  })
  assert.equal(Date.parse(expiresAt) - Date.parse(askedAt), 600_000)
  const decided = await decide('/approve', { request, orgID: server.orgID })
  const back = new URL(decided.json.url)
  assert.equal(back.origin + back.pathname, REDIRECT)
  const code = back.searchParams.get('code') ?? ''
  secrets.push(code)
  const stolen = await post('/api/v2/signin/command-line/token', { code, verifier: 'v'.repeat(43) })
  assert.deepEqual(reasonOf(stolen), [400, 'login-invalid', 'invalid_grant'])
  // Neither by a cookie nor by being signed in as anybody is the verifier made up for.
  const withCookie = await post(
    '/api/v2/signin/command-line/token',
    { code, verifier: 'v'.repeat(43) },
    session,
  )
  assert.equal(withCookie.status, 400)
  const made = await post('/api/v2/signin/command-line/token', { code, verifier })
  assert.equal(made.status, 200, made.text)
  assert.equal(made.headers['set-cookie'], undefined)
  secrets.push(made.json.token)
  const again = await post('/api/v2/signin/command-line/token', { code, verifier })
  assert.deepEqual(reasonOf(again), [400, 'login-invalid', 'invalid_grant'])
})

test('a session of another person approves for that person', async () => {
  const bob = (await server.ask('POST', '/api/v2/users', { name: 'bob' })).json.id
  await server.ask('POST', `/api/v2/users/${bob}/password`, { password: PASSWORD })
  await server.ask('POST', `/api/v2/orgs/${server.orgID}/members`, { id: bob })
  const { request, verifier } = await begin()
  const his = await server.session('bob')
  assert.equal((await decide('/approve', { request }, his)).status, 403, 'everything is not his to give')
  const decided = await decide('/approve', { request, orgID: server.orgID }, his)
  const code = new URL(decided.json.url).searchParams.get('code')
  const { json } = await post('/api/v2/signin/command-line/token', { code, verifier })
  assert.deepEqual([json.user, json.org], ['bob', 'analytics'])
  const headers = { authorization: `Token ${json.token}` }
  secrets.push(json.token)
  assert.equal((await server.ask('GET', '/api/v2/buckets', undefined, headers)).status, 200)
  const bucket = { orgID: server.orgID, name: 'more' }
  assert.equal((await server.ask('POST', '/api/v2/buckets', bucket, headers)).status, 401)
  // It cannot set a password, which would outlast it.
  const taken = await server.ask(
    'POST',
    `/api/v2/users/${bob}/password`,
    { password: 'another horse 2' },
    headers,
  )
  assert.deepEqual(reasonOf(taken).slice(0, 2), [403, 'outlives-token'])
  // The owner sees it and can switch it off; a deactivated user's is refused.
  const listed = await server.ask('GET', `/api/v2/authorizations?userID=${bob}`)
  assert.equal(listed.json.authorizations[0].description, 'sluice login on laptop')
  await server.ask('PATCH', `/api/v2/users/${bob}`, { status: 'inactive' })
  assert.equal((await server.ask('GET', '/api/v2/buckets', undefined, headers)).status, 403)
})

test('neither or both of request and code are refused', async () => {
  for (const body of [{}, { request: 'a', userCode: 'b' }]) assert.equal((await decide('', body)).status, 400)
})

test('no log has a code or token, the audit log has who approved, and metrics count', async () => {
  const { json } = await server.ask('GET', '/api/v2/audit?event=command-line.approve')
  assert.deepEqual(
    json.events.map((each: { actor: { userName: string }; target: { name: string } }) => [
      each.actor.userName,
      each.target.name,
    ]),
    [
      ['bob', 'laptop'],
      ['ada', 'laptop'],
    ],
  )
  const refused = await server.ask('GET', '/api/v2/audit?event=command-line.token')
  const texts = [...server.log, JSON.stringify(json), refused.text]
  for (const secret of secrets) assert.ok(!texts.some((text) => text.includes(secret)))
  assert.ok(secrets.length > 5 && !texts.some((text) => CODES.test(text)))
  const { text } = await send(server.url, { method: 'GET', path: '/metrics' })
  assert.match(text, /^sluice_command_line_logins_total\{way="loopback",outcome="issued"\} 2$/m)
  assert.match(text, /^sluice_command_line_logins_total\{way="loopback",outcome="refused"\} 3$/m)
  assert.match(text, /^sluice_command_line_logins_total\{way="device",outcome="begun"\} 1$/m)
})
