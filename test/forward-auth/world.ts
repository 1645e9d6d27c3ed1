/** A gateway of another maker with Sluice beside it and an application behind it. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { startProgram, until } from '../../cluster/program.ts'
import { temporaryFolder } from '../support/folder.ts'
import { freePort } from '../support/free-port.ts'
import { send } from '../support/http.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'
import type { Addresses, Gateway } from './programs.ts'

/** What the application sets with each answer. */
export const APPLICATION_COOKIE = 'application=1; Path=/'

/**
 * Answers with the headers of the request, its method and path, and the length and hash (SHA-256) of its body. Below
 * `/stream` it writes a line, and the second one when the first was answered by a request to `/go-on`. A connection that
 * is upgraded (RFC 6455, 4.2.2) sends back what comes in. Promises its host and port.
 */
export async function startApplication(t: TestContext): Promise<string> {
  let goOn = () => {}
  const server = createServer(async (request, response) => {
    const { method, url = '' } = request
    if (url.startsWith('/stream')) {
      response.write('first\n')
      goOn = () => response.end('second\n')
      return
    }
    if (url.startsWith('/go-on')) goOn()
    const hash = createHash('sha256')
    let length = 0
    for await (const chunk of request) {
      hash.update(chunk)
      length += chunk.length
    }
    response.setHeader('set-cookie', APPLICATION_COOKIE)
    response.end(JSON.stringify({ ...request.headers, method, url, length, sha256: hash.digest('hex') }))
  }).listen(0, '127.0.0.1')
  server.on('upgrade', (request, socket: Socket) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    const headers = [
      ...['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'],
      `Sec-WebSocket-Accept: ${createHash('sha1').update(key).digest('base64')}`,
      `X-User: ${request.headers['remote-user']}`,
    ]
    socket.write(`${headers.join('\r\n')}\r\n\r\n`)
    socket.pipe(socket)
    socket.on('error', () => {})
    t.after(() => socket.destroy())
  })
  t.after(() => server.close())
  await once(server, 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Starts the gateway in front of an application, and waits until it answers. Promises its URL. */
export async function start(
  t: TestContext,
  gateway: Gateway,
  sluice: string,
  edit?: Addresses['edit'],
): Promise<string> {
  const [port, application, folder] = [await freePort(), await startApplication(t), temporaryFolder()]
  const logPath = join(folder, 'log')
  const command = gateway.command(folder, { port, sluice, application, edit })
  const program = startProgram(command, { logPath })
  t.after(() => program.end('SIGTERM', 3000))
  const url = `http://127.0.0.1:${port}`
  // Traefik listens before it has read its routes.
  const answers = () =>
    send(url, { method: 'GET', path: '/', headers: HOST }).then((got) => got.status !== 404)
  await until(`${gateway.name} answers`, () => answers().catch(() => false), 15_000).catch((error) => {
    throw new Error(`${error.message}\n${readFileSync(logPath, 'utf8')}`)
  })
  return url
}

export async function startSluice(
  t: TestContext,
  argv: readonly string[],
  now?: () => number,
): Promise<SetUpServer> {
  const server = await startSetUp(
    [
      ...(argv.includes('--trusted-proxies') ? [] : ['--trusted-proxies', 'loopback']),
      ...['--allowed-return-hosts', 'grafana.example.com', '--session-cookie-domain', 'example.com'],
      ...['--session-cookie-path', '/', ...argv],
    ],
    now ? { now } : {},
  )
  t.after(() => server.stop())
  return server
}

export const HOST = { host: 'grafana.example.com' }
export const SPOOFED = {
  'remote-user': 'root',
  'x-sluice-user': 'root',
  'x-sluice-groups': 'operator',
  'x-sluice-user-id': '0000000000000001',
  'x-sluice-orgs': 'all',
  'x-sluice-method': 'session',
}
