/** The built console: its size, and how the server sends it. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { consoleOfSources } from '../../scripts/console.ts'
import { launchBrowser, withoutBrowser } from '../support/browser.ts'
import { send } from '../support/http.ts'
import { startSetUp } from '../support/populate.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const KB = 1000
const MOST_BEFORE_SIGN_IN = 120 * KB
const MOST = 260 * KB
const HTML = { accept: 'text/html,application/xhtml+xml' }

let folder: string
let server: RunningServer
before(async () => {
  folder = await consoleOfSources()
  server = await startServer([], { consoleFolder: folder })
})
after(() => server.stop())

const get = (path: string, headers: Record<string, string> = {}) =>
  send(server.url, { method: 'GET', path, headers })

describe('the JavaScript', () => {
  const scripts = () => readdirSync(join(folder, 'assets')).filter((name) => name.endsWith('.js'))
  const sizeOf = (names: readonly string[]) =>
    names.reduce((sum, name) => {
      const path = join(folder, 'assets', name)
      const compressed = statSync(`${path}.gz`, { throwIfNoEntry: false }) ?? statSync(path)
      return sum + compressed.size
    }, 0)

  test('is at most 260 kB in total, gzipped', () => {
    assert.ok(sizeOf(scripts()) <= MOST, `${sizeOf(scripts())} bytes`)
  })

  test('is at most 120 kB before sign-in', { skip: withoutBrowser }, async () => {
    // On a new server, the page redirects to the setup.
    const own = await startSetUp([], { consoleFolder: folder })
    const browser = await launchBrowser()
    try {
      const page = await browser.newPage()
      const loaded: string[] = []
      page.on('request', (request) => loaded.push(new URL(request.url()).pathname))
      await page.goto(`${own.url}/signin`)
      await page.getByRole('button', { name: 'Sign in' }).waitFor()
      const needed = loaded.flatMap((path) => /^\/assets\/(.+\.js)$/.exec(path)?.[1] ?? [])
      assert.ok(needed.length > 1, `${loaded}`)
      assert.ok(sizeOf(needed) <= MOST_BEFORE_SIGN_IN, `${sizeOf(needed)} bytes: ${needed}`)
    } finally {
      await browser.close()
      await own.stop()
    }
  })

  test('makes no requests to other hosts', () => {
    const page = readFileSync(join(folder, 'index.html'), 'utf8')
    assert.doesNotMatch(page, /(src|href)="(https?:)?\/\//)
    const styles = readdirSync(join(folder, 'assets')).filter((name) => name.endsWith('.css'))
    assert.ok(styles.length > 0)
    for (const style of styles) {
      assert.doesNotMatch(readFileSync(join(folder, 'assets', style), 'utf8'), /url\(|@import/, style)
    }
  })
})

describe('the page', () => {
  test('is served for every path that a person may open', async () => {
    for (const path of ['/', '/signin', '/people/0a1b2c3d4e5f6071', '/audit?event=signin']) {
      const { status, headers, text } = await get(path, HTML)
      assert.deepEqual([status, headers['content-type']], [200, 'text/html; charset=utf-8'], path)
      assert.equal(headers['cache-control'], 'no-cache')
      // A shared cache must not serve the page to a client that does not accept HTML.
      assert.equal(headers.vary, 'Accept, Accept-Encoding')
      assert.match(text, /<div id="root">/)
    }
  })

  test('is not served for API paths or to clients that do not accept HTML', async () => {
    for (const [path, headers] of [
      ['/people', { accept: '*/*' }],
      ['/people', {}],
      ['/query', HTML],
      ['/write', HTML],
      ['/assets/none.js', HTML],
      ['/assets/../../package.json', HTML],
      ['/%2e%2e/package.json', { accept: '*/*' }],
    ] as const) {
      const { status, json } = await get(path, headers)
      assert.deepEqual([status, json.code], [404, 'not found'], path)
      assert.match(json.message, /^path not found/, path)
    }
    assert.equal((await get('/api/v2/nothing', HTML)).status, 401)
    assert.equal((await get('/api', HTML)).status, 404)
    assert.match((await get('/health', HTML)).text, /"status":"pass"/)
    const posted = await send(server.url, { method: 'POST', path: '/', headers: HTML })
    assert.equal(posted.status, 404)
  })

  test('runs only its own scripts, and cannot be framed', async () => {
    const { headers } = await get('/', HTML)
    const policy = String(headers['content-security-policy'])
    for (const part of [
      ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"],
      ...[
        "base-uri 'none'",
        "object-src 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ],
    ]) {
      assert.ok(policy.split('; ').includes(part), part)
    }
    assert.doesNotMatch(policy, /unsafe|\*|data:|https?:/)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['referrer-policy'], 'no-referrer')
    assert.equal(headers['x-influxdb-build'], 'OSS')
  })

  test('does not loosen the policy of the API', async () => {
    const { headers } = await get('/api/v2/setup')
    assert.match(String(headers['content-security-policy']), /^default-src 'none';.*frame-ancestors 'none'/)
    assert.doesNotMatch(String(headers['content-security-policy']), /self/)
    assert.equal(headers['cache-control'], 'no-store')
  })
})

describe('its files', () => {
  /** One that is large enough to be compressed. */
  const script = async () => {
    const scripts = readdirSync(join(folder, 'assets')).filter((name) => /^main-.*\.js$/.test(name))
    return `assets/${scripts[0]}`
  }

  test('have a new name whenever they change', async () => {
    const { status, headers } = await get(`/${await script()}`)
    assert.equal(status, 200)
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.equal(headers['content-type'], 'text/javascript; charset=utf-8')
  })

  test('are sent in the best encoding that the client accepts', async () => {
    const path = await script()
    const plain = readFileSync(join(folder, path))
    for (const [accept, encoding, read] of [
      ['gzip, deflate, br', 'br', brotliDecompressSync],
      ['br;q=0, gzip', 'gzip', gunzipSync],
      ['identity', undefined, (body: Buffer) => body],
    ] as const) {
      const answer = await fetchRaw(`${server.url}/${path}`, accept)
      assert.equal(answer.encoding, encoding, accept)
      assert.ok(read(answer.body).equals(plain), accept)
    }
  })

  test('are described by HEAD, without a body', async () => {
    const { status, headers, text } = await send(server.url, { method: 'HEAD', path: '/favicon.svg' })
    assert.deepEqual([status, headers['content-type'], text], [200, 'image/svg+xml', ''])
  })
})

test('--ui-disabled removes the console', async () => {
  const without = await startServer(['--ui-disabled'], { consoleFolder: folder })
  try {
    for (const path of ['/', '/signin', '/favicon.svg']) {
      assert.equal((await send(without.url, { method: 'GET', path, headers: HTML })).status, 404)
    }
  } finally {
    await without.stop()
  }
})

async function fetchRaw(url: string, accept: string) {
  const { request } = await import('node:http')
  return new Promise<{ encoding: string | undefined; body: Buffer }>((resolve, reject) => {
    request(url, { headers: { 'accept-encoding': accept }, agent: false }, async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(chunks) })
    })
      .on('error', reject)
      .end()
  })
}
