/** The configurations shown in docs/forward-auth.md are the ones tested here, with the real gateways. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { startProgram, until } from '../../cluster/program.ts'
import { programPath } from '../../scripts/engines/install.ts'
import { startInfluxdb3StandIn } from '../influxdb3/stand-in.ts'
import { temporaryFolder } from '../support/folder.ts'
import { freePort } from '../support/free-port.ts'
import { cookieOf, type Received, send } from '../support/http.ts'
import type { SetUpServer } from '../support/populate.ts'
import { startVictoriaMetricsWorld, withoutVictoriaMetrics } from '../victoriametrics/world.ts'
import { type Addresses, asking, block, GATEWAYS, nginx, shown, skipped } from './programs.ts'
import { APPLICATION_COOKIE, HOST, SPOOFED, start, startSluice } from './world.ts'

for (const gateway of GATEWAYS) {
  const skip = skipped(gateway)

  test(`${gateway.name} asks Sluice, as the document configures it`, { skip }, async (t) => {
    const sluice = await startSluice(t, ['--public-url', 'http://id.example.com'])
    const url = await start(t, gateway, new URL(sluice.url).host)
    const ask = (headers: Record<string, string>, method = 'GET', path = '/d/1?a=b&c=%20d') =>
      send(url, { method, path, headers: { ...HOST, ...headers } })
    const cookie = cookieOf(await sluice.signIn())

    await t.test('a known caller passes, and the application hears who it is', async () => {
      const { status, json } = await ask({ ...SPOOFED, cookie: `a=1; ${cookie}; b=2` })
      assert.equal(status, 200)
      assert.equal(json['remote-user'], 'ada')
      assert.equal(json['x-sluice-user'], 'ada')
      assert.match(json['x-sluice-groups'], /^operator,owner:/)
      assert.match(json['x-sluice-user-id'], /^[0-9a-f]{16}$/)
      assert.equal(json['x-sluice-method'], 'session')
      assert.equal(json.url, '/d/1?a=b&c=%20d')
      assert.ok(!json.cookie.includes(cookie), json.cookie)
      assert.match(json.cookie, /^a=1; ?(; ?)?b=2$/)
    })

    await t.test('a token passes and is not handed on', async () => {
      const { status, json } = await ask({ ...SPOOFED, ...sluice.operator })
      assert.equal(status, 200)
      assert.equal(json['x-sluice-method'], 'token')
      assert.equal(json['x-sluice-groups'], 'operator')
      assert.equal(json.authorization, undefined)
    })

    await t.test('nobody else does, whatever headers they send', async () => {
      for (const headers of [
        SPOOFED,
        { ...SPOOFED, authorization: 'Token wrong' },
        { cookie: `${cookie}x` },
      ]) {
        const { status, text } = await ask(headers)
        assert.equal(status, 401, JSON.stringify(headers))
        assert.ok(!text.includes('remote-user'))
      }
    })

    await t.test('a browser that opens a page is sent to sign in, and back', async () => {
      const { status, headers } = await ask({ accept: 'text/html', 'sec-fetch-mode': 'navigate' })
      assert.equal(status, 302)
      const back = encodeURIComponent('http://grafana.example.com/d/1?a=b&c=%20d')
      assert.equal(headers.location, `http://id.example.com/signin?return=${back}`)
    })

    await t.test('pages of other sites change nothing', async () => {
      const own = 'http://grafana.example.com'
      assert.equal((await ask({ cookie, origin: own }, 'POST')).status, 200)
      assert.equal((await ask({ cookie, origin: 'http://evil.example' }, 'POST')).status, 403)
      assert.equal((await ask({ cookie, origin: 'http://evil.example' })).status, 200)
      const hidden = {
        'x-forwarded-method': 'GET',
        'x-original-method': 'GET',
        'x-http-method-override': 'GET',
      }
      const hosts = { 'x-forwarded-host': 'evil.example', 'x-original-url': 'http://evil.example/' }
      const disguised = await ask({ cookie, origin: 'http://evil.example', ...hidden, ...hosts }, 'POST')
      assert.equal(disguised.status, 403)
    })

    await t.test('the session ends here too when it is ended', async () => {
      const { status } = await send(sluice.url, {
        method: 'POST',
        path: '/api/v2/signout',
        headers: { cookie },
      })
      assert.equal(status, 204)
      assert.equal((await ask({ cookie })).status, 401)
    })
  })

  test(`${gateway.name} lets nobody pass while Sluice is away`, { skip }, async (t) => {
    const url = await start(t, gateway, `127.0.0.1:${await freePort()}`)
    const { status } = await send(url, { method: 'GET', path: '/', headers: { ...HOST, ...SPOOFED } })
    assert.equal(status, gateway.withoutSluice)
  })
}

for (const gateway of GATEWAYS) {
  const skip = skipped(gateway)

  test(`${gateway.name} describes a request to an upstream whole`, { skip }, async (t) => {
    const influxdb = await startInfluxdb3StandIn()
    t.after(() => influxdb.stop())
    const upstream = ['--upstream-kind', 'influxdb3', '--upstream-url', influxdb.url]
    const sluice = await startSluice(t, [
      ...[...upstream, '--upstream-token', influxdb.token, '--upstream-org', 'analytics'],
    ])
    const url = await start(t, gateway, new URL(sluice.url).host, asking('upstream'))
    const ask = async (path: string, method = 'GET', headers: Record<string, string> = {}) =>
      (await send(url, { method, path, headers: { ...HOST, ...sluice.operator, ...headers } })).status
    const query = '/api/v3/query_sql?db=engine&q=SELECT+1%2C%202'
    assert.equal(await ask(query), 200)
    assert.equal(await ask(query.replace('engine', 'other')), 403)
    assert.equal(await ask(query, 'POST'), 403)
    assert.equal(await ask('/api/v3/write_lp?db=engine', 'POST'), 200)
    // Upstream could read its parameters too, so the check must hear of it.
    assert.equal(await ask(query, 'GET', { 'content-type': 'multipart/form-data; boundary=x' }), 403)
    const coded = { 'content-encoding': 'br', 'content-type': 'text/plain' }
    assert.equal(await ask('/api/v3/write_lp?db=engine', 'POST', coded), 403)
  })
}

test('nginx sends VictoriaMetrics what the check tells it', {
  skip: programPath('nginx') ? withoutVictoriaMetrics : 'nginx is missing (Debian package)',
}, async (t) => {
  const world = await startVictoriaMetricsWorld([
    '--trusted-proxies',
    'loopback',
    '--upstream-name',
    'metrics',
  ])
  t.after(() => world.stop())
  const [port, folder] = [await freePort(), temporaryFolder()]
  const addresses = { port, sluice: new URL(world.url).host, application: '' }
  const shown = block('nginx', addresses, '### In front of VictoriaMetrics').replaceAll(
    '127.0.0.1:8428',
    new URL(world.metrics.url).host,
  )
  const program = startProgram(nginx(folder, shown, addresses), { logPath: join(folder, 'log') })
  t.after(() => program.end('SIGTERM', 3000))
  const url = `http://127.0.0.1:${port}`
  const isThere = () => send(url, { method: 'GET', path: '/' }).then(() => true)
  await until('nginx answers', () => isThere().catch(() => false), 15_000)
  const token = await world.tokenWith(['read:a', 'write:a'])
  const ask = (method: string, path: string, body?: string, headers: Record<string, string> = {}) =>
    send(url, { method, path, body, headers: { authorization: `Token ${token}`, ...headers } })

  const all = `/api/v1/series?match[]=${encodeURIComponent('{__name__!=""}')}`
  const read = await ask('GET', all)
  assert.equal(read.status, 200, read.text)
  assert.match(read.text, /mark_a/)
  assert.doesNotMatch(read.text, /mark_b|mark_c/)
  const at = Math.round(Date.now() / 1000) - 10
  const csv = '/api/v1/import/csv?db=a&format=1:metric:through,2:time:unix_s'
  const written = await ask('POST', csv, `1,${at}`, { 'content-type': 'text/plain' })
  assert.equal(written.status, 204, written.text)
  await world.flush()
  assert.match((await ask('GET', '/api/v1/series?match[]=through')).text, /"db":"a"/)
  const form = '--x\r\nContent-Disposition: form-data; name="extra_filters[]"\r\n\r\n{db="b"}\r\n--x--\r\n'
  for (const [method, path, body, headers] of [
    // What the lines say, only Sluice itself can read.
    ['POST', '/write?db=a', 'm v=1', {}],
    ['POST', '/write?db=b', 'm v=1', {}],
    ['GET', `${all}&db=b`, undefined, {}],
    ['GET', `${all}&extra_label=db=b`, undefined, {}],
    ['GET', all, form, { 'content-type': 'multipart/form-data; boundary=x' }],
    ['GET', '/api/v1/series/count', undefined, {}],
    ['GET', all, undefined, { authorization: '', 'x-sluice-target': '/api/v1/series/count' }],
  ] as const) {
    const { status, text } = await ask(method, path, body, headers)
    assert.ok(status === 403 || status === 401, `${method} ${path}: ${status} ${text}`)
  }
})

/** Opens pages as a browser with that cookie: one that has ended is not sent, and one that is sent again replaces it. */
async function browserAt(url: string, sluice: SetUpServer, clock: { readonly at: number }) {
  let cookie = ''
  let endsAt = 0
  const keep = ({ headers }: Received) => {
    const set = headers['set-cookie']?.find((each) => each.startsWith('influxdb-oss-session='))
    if (set === undefined) return
    cookie = cookieOf({ headers: { 'set-cookie': [set] } } as unknown as Received)
    endsAt = clock.at + Number(/Max-Age=(\d+)/.exec(set)?.[1]) * 1000
  }
  keep(await sluice.signIn())
  return async () => {
    const headers = { ...HOST, ...(clock.at < endsAt ? { cookie } : {}) }
    const received = await send(url, { method: 'GET', path: '/', headers })
    keep(received)
    if (received.status === 200) assert.ok(received.headers['set-cookie']?.includes(APPLICATION_COOKIE))
    return received.status
  }
}

