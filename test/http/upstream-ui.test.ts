/** Upstream's UI at `/`, and what its pages are answered by the API. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { consoleOfSources } from '../../scripts/console.ts'
import { basic, type Received, send } from '../support/http.ts'
import { PASSWORD, type SetUpServer, startSetUp } from '../support/populate.ts'
import { startServer } from '../support/server.ts'
import { startUIUpstream, UI_PAGE, UI_SCRIPT, type UIUpstream } from '../support/ui-upstream.ts'

const HTML = { accept: 'text/html,application/xhtml+xml' }
const SCRIPT = '/0a1b2c3d4e.js'
const MINUTE = 60_000

let clock = Date.UTC(2026, 5, 1, 12)
let upstream: UIUpstream
let server: SetUpServer
before(async () => {
  upstream = await startUIUpstream()
  server = await startSetUp(upstream.argv, { consoleFolder: await consoleOfSources(), now: () => clock })
})
after(async () => {
  await server.stop()
  await upstream.stop()
})

const get = (path: string, headers: Record<string, string> = HTML, method = 'GET') =>
  send(server.url, { method, path, headers })

/** As a browser sends them for a page of this server. */
function from(page: string, more: Record<string, string> = {}): Record<string, string> {
  const host = new URL(server.url).host
  return { host, referer: `http://${host}${page}`, ...more }
}

const cookiesOf = ({ headers }: Received): string[] => headers['set-cookie'] ?? []
const leadOf = (received: Received) => cookiesOf(received).find((each) => each.startsWith('sluice-lead='))

/** What the UI and a browser do with such an answer: the page again, with the cookie. */
const openWith = (lead: string | undefined) =>
  get('/signin', { ...HTML, cookie: String(lead).split(';')[0] ?? '' })

