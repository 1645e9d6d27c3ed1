/** What the check answers a gateway, over HTTP. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { basic, cookieOf, type Received, send } from '../support/http.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const PASSWORD = 'a fine horse'
const CHECK = '/api/v2/auth/check'
/** As a gateway describes the request of a page of its own application. */
const FORWARDED = {
  'x-forwarded-method': 'GET',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'grafana.example.com',
  'x-forwarded-uri': '/d/1?a=b',
}
const NAVIGATES = { accept: 'text/html', 'sec-fetch-mode': 'navigate' }

interface Scene {
  readonly server: RunningServer
  readonly cookie: string
  readonly ids: Readonly<Record<'user' | 'org' | 'bucket', string>>
  /** The operator's, and one that may only write the bucket. */
  readonly tokens: Readonly<Record<'operator' | 'writer', string>>
  check(query: string, headers?: Record<string, string>): Promise<Received>
  post(path: string, json: unknown): Promise<Received>
}

async function createScene(argv: readonly string[], now?: () => number): Promise<Scene> {
  const server = await startServer(['--trusted-proxies', 'loopback', ...argv], now ? { now } : {})
  const body = JSON.stringify({ username: 'ada', password: PASSWORD, org: 'lab', bucket: 'telegraf' })
  const { json } = await send(server.url, { method: 'POST', path: '/api/v2/setup', body })
  const operator = json.auth.token
  const post = (path: string, content: unknown) =>
    send(server.url, {
      ...{ method: 'POST', path, headers: { authorization: `Token ${operator}` } },
      body: JSON.stringify(content),
    })
  const ids = { user: json.user.id, org: json.org.id, bucket: json.bucket.id }
  const resource = { type: 'buckets', id: ids.bucket, orgID: ids.org }
  const made = await post('/api/v2/authorizations', {
    orgID: ids.org,
    permissions: [{ action: 'write', resource }],
  })
  const headers = { authorization: basic('ada', PASSWORD) }
  const cookie = cookieOf(await send(server.url, { method: 'POST', path: '/api/v2/signin', headers }))
  return {
    ...{ server, cookie, ids, post },
    tokens: { operator, writer: made.json.token },
    check: (query, more = {}) => send(server.url, { method: 'GET', path: CHECK + query, headers: more }),
  }
}

const told = ({ headers }: Received) =>
  ['user', 'user-id', 'orgs', 'groups', 'method'].map((name) => headers[`x-sluice-${name}`])