const LENGTHS = ['--session-length', '70s', '--session-max-length', '10m']

for (const gateway of GATEWAYS) {
  const skip = skipped(gateway)

  test(`behind ${gateway.name} an active user stays signed in, and one who is away does not`, {
    skip,
  }, async (t) => {
    const clock = { at: Date.now() }
    const sluice = await startSluice(t, LENGTHS, () => clock.at)
    const url = await start(t, gateway, new URL(sluice.url).host)
    const open = await browserAt(url, sluice, clock)
    for (let seconds = 0; seconds < 500; seconds += 16) {
      assert.equal(await open(), 200, `after ${seconds} s`)
      clock.at += 16_000
    }
    clock.at += 71_000
    assert.equal(await open(), 401)
  })
}

/** The lines of the document that copy a renewed cookie, put where it says. */
const COPYING: Readonly<Record<string, (text: string) => string>> = {
  nginx: (text) =>
    text.replace(
      'error_page 401',
      `${shown('nginx', 'auth_request_set .sluice_cookie')}\n        error_page 401`,
    ),
  haproxy: (text) =>
    text
      .replace(
        '    default_backend',
        `    ${shown('haproxy', 'http-response add-header Set-Cookie')}\n    default_backend`,
      )
      .replace(
        '    for _, name in ipairs(HANDED_ON)',
        `    ${shown('lua', 'local cookie')}\n    for _, name in ipairs(HANDED_ON)`,
      ),
  traefik: (text) =>
    text.replace(
      '        trustForwardHeader',
      `${shown('yaml', ' +addAuthCookies')}\n        trustForwardHeader`,
    ),
  envoy: (text) =>
    text.replace(
      /( +)allowed_client_headers:/,
      `${shown('yaml', ' +allowed_client_headers_on_success')}\n$1allowed_client_headers:`,
    ),
}

for (const gateway of GATEWAYS.filter(({ name }) => name in COPYING)) {
  const skip = skipped(gateway)

  test(`with cookies that end with the session, ${gateway.name} copies renewed ones`, { skip }, async (t) => {
    const clock = { at: Date.now() }
    const argv = [...LENGTHS, '--session-cookie-lifetime', 'session']
    const sluice = await startSluice(t, argv, () => clock.at)
    const reached = new URL(sluice.url).host
    const lasts = async (edit?: Addresses['edit']) => {
      const url = await start(t, gateway, reached, edit)
      const open = await browserAt(url, sluice, clock)
      let lasted = 0
      while (lasted < 300 && (await open()) === 200) {
        lasted += 16
        clock.at += 16_000
      }
      return lasted
    }
    assert.ok((await lasts()) < 100, 'without these lines the user is cut off')
    assert.ok((await lasts(COPYING[gateway.name])) >= 300)
  })
}