describe("upstream's UI", () => {
  test('is its page for every path of a person, and its files', async () => {
    for (const path of ['/', '/signin', '/orgs/0a1b2c3d4e5f6071/data-explorer?x=1', '/me', '/consoles']) {
      const { status, headers, text } = await get(path)
      assert.deepEqual([status, headers['content-type']], [200, 'text/html; charset=utf-8'], path)
      assert.equal(text, UI_PAGE)
    }
    const { status, headers, text } = await get(SCRIPT, {})
    assert.deepEqual([status, text], [200, UI_SCRIPT])
    assert.equal(headers['cache-control'], 'public, max-age=3600')
    assert.equal(headers['content-type'], 'text/javascript; charset=utf-8')
    const head = await get(SCRIPT, {}, 'HEAD')
    assert.deepEqual([head.status, head.text, head.headers.etag], [200, '', '"script"'])
  })

  test('is asked for without anything of the caller, its query and Sluice', async () => {
    upstream.asked.length = 0
    const secrets = {
      authorization: 'Token secret',
      cookie: 'influxdb-oss-session=secret',
      'x-other': 'secret',
    }
    await get('/signin?returnTo=secret', { ...HTML, ...secrets, ...from('/secret'), range: 'bytes=0-3' })
    const [{ url, headers } = { url: '', headers: {} }] = upstream.asked
    assert.equal(url, '/signin')
    assert.deepEqual(Object.keys(headers).toSorted(), ['accept', 'connection', 'host', 'range'])
    assert.doesNotMatch(JSON.stringify(upstream.asked), /secret|operator-token/)
  })

  test('comes without cookies, and with the headers that it can live with', async () => {
    for (const path of ['/', SCRIPT]) {
      const { headers } = await get(path)
      assert.equal(headers['set-cookie'], undefined)
      assert.equal(headers['content-security-policy'], "frame-ancestors 'self'")
      assert.equal(headers['referrer-policy'], undefined)
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.equal(headers['x-influxdb-build'], 'OSS')
    }
  })

  test('is revalidated where it is a page, so that a browser asks and can be led', async () => {
    for (const headers of [HTML, { ...HTML, 'if-none-match': '"page"' }]) {
      const answer = await get('/signin', headers)
      assert.equal(answer.status, 'if-none-match' in headers ? 304 : 200)
      assert.deepEqual([answer.headers['cache-control'], answer.headers.etag], ['no-cache', '"page"'])
    }
    // Upstream answers with its page for a file that it does not have.
    assert.equal((await get('/gone.js', {})).headers['cache-control'], 'no-cache')
  })

  test('is never asked for what is the API, however it is written', async () => {
    upstream.asked.length = 0
    for (const [path, status] of [
      ['/api/v2/setup', 200],
      ['/api/v2/nothing', 401],
      ['/metrics', 200],
      ['/debug/pprof/heap', 404],
      ['/private/x', 404],
      ['/ping', 204],
      ['/health', 200],
      ['/%64ebug/pprof/heap', 404],
      ['//debug/pprof/heap', 404],
      ['/x/../debug/pprof/heap', 404],
      ['/./metrics', 404],
    ] as const) {
      assert.equal((await get(path, { accept: '*/*' })).status, status, path)
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      assert.equal((await get('/', HTML, method)).status, 404, method)
    }
    assert.deepEqual(upstream.asked, [])
    // A person who opens such an address gets the page.
    for (const path of ['/%64ebug/pprof/heap', '/x/../debug/pprof/heap', '/orgs/a%20b']) {
      assert.equal((await get(path)).text, UI_PAGE)
    }
    assert.deepEqual(new Set(upstream.asked.map(({ url }) => url)), new Set(['/']))
  })

  test('says where the console is while upstream is away', async () => {
    const gone = await startUIUpstream()
    const other = await startServer(gone.argv)
    try {
      await gone.stop()
      const { status, headers, text } = await send(other.url, { method: 'GET', path: '/', headers: HTML })
      assert.deepEqual([status, headers['content-type']], [503, 'text/plain; charset=utf-8'])
      assert.match(text, /InfluxDB cannot be reached.*The console of Sluice is at \/console\//)
    } finally {
      await other.stop()
    }
  })

  test('is switched off with the console by --ui-disabled', async () => {
    const without = await startServer([...upstream.argv, '--ui-disabled'])
    try {
      for (const path of ['/', SCRIPT, '/console/']) {
        assert.equal((await send(without.url, { method: 'GET', path, headers: HTML })).status, 404, path)
      }
    } finally {
      await without.stop()
    }
  })
})

describe('the console at /console/', () => {
  test('has its page, files and documents there', async () => {
    for (const path of ['/console', '/console/', '/console/people', '/console/signin?lead=password']) {
      const { status, headers, text } = await get(path)
      assert.equal(status, 200, path)
      assert.match(text, /<div id="root">/)
      assert.match(String(headers['content-security-policy']), /^default-src 'none'; script-src 'self'/)
      assert.doesNotMatch(text, /(src|href)="\/(?!console\/)/)
    }
    const [, script = ''] = /src="(\/console\/assets\/[^"]+)"/.exec((await get('/console/')).text) ?? []
    const found = await get(script, {})
    assert.equal(found.headers['cache-control'], 'public, max-age=31536000, immutable')
    const { text } = await get('/console/docs/operations')
    assert.match(text, /href="\/console\/docs\/security/)
    assert.doesNotMatch(text, /(src|href)="\/(?!console\/)/)
    assert.match((await get('/console/docs/none')).text, /There is no such document/)
  })

  test('is compressed there too, and revalidated', async () => {
    for (const encoding of ['br', 'gzip']) {
      const { headers } = await get('/console/', { ...HTML, 'accept-encoding': encoding })
      assert.equal(headers['content-encoding'], encoding)
      const kept = { ...HTML, 'accept-encoding': encoding, 'if-none-match': String(headers.etag) }
      assert.equal((await get('/console/', kept)).status, 304)
    }
  })
})

describe('a person who must change the password', () => {
  async function mustChange(name: string) {
    const { json } = await server.ask('POST', '/api/v2/users', { name })
    await server.ask('POST', `/api/v2/users/${json.id}/password`, { password: PASSWORD, mustChange: true })
    return server.session(name)
  }

  test("is led from the UI to the console, by InfluxDB's answer to inactive users", async () => {
    const session = await mustChange('bob')
    const me = await server.ask('GET', '/api/v2/me', undefined, { ...session, ...from('/') })
    assert.equal(me.status, 200)
    const flags = await server.ask('GET', '/api/v2/flags', undefined, { ...session, ...from('/') })
    assert.deepEqual([flags.status, flags.json], [403, { code: 'forbidden', message: 'User is inactive' }])
    assert.equal(flags.headers['x-sluice-reason'], 'password-change-due')
    const lead = leadOf(flags)
    assert.match(String(lead), /; Path=\/; Max-Age=60; HttpOnly; SameSite=Strict$/)
    const led = await openWith(lead)
    assert.deepEqual([led.status, led.headers.location], [303, '/console/signin?lead=password'])
    assert.match(cookiesOf(led)[0] ?? '', /^sluice-lead=; Path=\/; Max-Age=0/)
    assert.equal(led.headers['cache-control'], 'no-store')
  })

  test('is led too where a forwarded request is refused', async () => {
    const session = await mustChange('carol')
    const refused = await server.ask('GET', '/api/v2/dashboards', undefined, { ...session, ...from('/orgs') })
    assert.equal(refused.json.message, 'User is inactive')
    assert.match(String(leadOf(refused)), /^sluice-lead=password;/)
  })

  test('is told so at the console, and so is a program', async () => {
    const session = await mustChange('dora')
    for (const headers of [{}, from('/console/people'), { referer: 'http://other.example/orgs' }]) {
      const refused = await server.ask('GET', '/api/v2/flags', undefined, { ...session, ...headers })
      assert.equal(refused.json.message, 'password change required')
      assert.equal(leadOf(refused), undefined)
    }
  })
})

test('a sign-in that must wait is led to the console, which says for how long', async () => {
  const name = 'nobody'
  const signIn = (headers: Record<string, string>) =>
    send(server.url, {
      ...{ method: 'POST', path: '/api/v2/signin' },
      headers: { authorization: basic(name, 'wrong'), ...headers },
    })
  let refused = await signIn(from('/signin'))
  for (let tries = 0; refused.status === 401 && tries < 20; tries++) refused = await signIn(from('/signin'))
  assert.deepEqual([refused.status, refused.json.message], [403, 'User is inactive'])
  const wait = Number(refused.headers['retry-after'])
  assert.ok(wait > 0)
  const led = await openWith(leadOf(refused))
  assert.equal(led.headers.location, `/console/signin?lead=wait&seconds=${wait}`)
  // A program, and the console, read the status.
  assert.equal((await signIn({})).status, 429)
  assert.equal((await signIn(from('/console/signin'))).status, 429)
  // After the wait no user is led.
  clock += wait * 1000 + 1000
  assert.equal((await openWith(leadOf(refused))).status, 200)
})

describe("the UI's poll", () => {
  const poll = async (url: string, session: { cookie: string }, headers: Record<string, string>) =>
    (await send(url, { method: 'GET', path: '/api/v2/me', headers: { ...session, ...headers } })).status

  async function statusAfterPolls(argv: readonly string[], page: string): Promise<number> {
    let now = Date.UTC(2026, 5, 1, 12)
    // Of its own, since an upstream is set up once.
    const behind = await startUIUpstream()
    const own = await startSetUp([...behind.argv, ...argv], { now: () => now })
    try {
      const session = await own.session()
      const { host } = new URL(own.url)
      const headers = page === '' ? {} : { host, referer: `http://${host}${page}` }
      let status = 200
      for (let minutes = 0; minutes < 12 && status === 200; minutes++) {
        now += MINUTE
        status = await poll(own.url, session, headers)
      }
      return status
    } finally {
      await own.stop()
      await behind.stop()
    }
  }

  test('does not keep the session alive', async () => {
    assert.equal(await statusAfterPolls([], '/orgs/0a1b2c3d4e5f6071'), 401)
  })

  test('does so with session-ui-poll use, and for the console and programs', async () => {
    assert.equal(await statusAfterPolls(['--session-ui-poll=use'], '/orgs/0a1b2c3d4e5f6071'), 200)
    assert.equal(await statusAfterPolls([], '/console/account'), 200)
    assert.equal(await statusAfterPolls([], ''), 200)
  })
})