suite('the check of a gateway', () => {
  let scene: Scene
  before(async () => {
    scene = await createScene([
      ...['--public-url', 'https://id.example.com', '--allowed-return-hosts', 'grafana.example.com'],
    ])
  })
  after(() => scene.server.stop())

  test('answers 204 and who the caller is, by session and by token', async () => {
    const { check, cookie, ids, tokens } = scene
    const session = await check('', { ...FORWARDED, cookie })
    assert.equal(session.status, 204)
    assert.equal(session.text, '')
    assert.equal(session.headers['remote-user'], 'ada')
    assert.deepEqual(told(session), ['ada', ids.user, 'lab', 'operator,owner:lab', 'session'])

    const token = await check('', { authorization: `Bearer ${tokens.writer}` })
    assert.equal(token.status, 204)
    assert.deepEqual(told(token), ['ada', ids.user, 'lab', '', 'token'])
    assert.deepEqual(told(await check('', { authorization: `Token ${tokens.operator}` }))[3], 'operator')
  })

  test('a token that may not even read its own user is known here, unlike at GET /me', async () => {
    const headers = { authorization: `Token ${scene.tokens.writer}` }
    assert.equal((await send(scene.server.url, { method: 'GET', path: '/api/v2/me', headers })).status, 401)
    assert.equal((await scene.check('', headers)).status, 204)
  })

  test('answers 401 or 403 in the schema, with the reason', async () => {
    const { check, tokens } = scene
    const cases = [
      ['', {}, 401, 'no-credentials'],
      ['', { authorization: 'Token wrong' }, 401, 'unknown-token'],
      ['', { cookie: 'influxdb-oss-session=wrong' }, 401, 'session-expired'],
      [
        '?action=read&bucket=telegraf&org=lab',
        { authorization: `Token ${tokens.writer}` },
        403,
        'missing-permission',
      ],
      [
        '?action=write&bucket=other&org=lab',
        { authorization: `Token ${tokens.operator}` },
        403,
        'missing-permission',
      ],
      [
        '?action=write&bucket=telegraf&org=other',
        { authorization: `Token ${tokens.writer}` },
        403,
        'missing-permission',
      ],
    ] as const
    for (const [query, headers, status, reason] of cases) {
      const received = await check(query, { ...FORWARDED, ...headers })
      assert.equal(received.status, status, query)
      assert.equal(received.headers['x-sluice-reason'], reason)
      assert.equal(typeof received.json.message, 'string')
      assert.equal(received.headers['remote-user'], undefined)
    }
  })

  test('decides by the right on the bucket that the gateway names, by name and by id', async () => {
    const { check, cookie, ids, tokens } = scene
    const authorization = `Token ${tokens.writer}`
    for (const query of [
      '?action=write&bucket=telegraf&org=lab',
      '?action=write&bucket=telegraf',
      `?action=write&bucketID=${ids.bucket}&orgID=${ids.org}`,
    ]) {
      assert.equal((await check(query, { authorization })).status, 204, query)
      const read = query.replace('write', 'read')
      assert.equal((await check(read, { authorization })).status, 403, read)
    }
    const ofSession = await check('?action=read&bucket=telegraf&org=lab', { ...FORWARDED, cookie })
    assert.equal(ofSession.status, 204)
    assert.equal((await check('?action=read&bucket=telegraf', { ...FORWARDED, cookie })).status, 400)
  })

  test('names the cookies that the application may see, where asked for', async () => {
    const { check, cookie, tokens } = scene
    const given = async (query: string, headers: Record<string, string>) =>
      (await check(query, { ...FORWARDED, ...headers })).headers.cookie
    assert.equal(await given('?cookies=true', { cookie: `a=1; ${cookie}; b="2 é"` }), 'a=1; b="2 é"')
    // Empty, so that a gateway that copies it overwrites the request's own.
    assert.equal(await given('?cookies=true', { cookie }), '')
    assert.equal(await given('?cookies=true', { authorization: `Token ${tokens.writer}` }), '')
    assert.equal(await given('', { cookie: `a=1; ${cookie}` }), undefined)
    assert.equal(await given('?cookies=true', { cookie: 'a=1' }), undefined, 'refused')
  })

  test('a check that it does not understand is 400, and lets nobody pass', async () => {
    const authorization = `Token ${scene.tokens.operator}`
    for (const query of [
      '?acton=write&bucket=telegraf',
      '?action=write&bucket=',
      '?bucket=telegraf&org=lab',
      '?upstream=x',
    ]) {
      assert.equal((await scene.check(query, { authorization })).status, 400, query)
    }
    const contradiction = { ...FORWARDED, 'x-original-method': 'POST' }
    assert.equal((await scene.check('', { ...contradiction, authorization })).status, 400)
  })

  test('judges pages of other sites by the forwarded method and host', async () => {
    const { check, cookie } = scene
    const by = (headers: Record<string, string>) => check('', { ...FORWARDED, cookie, ...headers })
    const posted = { 'x-forwarded-method': 'POST' }
    const own = 'https://grafana.example.com'
    assert.equal((await by({ origin: 'https://evil.example' })).status, 204, 'a GET changes nothing')
    assert.equal((await by({ ...posted, origin: own })).status, 204)
    assert.equal((await by({ ...posted, origin: own, 'sec-fetch-site': 'same-origin' })).status, 204)
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'http://grafana.example.com' },
      // A page of Sluice's own host is another site for the application.
      { origin: 'https://id.example.com' },
      { origin: own, 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      const refused = await by({ ...posted, ...headers })
      assert.equal(refused.status, 403, JSON.stringify(headers))
      assert.equal(refused.headers['x-sluice-reason'], 'forged-request')
    }
  })

  test('a page of another site opens no WebSocket of an application', async () => {
    const { check, cookie } = scene
    const page = { ...FORWARDED, cookie, origin: 'https://taken-over.example.com' }
    const handshakes = [
      { 'sec-fetch-mode': 'websocket', 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-mode': 'websocket', 'sec-fetch-site': 'same-site' },
      ...[{ 'sec-websocket-version': '13' }, { upgrade: 'WebSocket' }],
    ]
    for (const handshake of handshakes) {
      const { status, headers } = await check('', { ...page, ...handshake })
      assert.deepEqual(
        [status, headers['x-sluice-reason']],
        [403, 'forged-request'],
        JSON.stringify(handshake),
      )
      const own = { ...handshake, 'sec-fetch-site': 'same-origin', origin: 'https://grafana.example.com' }
      assert.equal((await check('', { ...page, ...own })).status, 204)
    }
  })

  test('without the forwarded method a request of another site counts as one that changes something', async () => {
    const { check, cookie } = scene
    assert.equal((await check('', { cookie })).status, 204, 'no browser sent it')
    assert.equal((await check('', { cookie, 'sec-fetch-site': 'cross-site' })).status, 403)
    assert.equal((await check('', { cookie, origin: 'https://grafana.example.com' })).status, 403)
  })

  test('sends a browser that opens a page to the sign-in page, where asked for, and only there', async () => {
    const { check, tokens } = scene
    const expected = `https://id.example.com/signin?return=${encodeURIComponent('https://grafana.example.com/d/1?a=b')}`
    const led = await check('?redirect=true', { ...FORWARDED, ...NAVIGATES })
    assert.equal(led.status, 302)
    assert.equal(led.headers.location, expected)
    assert.equal(led.text, '')

    const told = await check('', { ...FORWARDED, ...NAVIGATES })
    assert.equal(told.status, 401)
    assert.equal(told.headers['x-sluice-sign-in'], expected)
    assert.equal(told.headers.location, undefined)

    for (const headers of [
      { 'sec-fetch-mode': 'cors', accept: 'text/html' },
      { accept: 'application/json' },
      { ...NAVIGATES, 'x-forwarded-method': 'POST' },
      { ...NAVIGATES, authorization: 'Token wrong' },
    ]) {
      const refused = await check('?redirect=true', { ...FORWARDED, ...headers })
      assert.equal(refused.status, 401, JSON.stringify(headers))
      assert.equal(refused.headers['x-sluice-sign-in'], undefined)
    }
    const mayNot = { ...FORWARDED, ...NAVIGATES, cookie: scene.cookie }
    const query = '?action=read&bucket=none&org=lab&redirect=true'
    assert.equal((await check(query, mayNot)).status, 403, 'to sign in again would not help')
    assert.equal((await check(query, { authorization: `Token ${tokens.writer}` })).status, 403)
  })

  test('an address to return to that is not listed is left out, and not redirected to', async () => {
    const { check, server } = scene
    const evil = { ...FORWARDED, ...NAVIGATES, 'x-forwarded-host': 'evil.example' }
    assert.equal((await check('?redirect=true', evil)).headers.location, 'https://id.example.com/signin')
    const back = (to: string) =>
      send(server.url, { method: 'GET', path: `/api/v2/auth/return?to=${encodeURIComponent(to)}` })
    const good = await back('https://grafana.example.com/d/1?a=b')
    assert.equal(good.status, 303)
    assert.equal(good.headers.location, 'https://grafana.example.com/d/1?a=b')
    for (const to of [
      'https://evil.example/',
      'http://grafana.example.com/',
      '//evil.example',
      '',
      'javascript:x',
    ]) {
      const refused = await back(to)
      assert.equal(refused.status, 400, to)
      assert.equal(refused.headers.location, undefined)
    }
  })

  test('names that no header may hold are encoded', async () => {
    const { post, check, ids } = scene
    const name = 'eve\r\nRemote-User=ada'
    const user = (await post('/api/v2/users', { name })).json
    const org = (await post('/api/v2/orgs', { name: 'é, x' })).json
    assert.equal((await post(`/api/v2/orgs/${org.id}/members`, { id: user.id })).status, 201)
    assert.equal((await post(`/api/v2/users/${user.id}/password`, { password: PASSWORD })).status, 204)
    const headers = { authorization: basic(name, PASSWORD) }
    const cookie = cookieOf(await send(scene.server.url, { method: 'POST', path: '/api/v2/signin', headers }))
    const received = await check('', { ...FORWARDED, cookie })
    assert.equal(received.headers['remote-user'], 'eve%0D%0ARemote-User=ada')
    assert.deepEqual(told(received), [
      ...['eve%0D%0ARemote-User=ada', user.id, '%C3%A9%2C x', 'member:%C3%A9%2C x', 'session'],
    ])
    assert.notEqual(ids.user, user.id)
  })

  test('what the check says follows changes at once', async () => {
    const { post, check, server, tokens } = scene
    const user = (await post('/api/v2/users', { name: 'bob' })).json
    await post(`/api/v2/users/${user.id}/password`, { password: PASSWORD })
    const headers = { authorization: basic('bob', PASSWORD) }
    const cookie = cookieOf(await send(server.url, { method: 'POST', path: '/api/v2/signin', headers }))
    const groups = async () => (await check('', { ...FORWARDED, cookie })).headers['x-sluice-groups']
    assert.equal(await groups(), '')
    const org = (await post('/api/v2/orgs', { name: 'plant' })).json
    await post(`/api/v2/orgs/${org.id}/members`, { id: user.id })
    assert.equal(await groups(), 'member:plant')
    await send(server.url, {
      ...{ method: 'PATCH', path: `/api/v2/orgs/${org.id}`, body: JSON.stringify({ name: 'works' }) },
      headers: { authorization: `Token ${tokens.operator}` },
    })
    assert.equal(await groups(), 'member:works')
    await send(server.url, { method: 'POST', path: '/api/v2/signout', headers: { cookie } })
    assert.equal((await check('', { ...FORWARDED, cookie })).status, 401, 'signed out everywhere')
  })
})

