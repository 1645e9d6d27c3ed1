import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { get, setUpServer } from './api.ts'
import { startSluice } from './sluice.ts'

interface Conversation {
  readonly socket: Socket
  /** Everything received by the time the server closed the connection. */
  readonly ended: Promise<string>
}

/** Sends bytes and then nothing; a `stubborn` client never closes the connection itself. */
async function say(port: number, text: string, stubborn = false): Promise<Conversation> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: stubborn })
  socket.on('error', () => {})
  await once(socket, 'connect')
  let answer = ''
  socket.setEncoding('utf8').on('data', (chunk) => {
    answer += chunk
  })
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(answer)))
  socket.write(text)
  return { socket, ended }
}

/** Checks that a response built by hand has the documented form of an error. */
function assertRefusal(answer: string, status: string, code: string): void {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  const [statusLine, ...lines] = head.split('\r\n')
  assert.equal(statusLine, `HTTP/1.1 ${status}`)
  const headers = new Map(lines.map((line) => line.split(': ') as [string, string]))
  const { message, ...rest } = JSON.parse(body)
  assert.deepEqual(rest, { code })
  assert.ok(message.length > 0)
  assert.equal(headers.get('x-platform-error-code'), code)
  assert.equal(headers.get('content-type'), 'application/json; charset=utf-8')
  assert.equal(headers.get('content-length'), String(Buffer.byteLength(body)))
  assert.equal(headers.get('connection'), 'close')
  assert.equal(headers.get('x-influxdb-build'), 'OSS')
}

const HALF_A_HEADER = 'GET /api/v2/me HTTP/1.1\r\nHost: localhost\r\nAuthorization: Tok'
const FLAGS = [
  ...['--http-read-header-timeout', '1s', '--http-read-timeout', '1s', '--http-idle-timeout', '1s'],
  ...['--http-max-header-size', '8KiB'],
]

