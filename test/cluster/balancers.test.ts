/** The load balancer configurations shown in docs/cluster.md are the ones tested here. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { haproxyConfig, LOST, startHaproxy } from '../../cluster/haproxy.ts'
import { startProgram, until } from '../../cluster/program.ts'
import { programPath } from '../../scripts/engines/install.ts'
import { temporaryFolder } from '../support/folder.ts'
import { freePort } from '../support/free-port.ts'
import { send } from '../support/http.ts'

const document = readFileSync(new URL('../../docs/cluster.md', import.meta.url), 'utf8')

function block(language: string): string {
  const found = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(document)?.[1]
  assert.ok(found, `docs/cluster.md shows no ${language}`)
  return found
}

test('the HAProxy configuration in the document is that of npm run cluster', () => {
  const config = haproxyConfig({
    bind: ':443 ssl crt /etc/haproxy/id.example.com.pem',
    nodes: [1, 2, 3].map((i) => ({ name: `node${i}`, address: `10.0.0.${i}:8086` })),
    socketPath: '/run/haproxy/admin.sock',
    errorFile: '/etc/haproxy/unavailable.http',
  })
  assert.equal(block('haproxy'), config)
  assert.equal(block('http'), LOST)
})

const without = (name: string) =>
  programPath(name) || process.env.CI === 'true'
    ? false
    : `${name} is missing (Debian: apt-get install ${name})`

test('HAProxy skips a node that is down, and answers unavailable when all are down', {
  skip: without('haproxy'),
}, async (t) => {
  const away = `127.0.0.1:${await freePort()}`
  const nodes = [...(await twoNodes(t)), away].map((address, i) => ({ name: `node${i + 1}`, address }))
  const haproxy = await startHaproxy(temporaryFolder(), { port: await freePort(), nodes })
  t.after(() => haproxy.stop())
  await balanced(haproxy.url)

  const lonely = [{ name: 'node1', address: away }]
  const without = await startHaproxy(temporaryFolder(), { port: await freePort(), nodes: lonely })
  t.after(() => without.stop())
  await unavailable(without.url)
})

test('nginx does the same', { skip: without('nginx') }, async (t) => {
  const away = `127.0.0.1:${await freePort()}`
  await balanced(await nginx(t, [...(await twoNodes(t)), away]))
  await unavailable(await nginx(t, [away, away, away]))
})

/** Nodes that echo the method and the addresses that the balancer forwards. */
async function twoNodes(t: TestContext): Promise<string[]> {
  const answer: RequestListener = (request, response) => {
    request.resume()
    response.end(
      `${request.method} ${request.headers['x-forwarded-for']} ${request.headers.forwarded ?? '-'}`,
    )
  }
  return Promise.all(
    [0, 1].map(async () => {
      const server = createServer(answer).listen(0, '127.0.0.1')
      t.after(() => server.close())
      await once(server, 'listening')
      const address = server.address()
      return `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
    }),
  )
}

async function balanced(url: string): Promise<void> {
  for (let i = 0; i < 30; i += 1) {
    const method = i % 2 === 0 ? 'POST' : 'GET'
    const headers = { forwarded: 'for=192.0.2.1' }
    const { status, text } = await send(url, { method, path: '/api/v2/signin', headers })
    assert.equal(status, 200)
    assert.equal(text, `${method} 127.0.0.1 -`)
  }
  const metrics = await send(url, { method: 'GET', path: '/metrics' })
  assert.equal(metrics.status, 404, 'metrics are not public')
}

async function unavailable(url: string): Promise<void> {
  for (const method of ['GET', 'POST']) {
    const { status, headers, json } = await send(url, { method, path: '/api/v2/me' })
    assert.equal(status, 503)
    assert.equal(headers['retry-after'], '1')
    assert.equal(json.code, 'unavailable')
  }
}

/** The document's configuration, changed for the test: no TLS, other ports, files in a temporary folder. */
async function nginx(t: TestContext, addresses: readonly string[]): Promise<string> {
  const folder = temporaryFolder()
  const port = await freePort()
  const tried = block('nginx')
    .replaceAll(/10\.0\.0\.(\d):8086/g, (_, i) => addresses[Number(i) - 1] ?? '')
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
    .replaceAll(/ +ssl_certificate.*\n/g, '')
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const temporary = folders.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')
  const config = join(folder, 'nginx.conf')
  const around = `pid ${folder}/pid; daemon off; user root; events {} http { access_log off; ${temporary}\n`
  writeFileSync(config, `${around}${tried}}`)
  const logPath = join(folder, 'log')
  const command = [programPath('nginx') ?? '', '-e', `${folder}/error`, '-c', config]
  const program = startProgram(command, { logPath })
  t.after(() => program.end('SIGTERM', 3000))
  const url = `http://127.0.0.1:${port}`
  const answers = async () => (await send(url, { method: 'GET', path: '/metrics' })).status === 404
  await until('nginx answers', answers, 10_000).catch((error) => {
    throw new Error(`${error.message}\n${readFileSync(logPath, 'utf8')}`)
  })
  return url
}
