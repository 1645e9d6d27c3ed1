import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage, RequestListener } from 'node:http'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { withoutOpenssl, writeCertificate } from '../../../test/support/certificate.ts'
import { temporaryFolder } from '../../../test/support/folder.ts'
import { createCertificateFiles } from './certificate.ts'
import { createListener } from './listener.ts'

const LIMITS = {
  readHeaderTimeoutMs: 10_000,
  readTimeoutMs: 0,
  bodyTimeoutMs: 30_000,
  writeTimeoutMs: 0,
  idleTimeoutMs: 60_000,
  maxHeaderBytes: 16_384,
}
const LARGE = 'x'.repeat(127_000)

async function setUp(t: TestContext, handler: RequestListener, isSecure = false) {
  const folder = temporaryFolder()
  const files = { certPath: join(folder, 'cert.pem'), keyPath: join(folder, 'key.pem') }
  if (isSecure) writeCertificate({ cert: files.certPath, key: files.keyPath }, 'localhost')
  const ignore = () => {}
  const listener = createListener({
    ...{ limits: LIMITS, headers: {} },
    tls: isSecure
      ? {
          minVersion: 'TLSv1.2',
          certificate: createCertificateFiles({ ...files, onRenewed: ignore, onProblem: ignore }),
        }
      : undefined,
  })
  const url = await listener.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => listener.stop(0))
  listener.attach(() => ({ handle: handler, limits: { bodyTimeoutMs: 0, readerTimeoutMs: 0 } }))
  const port = Number(new URL(url).port)
  const open = async (): Promise<Socket> => {
    const socket = isSecure
      ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
      : connect(port, '127.0.0.1')
    socket.on('error', ignore)
    t.after(() => socket.destroy())
    await once(socket, isSecure ? 'secureConnect' : 'connect')
    return socket
  }
  return { listener, open }
}

const get = (path: string, ...lines: string[]) =>
  `${[`GET ${path} HTTP/1.1`, 'Host: x', ...lines].join('\r\n')}\r\n\r\n`
const post = (path: string, body: string) =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`
const many = (count: number) => Array.from({ length: count }, (_, index) => `/${index}`)

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

/** All that comes until the server hangs up. */
async function rest(socket: Socket): Promise<string> {
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk
  })
  await once(socket, 'close')
  return text
}

const pathsIn = (text: string) => [...text.matchAll(/path=(\S+?);/g)].map((match) => match[1])
const statusesIn = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1])

suite('requests that come together on a connection', () => {
  for (const [kind, isSecure] of [
    ['TCP', false],
    ['TLS', true],
  ] as const) {
    test(`over ${kind}, each is answered in order and alone`, {
      skip: isSecure && withoutOpenssl,
    }, async (t) => {
      let [running, most] = [0, 0]
      const { open } = await setUp(
        t,
        async (request, response) => {
          running += 1
          most = Math.max(most, running)
          const body = await textOf(request)
          if (request.url?.endsWith('7')) await sleep(2)
          running -= 1
          response.end(`path=${request.url};${body.length}`)
        },
        isSecure,
      )
      for (const count of [1, 2, 3, 30, 2600]) {
        const socket = await open()
        const paths = many(count)
        const answers = rest(socket)
        const asked = paths.map((path, index) =>
          index % 5 === 3 ? post(path, 'y'.repeat(index)) : get(path),
        )
        socket.write(asked.join('') + get('/last', 'Connection: close'))
        assert.deepEqual(pathsIn(await answers), [...paths, '/last'])
      }
      assert.equal(most, 1)
    })

    test(`over ${kind}, nothing runs ahead of answers that are not taken`, {
      skip: isSecure && withoutOpenssl,
    }, async (t) => {
      let begun = 0
      const { open } = await setUp(
        t,
        (request, response) => {
          begun += 1
          response.end(`path=${request.url};${LARGE}`)
        },
        isSecure,
      )
      const socket = await open()
      socket.pause()
      const paths = many(1300)
      socket.write(paths.map((path) => get(path)).join('') + get('/last', 'Connection: close'))
      let before = -1
      while (begun !== before) {
        before = begun
        await sleep(200)
      }
      // What the system keeps for a connection is some megabytes.
      assert.ok(begun > 0 && begun < 300, `${begun} were begun`)
      const answers = rest(socket)
      socket.resume()
      assert.deepEqual(pathsIn(await answers), [...paths, '/last'])
    })
  }

  test('what is not HTTP is refused after the answers before it', async (t) => {
    const { open } = await setUp(t, async (request, response) => {
      await sleep(5)
      response.end(`path=${request.url};`)
    })
    for (const [before, nonsense] of [
      [1, 'nonsense\r\n\r\n'],
      [2, 'nonsense\r\n\r\n'],
      [40, 'GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n'],
      [3, 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ] as const) {
      const socket = await open()
      const answers = rest(socket)
      socket.write(
        many(before)
          .map((path) => get(path))
          .join('') + nonsense,
      )
      assert.deepEqual(statusesIn(await answers), [...Array(before).fill('200'), '400'])
    }
  })

  test('what Node would refuse by itself takes its turn, in the documented schema', async (t) => {
    const { open } = await setUp(t, async (request, response) => {
      await sleep(5)
      response.end(`path=${request.url};`)
    })
    for (const [request, status] of [
      ['GET / HTTP/1.1\r\n\r\n', '400'],
      [get('/', 'Expect: the best'), '417'],
    ] as const) {
      const socket = await open()
      const answers = rest(socket)
      socket.write(get('/1') + request.repeat(500))
      const text = await answers
      assert.deepEqual(statusesIn(text), ['200', status])
      assert.match(text, /\r\n\r\n\{"code":"invalid","message":"[^"]+"\}$/)
    }
    const socket = await open()
    const answers = rest(socket)
    socket.write('GET /old HTTP/1.0\r\n\r\n')
    assert.deepEqual(pathsIn(await answers), ['/old'])
  })

  test('a request that asks for an upgrade is answered like any other', async (t) => {
    const { open } = await setUp(t, (request, response) => {
      response.end(`path=${request.url};`)
    })
    const socket = await open()
    const answers = rest(socket)
    socket.write(get('/1') + get('/2', 'Connection: Upgrade, close', 'Upgrade: h2c').repeat(2))
    assert.deepEqual(pathsIn(await answers), ['/1', '/2'])
  })

  test('a client that leaves while its requests wait holds up nothing', async (t) => {
    const first = Promise.withResolvers<void>()
    let begun = 0
    const { listener, open } = await setUp(t, async (_request, response) => {
      begun += 1
      first.resolve()
      await sleep(50)
      response.end('done')
    })
    const socket = await open()
    socket.write(
      many(200)
        .map((path) => get(path))
        .join(''),
    )
    await first.promise
    socket.destroy()
    await sleep(500)
    const started = performance.now()
    await listener.stop(20_000)
    assert.ok(performance.now() - started < 10_000)
    assert.ok(begun < 10, `${begun} were begun`)
  })
})