test('a server with clients that are slow or do not speak HTTP', async (t) => {
  const server = await startSluice(t, ['--store', 'memory', ...FLAGS])
  await setUpServer(server.url)

  await t.test('fifty with half a header delay no other client, and are cut off', async () => {
    const started = performance.now()
    const slow = await Promise.all(Array.from({ length: 50 }, () => say(server.port, HALF_A_HEADER)))
    let cutOff = 0
    for (const { ended } of slow) ended.then(() => (cutOff += 1))
    let answered = 0
    for (; cutOff === 0; answered++) {
      assert.equal((await get(server.url, '/api/v2/setup')).json.allowed, false)
    }
    assert.ok(answered >= 5, `${answered} were answered while all fifty were there`)
    for (const { ended } of slow) assertRefusal(await ended, '408 Request Timeout', 'invalid')
    const seconds = (performance.now() - started) / 1000
    assert.ok(seconds >= 1, `cut off after ${seconds} s`)
  })

  await t.test('a missing body and an idle connection are closed on time', async () => {
    const head = 'POST /api/v2/setup HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n'
    const [body, rest] = await Promise.all([
      say(server.port, `${head}{"username":`),
      say(server.port, 'GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    ])
    assertRefusal(await body.ended, '408 Request Timeout', 'invalid')
    assert.match(await rest.ended, /^HTTP\/1\.1 204 No Content\r\n/)
  })

  await t.test(
    'headers over the limit and malformed HTTP are answered by the documented schema',
    async () => {
      const withHeader = (bytes: number) =>
        `GET /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Long: ${'x'.repeat(bytes)}\r\n\r\n`
      const long = await say(server.port, withHeader(9000))
      assertRefusal(await long.ended, '431 Request Header Fields Too Large', 'request too large')
      const fits = await say(server.port, withHeader(7000))
      assert.match(await fits.ended, /^HTTP\/1\.1 204 /)

      for (const nonsense of [
        'nonsense\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n',
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      ]) {
        const { ended } = await say(server.port, nonsense)
        assertRefusal(await ended, '400 Bad Request', 'invalid')
      }
    },
  )

  await t.test('clients that disconnect at once have no effect on others', async () => {
    for (let count = 0; count < 50; count++) {
      const { socket } = await say(server.port, HALF_A_HEADER)
      socket.resetAndDestroy()
    }
    assert.equal((await get(server.url, '/health')).status, 200)
    assert.deepEqual(await server.stop(), { code: 0, signal: null })
    assert.doesNotMatch(server.output(), /"level":"error"/)
  })
})

test('endlessly slow clients, with only the time limits shortened', async (t) => {
  const server = await startSluice(t, ['--store', 'memory', '--http-body-timeout', '1s'])
  const { token } = await setUpServer(server.url)

  /** Sends one byte of a body at intervals until cut off; returns the response and the elapsed time. */
  async function drip(head: string) {
    const lines = `${head} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000\r\n\r\n`
    const { socket, ended } = await say(server.port, lines, true)
    const started = performance.now()
    const dripping = setInterval(() => socket.write('x'), 50)
    const answer = await ended
    clearInterval(dripping)
    return { answer, seconds: (performance.now() - started) / 1000 }
  }

  await t.test('a body sent byte by byte is refused on time, for all clients', async () => {
    for (const head of ['POST /api/v2/setup', 'PUT /api/v2/me/password']) {
      const all = await Promise.all(Array.from({ length: 30 }, () => drip(head)))
      for (const { answer, seconds } of all) {
        assertRefusal(answer, '408 Request Timeout', 'invalid')
        assert.ok(seconds >= 0.9 && seconds < 8, `${head}: ${seconds} s`)
      }
    }
  })

  await t.test(
    'a response sent before the body has arrived closes the connection, however much is outstanding',
    async () => {
      for (const head of ['POST /api/v2/signin', 'POST /api/v2/users', 'GET /api/v2/me']) {
        const all = await Promise.all(Array.from({ length: 30 }, () => drip(head)))
        for (const { answer, seconds } of all) {
          assert.match(answer, /^HTTP\/1\.1 401 Unauthorized\r\n/)
          assert.match(answer, /\r\nconnection: close\r\n/i)
          assert.ok(seconds < 8, `${head}: ${seconds} s`)
        }
      }
    },
  )

  await t.test('a complete body keeps the connection open, even if the request is refused', async () => {
    const post = 'POST /api/v2/users HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}'
    const last = 'GET /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
    const { ended } = await say(server.port, post + post + last)
    const statuses = [...(await ended).matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1])
    assert.deepEqual(statuses, ['401', '401', '204'])
  })

  await t.test('a body over the limit gets a response that the client can read', async () => {
    const head = `POST /api/v2/users HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token ${token}\r\n`
    const { socket, ended } = await say(server.port, `${head}Content-Length: 3000000\r\n\r\n`)
    socket.write(Buffer.alloc(3_000_000, 0x20))
    const answer = await ended
    assert.match(answer, /^HTTP\/1\.1 413 /)
    assert.match(answer, /\r\nconnection: close\r\n/i)
  })

  await t.test('a client that does not read its responses is cut off', async () => {
    const { length } = (await get(server.url, '/api/v2/openapi.json')).text
    const request = 'GET /api/v2/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n'
    const { socket, ended } = await say(server.port, '', true)
    socket.pause()
    // Far more than the socket buffers hold.
    for (let sent = 0; sent < 60_000_000; sent += length) socket.write(request)
    const started = performance.now()
    const isCutOff = new Promise((resolve) => socket.once('error', resolve))
    const probe = setInterval(() => socket.write('x'), 200)
    await Promise.race([isCutOff, ended])
    clearInterval(probe)
    assert.ok(performance.now() - started < 20_000)
    socket.destroy()
  })

  await t.test('other clients are served throughout, and no error is logged', async () => {
    assert.equal((await get(server.url, '/health')).status, 200)
    assert.deepEqual(await server.stop(), { code: 0, signal: null })
    assert.doesNotMatch(server.output(), /"level":"error"/)
  })
})
