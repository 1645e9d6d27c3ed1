/** Other sites cannot make a browser do anything (ASVS 5.0 3.3, 3.4, 3.5). */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { basic, send } from '../support/http.ts'
import { startServer } from '../support/server.ts'
import { parseSetCookie } from '../support/set-cookie.ts'
import { type Attacked, cookie, MINUTE, meStatus, startAttacked, WRONG } from './attack.ts'

type Headers = Record<string, string>

const EVIL = 'https://evil.example'
const APP = 'https://app.example.com'

/** Starts a server that `t` stops, and signs in. */
async function start(
  t: { after(fn: () => Promise<void>): void },
  ...argv: string[]
): Promise<[Attacked, Headers]> {
  const server = await startAttacked(...argv)
  t.after(() => server.stop())
  return [server, await server.session()]
}

describe('a request by cookie', () => {
  let server: Attacked
  let session: Headers
  let own: string
  before(async () => {
    server = await startAttacked('--allowed-origins', APP)
    session = await server.session()
    own = server.url
  })
  after(() => server.stop())

  const cases: [string, () => Headers, number][] = [
    ['with neither header', () => ({}), 201],
    ['from this origin', () => ({ origin: own }), 201],
    [
      'from this origin, by Sec-Fetch-Site too',
      () => ({ origin: own, 'sec-fetch-site': 'same-origin' }),
      201,
    ],
    ['typed in', () => ({ 'sec-fetch-site': 'none' }), 201],
    ['from an allowed origin', () => ({ origin: APP, 'sec-fetch-site': 'cross-site' }), 201],
    ['from elsewhere', () => ({ origin: EVIL }), 403],
    ['from another site, by Sec-Fetch-Site', () => ({ 'sec-fetch-site': 'cross-site' }), 403],
    ['from nowhere', () => ({ origin: 'null' }), 403],
    ['with an empty origin', () => ({ origin: '' }), 403],
    ['cross-site with our origin', () => ({ origin: own, 'sec-fetch-site': 'cross-site' }), 403],
    ['behind a proxy that changes the host', () => ({ origin: EVIL, 'sec-fetch-site': 'same-origin' }), 201],
    ['from a sibling host', () => ({ origin: EVIL, 'sec-fetch-site': 'same-site' }), 403],
    ['from another port of this host', () => ({ origin: own, 'sec-fetch-site': 'same-site' }), 403],
    ['from our host, by a proxy with TLS', () => ({ origin: own.replace('http:', 'https:') }), 201],
    ['from our host by ftp', () => ({ origin: own.replace('http:', 'ftp:') }), 403],
    ['from our host with user information', () => ({ origin: own.replace('//', '//evil@') }), 403],
    ['from another port', () => ({ origin: 'http://127.0.0.1:1' }), 403],
    ['from a name that begins like ours', () => ({ origin: `${own}.evil.example` }), 403],
    ['from an origin that begins like an allowed one', () => ({ origin: `${APP}.evil.example` }), 403],
    ['from the allowed one without TLS', () => ({ origin: 'http://app.example.com' }), 403],
    ['behind a forged proxy header', () => ({ origin: EVIL, 'x-forwarded-host': 'evil.example' }), 403],
  ]
  for (const [name, headers, expected] of cases) {
    test(`${name}: ${expected}`, async () => {
      const body = { name: `org ${name}` }
      const received = await server.ask('POST', '/api/v2/orgs', body, { ...session, ...headers() })
      assert.equal(received.status, expected, received.text)
      if (expected === 403) assert.equal(received.json.code, 'forbidden')
    })
  }

  test('from another site is refused with every unsafe method, without effect', async () => {
    const evil = { ...session, origin: EVIL }
    const path = `/api/v2/users/${server.userID}`
    const unsafe: [string, string, object?][] = [
      ['PATCH', path, { name: 'eve' }],
      ['DELETE', path],
      ['PUT', '/api/v2/me/password', { password: 'chosen by eve' }],
      ['DELETE', '/api/v2/me/sessions'],
      ['DELETE', '/api/v2/sessions'],
      ['POST', '/api/v2/signout'],
    ]
    for (const [method, at, json] of unsafe) {
      assert.equal((await server.ask(method, at, json, evil)).status, 403, `${method} ${at}`)
    }
    assert.equal((await server.enter({ headers: evil })).status, 403, 'a sign-in that ends the session')
    assert.equal(await meStatus(server, session), 200)
    assert.equal((await server.ask('GET', '/api/v2/me')).json.name, 'ada')
  })

  test('is not refused if it has a token too or a safe method', async () => {
    const evil = { origin: EVIL, 'sec-fetch-site': 'cross-site' }
    const made = await server.ask(
      'POST',
      '/api/v2/orgs',
      { name: 'by token' },
      { ...server.operator, ...evil },
    )
    assert.equal(made.status, 201)
    const both = { ...session, ...server.operator, ...evil }
    assert.equal((await server.ask('POST', '/api/v2/orgs', { name: 'by both' }, both)).status, 201)
    assert.equal(await meStatus(server, { ...session, ...evil }), 200)
  })

  test('that is refused does not renew the session', async () => {
    const { json: before } = await server.ask('GET', '/api/v2/me/sessions', undefined, {
      ...session,
      'x-sluice-background': '1',
    })
    server.pass(2 * 60_000)
    await server.ask('DELETE', '/api/v2/me/sessions', undefined, { ...session, origin: EVIL })
    const path = `/api/v2/users/${server.userID}/sessions`
    const { json: after } = await server.ask('GET', path)
    const end = ({ sessions }: typeof after) =>
      sessions.find(({ id }: { id: string }) => id === before.sessions.at(-1).id).expiresAt
    assert.equal(end(after), end(before))
  })

  test('with GET never changes anything', async () => {
    const { paths } = (await server.ask('GET', '/api/v2/openapi.json')).json
    const state = async () =>
      JSON.stringify(
        await Promise.all(
          ['users', 'orgs', 'buckets', 'authorizations'].map(
            async (each) => (await server.ask('GET', `/api/v2/${each}?limit=100`)).json,
          ),
        ),
      )
    const before = await state()
    for (const [template, methods] of Object.entries<object>(paths)) {
      const path = template.replaceAll(/\{\w+\}/g, server.userID)
      for (const method of ['GET', 'HEAD']) {
        const received = await server.ask(method, path, undefined, session)
        assert.ok(received.status < 500)
        if (!('get' in methods)) assert.ok([405, 204, 200].includes(received.status), path)
      }
    }
    assert.equal(await state(), before)
    assert.equal(await meStatus(server, session), 200)
  })
})

