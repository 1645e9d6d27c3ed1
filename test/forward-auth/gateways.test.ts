/** The configurations shown in docs/forward-auth.md are the ones tested here, with the real gateways. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { startProgram, until } from '../../cluster/program.ts'
import { programPath } from '../../scripts/engines/install.ts'
import { temporaryFolder } from '../support/folder.ts'
import { freePort } from '../support/free-port.ts'
import { cookieOf, send } from '../support/http.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'

const DOCUMENT = readFileSync(new URL('../../docs/forward-auth.md', import.meta.url), 'utf8')

interface Gateway {
  readonly name: 'nginx' | 'caddy' | 'haproxy'
  /** The files of the document, changed for the test, and the command. */
  command(folder: string, addresses: Addresses): readonly string[]
  /** What it answers where Sluice cannot be asked. */
  readonly withoutSluice: number
}

interface Addresses {
  readonly port: number
  readonly sluice: string
  readonly application: string
}

function block(language: string, { sluice, application }: Addresses): string {
  const found = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(DOCUMENT)?.[1]
  assert.ok(found, `docs/forward-auth.md shows no ${language}`)
  return found.replaceAll('127.0.0.1:8086', sluice).replaceAll('127.0.0.1:3000', application)
}

function write(folder: string, name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const GATEWAYS: readonly Gateway[] = [
  {
    name: 'nginx',
    withoutSluice: 500,
    command(folder, addresses) {
      const tried = block('nginx', addresses)
        .replace('listen 443 ssl;', `listen 127.0.0.1:${addresses.port};`)
        .replaceAll(/ +ssl_certificate.*\n/g, '')
      const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      const temporary = folders.map((each) => `${each}_temp_path ${folder}/${each};`).join(' ')
      const around = `pid ${folder}/pid; daemon off; user root; events {} http { access_log off; ${temporary}\n`
      const config = write(folder, 'nginx.conf', `${around}${tried}}`)
      return [programPath('nginx') ?? '', '-e', `${folder}/error`, '-c', config]
    },
  },
  {
    name: 'caddy',
    withoutSluice: 502,
    command(folder, addresses) {
      const tried = block('caddyfile', addresses).replace(
        'grafana.example.com {',
        `http://:${addresses.port} {\n\tbind 127.0.0.1`,
      )
      const config = write(folder, 'Caddyfile', `{\n\tadmin off\n}\n${tried}`)
      // It keeps files in the home of its user otherwise.
      const places = [`XDG_CONFIG_HOME=${folder}`, `XDG_DATA_HOME=${folder}`]
      return [
        '/usr/bin/env',
        ...places,
        programPath('caddy') ?? '',
        'run',
        '--adapter',
        'caddyfile',
        '--config',
        config,
      ]
    },
  },
  {
    name: 'haproxy',
    withoutSluice: 503,
    command(folder, addresses) {
      const script = write(folder, 'sluice.lua', block('lua', addresses))
      const tried = block('haproxy', addresses)
        .replace('/etc/haproxy/sluice.lua', script)
        .replace(/bind :443.*/, `bind 127.0.0.1:${addresses.port}`)
      return [programPath('haproxy') ?? '', '-db', '-f', write(folder, 'haproxy.cfg', tried)]
    },
  },
]

/** Answers with the headers of the request. */
async function startApplication(t: TestContext): Promise<string> {
  const server = createServer((request, response) => {
    request.resume()
    response.end(JSON.stringify({ ...request.headers, method: request.method, url: request.url }))
  }).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function start(t: TestContext, gateway: Gateway, sluice: string): Promise<string> {
  const [port, application, folder] = [await freePort(), await startApplication(t), temporaryFolder()]
  const logPath = join(folder, 'log')
  const command = gateway.command(folder, { port, sluice, application })
  const program = startProgram(command, { logPath })
  t.after(() => program.end('SIGTERM', 3000))
  const url = `http://127.0.0.1:${port}`
  const answers = () => send(url, { method: 'GET', path: '/' }).then(() => true)
  await until(`${gateway.name} answers`, () => answers().catch(() => false), 15_000).catch((error) => {
    throw new Error(`${error.message}\n${readFileSync(logPath, 'utf8')}`)
  })
  return url
}

async function startSluice(
  t: TestContext,
  argv: readonly string[],
  now?: () => number,
): Promise<SetUpServer> {
  const server = await startSetUp(
    [
      ...['--trusted-proxies', 'loopback', '--allowed-return-hosts', 'grafana.example.com'],
      ...['--session-cookie-domain', 'example.com', '--session-cookie-path', '/', ...argv],
    ],
    now ? { now } : {},
  )
  t.after(() => server.stop())
  return server
}

const HOST = { host: 'grafana.example.com' }
const SPOOFED = {
  'remote-user': 'root',
  'x-sluice-user': 'root',
  'x-sluice-groups': 'operator',
  'x-sluice-user-id': '0000000000000001',
  'x-sluice-orgs': 'all',
  'x-sluice-method': 'session',
}

for (const gateway of GATEWAYS) {
  const skip =
    programPath(gateway.name) || process.env.CI === 'true'
      ? false
      : `${gateway.name} is missing (Debian package)`

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

test('behind nginx an active user stays signed in, and one who is away does not', {
  skip: programPath('nginx') ? false : 'nginx is missing (Debian package)',
}, async (t) => {
  const clock = { at: Date.now() }
  const lengths = ['--session-length', '70s', '--session-max-length', '10m']
  const sluice = await startSluice(t, lengths, () => clock.at)
  const url = await start(t, GATEWAYS[0] as Gateway, new URL(sluice.url).host)
  const signedIn = await sluice.signIn()
  const cookie = cookieOf(signedIn)
  const maxAge = Number(/Max-Age=(\d+)/.exec(signedIn.headers['set-cookie']?.[0] ?? '')?.[1])
  const startedAt = clock.at
  /** As a browser does: a cookie that has ended is not sent. */
  const open = async () => {
    const isKept = clock.at < startedAt + maxAge * 1000
    const { status } = await send(url, {
      method: 'GET',
      path: '/',
      headers: { ...HOST, ...(isKept ? { cookie } : {}) },
    })
    return status
  }
  for (let seconds = 0; seconds < 500; seconds += 16) {
    assert.equal(await open(), 200, `after ${seconds} s`)
    clock.at += 16_000
  }
  clock.at += 71_000
  assert.equal(await open(), 401)
})