suite('the check of Envoy', () => {
  const PREFIX = '/api/v2/auth/ext-authz'
  let scene: Scene
  before(async () => {
    scene = await createScene(['--public-url', 'https://id.example.com'])
  })
  after(() => scene.server.stop())
  const ask = (method: string, path: string, headers: Record<string, string>) =>
    send(scene.server.url, {
      ...{ method, path: PREFIX + path },
      headers: { host: 'grafana.example.com', 'x-forwarded-proto': 'https', ...headers },
    })

  test('answers 200 to every method and path of a known caller', async () => {
    const authorization = `Token ${scene.tokens.writer}`
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      for (const path of ['', '/', '/d/1?a=b', `/${'x'.repeat(3000)}`, '/a//b/', '/%C3%A9']) {
        const { status, headers, text } = await ask(method, path, { authorization })
        assert.deepEqual([status, text], [200, ''], `${method} ${path.slice(0, 20)}`)
        assert.equal(headers['remote-user'], 'ada')
      }
    }
  })

  test('judges by the method, the host and the header of its configuration', async () => {
    const { cookie, tokens } = scene
    const evil = { cookie, origin: 'https://evil.example' }
    assert.equal((await ask('GET', '/', evil)).status, 200)
    assert.equal((await ask('POST', '/', evil)).status, 403)
    assert.equal((await ask('POST', '/', { cookie, origin: 'https://grafana.example.com' })).status, 200)
    assert.notEqual((await ask('OPTIONS', '/', { origin: 'https://evil.example' })).status, 200)
    const authorization = `Token ${tokens.writer}`
    const wants = (action: string) => ({
      authorization,
      'x-sluice-check': `action=${action}&bucket=telegraf&org=lab`,
    })
    assert.equal((await ask('GET', '/', wants('write'))).status, 200)
    assert.equal((await ask('GET', '/', wants('read'))).status, 403)
    assert.equal((await ask('GET', '/?action=write', {})).status, 401)
    assert.equal((await ask('GET', '/', { authorization, 'x-sluice-check': 'acton=read' })).status, 400)
    const led = await ask('GET', '/', { ...NAVIGATES, 'x-sluice-check': 'redirect=true' })
    assert.equal(led.headers.location, 'https://id.example.com/signin')
  })

  test('answers nobody but trusted proxies', async (t) => {
    const server = await startServer()
    t.after(() => server.stop())
    assert.equal((await send(server.url, { method: 'GET', path: `${PREFIX}/` })).status, 403)
  })
})