describe('a page of another site', () => {
  const foreign: Headers[] = [
    { origin: EVIL },
    { origin: EVIL, 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'cross-site' },
    { origin: EVIL, 'sec-fetch-site': 'same-site' },
    { origin: 'null' },
  ]

  test('does not count against the owner’s attempts', async (t) => {
    const [server] = await start(t)
    for (const headers of foreign) {
      for (let count = 0; count < 5; count++) {
        const received = await server.enter({ password: WRONG, headers })
        assert.equal(received.status, 403, received.text)
        assert.equal(received.json.code, 'forbidden')
        const body = { password: 'another horse 2' }
        const authorization = basic('ada', WRONG)
        const change = await server.ask('PUT', '/api/v2/me/password', body, { ...headers, authorization })
        assert.equal(change.status, 403, change.text)
      }
      assert.equal((await server.enter({ headers })).status, 403, 'the sign-in is refused too')
    }
    assert.equal((await server.enter()).status, 204)
    for (const headers of [{ origin: server.url }, { origin: EVIL, 'sec-fetch-site': 'same-origin' }]) {
      assert.equal((await server.enter({ headers })).status, 204)
    }
  })

  test('cannot sign out the user', async (t) => {
    const [server, session] = await start(t)
    for (const headers of foreign) {
      const received = await server.ask('POST', '/api/v2/signout', undefined, { ...session, ...headers })
      assert.equal(received.status, 403)
      assert.equal((await server.ask('POST', '/api/v2/signout', undefined, headers)).status, 403)
    }
    assert.equal(await meStatus(server, session), 200)
  })

  test('signs in and out if CORS allows only it, and can do nothing else by cookie', async (t) => {
    const [server] = await start(t, '--cors-allowed-origins', APP)
    const page = { origin: APP, 'sec-fetch-site': 'cross-site' }
    const { cookie: own } = cookie(await server.enter({ headers: page }))
    const sent = { cookie: own, ...page }
    assert.equal((await server.ask('POST', '/api/v2/orgs', { name: 'by the page' }, sent)).status, 403)
    assert.equal((await server.ask('POST', '/api/v2/signout', undefined, sent)).status, 204)
    assert.equal((await server.enter({ headers: { origin: EVIL } })).status, 403)
  })

  test('does everything that its user may, if its origin is allowed', async (t) => {
    const [server] = await start(t, '--allowed-origins', APP)
    const page = { origin: APP, 'sec-fetch-site': 'cross-site' }
    const { cookie: own } = cookie(await server.enter({ headers: page }))
    const sent = { cookie: own, ...page }
    assert.equal((await server.ask('POST', '/api/v2/orgs', { name: 'by the page' }, sent)).status, 201)
    assert.equal((await server.ask('POST', '/api/v2/signout', undefined, sent)).status, 204)
  })
})