test('headers count from trusted proxies only', async (t) => {
  const server = await startServer(['--public-url', 'https://id.example.com'])
  t.after(() => server.stop())
  const headers = { ...FORWARDED, ...NAVIGATES }
  const { status, headers: got } = await send(server.url, {
    method: 'GET',
    path: `${CHECK}?redirect=true`,
    headers,
  })
  assert.equal(status, 302)
  assert.equal(got.location, 'https://id.example.com/signin')
})

test('wrong tokens are counted for the client behind the gateway', async (t) => {
  const server = await startServer(['--trusted-proxies', 'loopback', '--guess-address-limit', '3'])
  t.after(() => server.stop())
  const ask = (address: string) =>
    send(server.url, {
      ...{ method: 'GET', path: CHECK },
      headers: { ...FORWARDED, authorization: 'Token wrong', 'x-forwarded-for': address },
    })
  const statuses = []
  for (let i = 0; i < 5; i += 1) statuses.push((await ask('192.0.2.1')).status)
  // Each counts once, also if the quick check leaves the request to the API's route.
  assert.deepEqual(statuses, [401, 401, 401, 429, 429])
  assert.equal((await ask('192.0.2.2')).status, 401)
})

test('answers beside the API and by its route are alike', async (t) => {
  let now = Date.now()
  const argv = ['--cors-allowed-origins', 'https://app.example.com']
  // At `debug` each request is logged, which the API's route does.
  const scenes = [
    await createScene(argv, () => now),
    await createScene([...argv, '--log-level', 'debug'], () => now),
  ]
  for (const { server } of scenes) t.after(() => server.stop())
  // After this time a request renews the cookie.
  now += 5 * 60_000
  const answers = async ({ server, check, cookie, tokens, ids }: Scene) => {
    const token = { authorization: `Token ${tokens.writer}` }
    const origin = 'https://app.example.com'
    const all = [
      await check('', { ...FORWARDED, cookie }),
      await check('', { ...FORWARDED, cookie }),
      await check('', { ...FORWARDED, cookie, origin }),
      await check('?action=write&bucket=telegraf', token),
      await check(`?action=read&bucketID=${ids.bucket}`, token),
      await check('?action=write&bucket=telegraf&action=write', token),
      await check('?cookies=true', { ...token, cookie: `a=1; ${cookie}` }),
      await check('?upstream=', token),
      await check('', { ...token, origin }),
      await check('', { ...token, 'content-length': '0' }),
      await check('/', token),
      await check('/x', token),
      await check('', { authorization: 'Token wrong' }),
      await check('?redirect=true', { ...FORWARDED, ...NAVIGATES }),
      await send(server.url, { method: 'HEAD', path: CHECK, headers: token }),
      await send(server.url, { method: 'POST', path: CHECK, headers: token }),
    ]
    const secrets = [...Object.values(ids), ...Object.values(tokens)]
    return all.map(({ status, headers, text }) => {
      const { date, 'x-request-id': _id, 'set-cookie': renewed, ...rest } = headers
      const named = JSON.stringify(rest)
      return [
        status,
        secrets.reduce((told, each) => told.replaceAll(each, '…'), named),
        text,
        renewed === undefined,
      ]
    })
  }
  const [quick = [], byRoute = []] = [await answers(scenes[0] as Scene), await answers(scenes[1] as Scene)]
  assert.deepEqual(quick, byRoute)
  assert.deepEqual(
    quick.map(([status]) => status),
    [204, 204, 204, 204, 403, 400, 204, 400, 204, 204, 204, 404, 401, 302, 204, 405],
  )
  assert.deepEqual([quick[0]?.[3], quick[1]?.[3]], [false, true], 'the first one renews the cookie')
})