test('a DNS name rebound to this server cannot sign in if --public-url is set', async (t) => {
  const [server] = await start(t, '--public-url', 'https://id.example.com')
  const rebound = { host: 'evil.example', origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' }
  assert.equal((await server.enter({ headers: rebound })).status, 403)
  const own = { origin: 'https://id.example.com', 'sec-fetch-site': 'same-origin' }
  assert.equal((await server.enter({ headers: own })).status, 204)
})

test('--public-url is the origin, whatever the Host header says', async (t) => {
  const [server, session] = await start(t, '--public-url', 'https://id.example.com/sluice/')
  const cases: [Headers, number][] = [
    [{ origin: 'https://id.example.com' }, 201],
    [{ origin: 'http://id.example.com' }, 403],
    [{ origin: server.url }, 403],
    [{ origin: EVIL, host: 'evil.example' }, 403],
  ]
  for (const [index, [headers, status]] of cases.entries()) {
    const sent = { ...session, ...headers }
    const received = await server.ask('POST', '/api/v2/orgs', { name: `org ${index}` }, sent)
    assert.equal(received.status, status, JSON.stringify(headers))
  }
})

test('a page cannot set up a new server', async (t) => {
  const server = await startServer()
  t.after(() => server.stop())
  const body = JSON.stringify({ username: 'eve', password: 'chosen by eve', org: 'o', bucket: 'b' })
  const post = (headers: Headers) =>
    send(server.url, { method: 'POST', path: '/api/v2/setup', headers, body })
  for (const headers of [
    { origin: EVIL },
    { 'sec-fetch-site': 'cross-site' },
    { origin: EVIL, 'sec-fetch-site': 'same-site' },
    { origin: 'null' },
  ] as Headers[]) {
    assert.equal((await post(headers)).status, 403)
  }
  assert.equal((await send(server.url, { method: 'GET', path: '/api/v2/setup' })).json.allowed, true)
  assert.equal((await post({ origin: server.url, 'sec-fetch-site': 'same-origin' })).status, 201)
})

/** The policy of API responses: no resources, base, form, frame or plug-in (ASVS 5.0 3.2.1, 3.4.3, 3.4.6). */
const POLICY = [
  "base-uri 'none'",
  "default-src 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  'sandbox',
]

test('every response has the security headers', async (t) => {
  const [server, session] = await start(t)
  const sent: [string, string, Headers, number][] = [
    ['GET', '/api/v2/me', session, 200],
    ['HEAD', '/api/v2/me', session, 200],
    ['GET', '/api/v2/me', {}, 401],
    ['POST', '/api/v2/signin', {}, 401],
    ['POST', '/api/v2/signout', session, 204],
    ['GET', '/nothing', {}, 404],
    ['GET', '/api/v2/nothing', server.operator, 404],
    ['GET', '/%ff', {}, 400],
    ['DELETE', '/api/v2/me', server.operator, 405],
    ['OPTIONS', '/api/v2/me', { origin: EVIL }, 204],
    ['GET', '/ping', {}, 204],
    ['GET', '/health', {}, 200],
    ['GET', '/metrics', {}, 200],
    ['GET', '/api/v2/openapi.json', {}, 200],
    ['GET', '/api/v2/users?limit=x', server.operator, 400],
  ]
  for (const [method, path, who, status] of sent) {
    const { headers, ...received } = await server.ask(method, path, undefined, who)
    assert.equal(received.status, status, `${method} ${path} ${received.text}`)
    // What holds nothing of anybody may be kept, and is asked for again each time.
    const isPublic = path === '/api/v2/openapi.json'
    assert.equal(headers['cache-control'], isPublic ? 'no-cache' : 'no-store', path)
    assert.equal(headers['x-content-type-options'], 'nosniff', path)
    assert.equal(headers['referrer-policy'], 'no-referrer', path)
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin', path)
    const policy = String(headers['content-security-policy']).split('; ')
    assert.deepEqual(policy.toSorted(), POLICY, path)
    assert.equal(headers['strict-transport-security'], undefined, 'only over TLS')
    assert.equal(headers['access-control-allow-credentials'], undefined)
  }
})

test('the cookie has the configured attributes', async (t) => {
  const name = '__Secure-influxdb-oss-session'
  const flags = ['name', name, 'path', '/', 'same-site', 'lax', 'secure', 'always']
  const [server] = await start(
    t,
    ...flags.map((each, index) => (index % 2 === 0 ? `--session-cookie-${each}` : each)),
  )
  const { headers } = await server.signIn()
  const { value, expires, 'max-age': maxAge, ...rest } = parseSetCookie(headers['set-cookie']?.[0] ?? '')
  assert.deepEqual(rest, { name, path: '/', httponly: true, secure: true, samesite: 'Lax' })
  assert.equal(await meStatus(server, { cookie: `${name}=${value}` }), 200)
  assert.equal(await meStatus(server, { cookie: `influxdb-oss-session=${value}` }), 401)
  assert.equal(Date.parse(String(expires)), server.now() + Number(maxAge) * 1000)
})

test('the cookie is Secure and HSTS is sent if TLS ends at a trusted proxy, or by the public URL', async (t) => {
  const TLS = { 'x-forwarded-proto': 'https' }
  const FORWARDED = { forwarded: 'for=203.0.113.9;proto=https' }
  const cases: [string[], Headers, boolean][] = [
    [[], {}, false],
    [[], TLS, false],
    [['--trusted-proxies', '10.0.0.0/8'], TLS, false],
    [['--trusted-proxies', 'loopback'], {}, false],
    [['--trusted-proxies', 'loopback'], TLS, true],
    [['--trusted-proxies', 'loopback'], FORWARDED, true],
    [['--trusted-proxies', 'loopback'], { 'x-forwarded-proto': 'http' }, false],
    [['--public-url', 'https://id.example.com'], {}, true],
    [['--public-url', 'http://id.example.com'], TLS, false],
  ]
  for (const [argv, headers, expected] of cases) {
    const what = JSON.stringify([argv, headers])
    const [server] = await start(t, ...argv, '--hardening-enabled')
    const received = await server.enter({ headers })
    const isSecure = (cookie: string | undefined) => 'secure' in parseSetCookie(cookie ?? '')
    assert.equal(isSecure(received.headers['set-cookie']?.[0]), expected, what)
    server.pass(6 * MINUTE)
    const sent = { ...cookie(received), ...headers }
    const renewed = await server.ask('GET', '/api/v2/me', undefined, sent)
    assert.equal(isSecure(renewed.headers['set-cookie']?.[0]), expected, what)
    const { headers: plain } = await server.ask('GET', '/ping', undefined, headers)
    const strict = expected ? 'max-age=31536000' : undefined
    for (const each of [received.headers, plain]) {
      assert.equal(each['strict-transport-security'], strict, what)
    }
    const [never] = await start(t, ...argv, '--session-cookie-secure', 'never')
    const { headers: set } = await never.enter({ headers })
    assert.equal(isSecure(set['set-cookie']?.[0]), false, what)
    assert.equal(set['strict-transport-security'], undefined, 'only with hardening-enabled')
  }
})

test('CORS headers are sent to the configured origins only', async (t) => {
  const [server] = await start(t, '--cors-allowed-origins', APP)
  for (const method of ['GET', 'OPTIONS']) {
    for (const [origin, echoed] of [
      [APP, APP],
      [EVIL, undefined],
      [`${APP}.evil.example`, undefined],
      ['null', undefined],
    ] as const) {
      const headers = { ...server.operator, origin }
      const received = await server.ask(method, '/api/v2/me', undefined, headers)
      assert.equal(received.headers['access-control-allow-origin'], echoed, `${method} ${origin}`)
      assert.equal(received.headers.vary, 'Origin', `${method} ${origin}`)
    }
  }
})

test('CORS with credentials is for the allowed origins only, whatever the CORS setting', async (t) => {
  for (const more of [[], ['--cors-allowed-origins', 'https://other.example']]) {
    const [server, session] = await start(t, '--allowed-origins', APP, ...more)
    const requests: [string, Headers, number][] = [
      ['GET', session, 200],
      ['GET', {}, 401],
      ['OPTIONS', { 'access-control-request-method': 'PUT' }, 204],
    ]
    for (const [method, who, status] of requests) {
      for (const [origin, credentials] of [
        [APP, 'true'],
        [EVIL, undefined],
        ['https://other.example', undefined],
        [`${APP}.evil.example`, undefined],
        ['http://app.example.com', undefined],
        ['null', undefined],
        [server.url, undefined],
      ] as const) {
        const received = await server.ask(method, '/api/v2/me', undefined, { ...who, origin })
        assert.equal(received.status, status)
        assert.equal(received.headers['access-control-allow-credentials'], credentials, origin)
        if (credentials) assert.equal(received.headers['access-control-allow-origin'], origin)
        assert.equal(received.headers.vary, 'Origin')
      }
    }
    const { headers } = await server.ask('GET', '/api/v2/me', undefined, session)
    assert.equal(headers['access-control-allow-credentials'], undefined, 'without an origin')
  }
})

test('a preflight may ask for trace headers, and for no others', async (t) => {
  const [server] = await start(t)
  const allowed = 'Accept, Content-Type, Content-Length, Accept-Encoding, Authorization, User-Agent'
  for (const [asked, more] of [
    [undefined, ''],
    ['authorization', ''],
    ['authorization,zap-trace-span', ', zap-trace-span'],
    ['Zap-Trace-Span, traceparent, x-other', ', zap-trace-span, traceparent'],
    ['x-sluice-background', ', x-sluice-background'],
    ['x-other, cookie, sec-fetch-site', ''],
  ] as const) {
    const headers = { origin: EVIL, ...(asked ? { 'access-control-request-headers': asked } : {}) }
    const received = await server.ask('OPTIONS', '/api/v2/me', undefined, headers)
    assert.equal(received.headers['access-control-allow-headers'], allowed + more, String(asked))
  }
})
