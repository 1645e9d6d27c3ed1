/** Against real servers on loopback, from well behaved to cut off in the middle. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net'
import { PassThrough, Readable } from 'node:stream'
import { suite, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { AnswerControl, AnswerReader, UpstreamFailure, UpstreamRequest } from './transport.ts'
import { createTransport, type TransportOptions } from './undici-transport.ts'

async function listen(t: TestContext, server: Server): Promise<string> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const serve = (t: TestContext, handle: RequestListener) => listen(t, createServer(handle))
/** A server that writes bytes as they are. */
const serveRaw = (t: TestContext, handle: (socket: Socket) => void) => listen(t, createSocketServer(handle))

function transportTo(t: TestContext, url: string, more: Partial<TransportOptions> = {}) {
  const transport = createTransport({ url, connections: 4, connectTimeoutMs: 1000, ...more })
  t.after(() => transport.close())
  return transport
}

interface Answer {
  status: number
  message: string
  headers: readonly string[]
  body: Buffer
  failure: UpstreamFailure | undefined
  /** What was called, in order; data once. */
  calls: string[]
}

/** Sends a request and reads the answer to its end, unless `onData` says how. */
function ask(
  transport: ReturnType<typeof createTransport>,
  request: Partial<UpstreamRequest>,
  hooks: { onStart?(control: AnswerControl): void; onHead?(control: AnswerControl): void } = {},
): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>()
  const answer: Answer = {
    ...{ status: 0, message: '', headers: [], body: Buffer.alloc(0), failure: undefined, calls: [] },
  }
  const chunks: Buffer[] = []
  let control: AnswerControl | undefined
  const finish = () => resolve({ ...answer, body: Buffer.concat(chunks) })
  const reader: AnswerReader = {
    onStart(given) {
      control = given
      answer.calls.push('start')
      hooks.onStart?.(given)
    },
    onHead(status, headers, message) {
      Object.assign(answer, { status, headers, message })
      answer.calls.push('head')
      if (control) hooks.onHead?.(control)
    },
    onData(chunk) {
      if (answer.calls.at(-1) !== 'data') answer.calls.push('data')
      chunks.push(Buffer.from(chunk))
    },
    onEnd() {
      answer.calls.push('end')
      finish()
    },
    onFailure(failure) {
      answer.failure = failure
      answer.calls.push('failure')
      finish()
    },
  }
  transport.send(
    { method: 'GET', target: '/x', headers: [], body: undefined, timeoutMs: 5000, ...request },
    reader,
  )
  return promise
}

suite('a request', () => {
  test('arrives as it is: target, method, headers in their case and order, body', async (t) => {
    const seen: unknown[] = []
    const url = await serve(t, async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      const { method, url, rawHeaders } = request
      seen.push({ method, url, rawHeaders, body })
      response.end()
    })
    const transport = transportTo(t, url)
    const host = new URL(url).host
    const headers = ['X-B', '1', 'x-a', '2', 'X-B', '3', 'Authorization', 'Token t', 'x-k', 'k\u00e4se']
    await ask(transport, { method: 'POST', target: '/w?a=%20b', headers, body: Buffer.from('m v=1') })
    const { body, rawHeaders, ...line } = seen[0] as { body: string; rawHeaders: string[] }
    assert.deepEqual(line, { method: 'POST', url: '/w?a=%20b' })
    assert.equal(body, 'm v=1')
    const framing = ['host', host, 'connection', 'keep-alive', 'content-length', '5']
    assert.deepEqual(
      rawHeaders.filter((each) => headers.includes(each)),
      headers,
    )
    assert.deepEqual(rawHeaders.filter((each) => !headers.includes(each)).toSorted(), framing.toSorted())
  })

  test('without a body says so where its method could have one', async (t) => {
    const url = await serve(t, (request, response) => {
      response.end(`${request.headers['content-length']} ${request.headers['transfer-encoding']}`)
    })
    const transport = transportTo(t, url)
    assert.equal((await ask(transport, { method: 'POST' })).body.toString(), '0 undefined')
    assert.equal((await ask(transport, { method: 'GET' })).body.toString(), 'undefined undefined')
  })

  test('streams its body with its length, or in chunks', async (t) => {
    const url = await serve(t, async (request, response) => {
      let size = 0
      for await (const chunk of request) size += chunk.length
      response.end(`${size} ${request.headers['content-length']} ${request.headers['transfer-encoding']}`)
    })
    const transport = transportTo(t, url)
    const stream = () => Readable.from([Buffer.alloc(100_000), Buffer.alloc(100_000)])
    const known = await ask(transport, { method: 'POST', body: { stream: stream(), length: 200_000 } })
    assert.equal(known.body.toString(), '200000 200000 undefined')
    const unknown = await ask(transport, { method: 'POST', body: { stream: stream(), length: undefined } })
    assert.equal(unknown.body.toString(), '200000 undefined chunked')
  })

  test('cannot smuggle another one in its headers or target', async (t) => {
    let count = 0
    const url = await serve(t, (_, response) => {
      count += 1
      response.end()
    })
    const transport = transportTo(t, url)
    for (const request of [
      { headers: ['x-a', 'b\r\nGET /y HTTP/1.1'] },
      { headers: ['x-a\r\nx-b', 'c'] },
      { target: '/x HTTP/1.1\r\n\r\nGET /y' },
      { target: '/x y' },
      { method: 'GET /y HTTP/1.1\r\n\r\n' },
    ]) {
      const { failure } = await ask(transport, request)
      assert.equal(failure?.kind, 'broken', JSON.stringify(request))
    }
    assert.equal(count, 0)
  })
})

suite('an answer', () => {
  test('comes as it is: status line, headers in their case and order, repeated ones, body', async (t) => {
    const body = Buffer.from([0, 255, 1, 13, 10])
    const url = await serveRaw(t, (socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 299 Quite Fine\r\nX-B: 1\r\nx-a: k\xe4se\r\nX-B: 2\r\n', 'latin1')
        socket.write('Content-Length: 5\r\n\r\n')
        socket.write(body)
      })
    })
    const answer = await ask(transportTo(t, url), {})
    assert.deepEqual([answer.status, answer.message], [299, 'Quite Fine'])
    assert.deepEqual(answer.headers, [...['X-B', '1', 'x-a', 'k\u00e4se', 'X-B', '2', 'Content-Length', '5']])
    assert.deepEqual(answer.body, body)
    assert.deepEqual(answer.calls, ['start', 'head', 'data', 'end'])
  })

  test('packed with gzip passes untouched', async (t) => {
    const packed = gzipSync('m v=1')
    const url = await serve(t, (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)
    })
    const answer = await ask(transportTo(t, url), {})
    assert.deepEqual(answer.body, packed)
    assert.equal(gunzipSync(answer.body).toString(), 'm v=1')
  })

  test('in chunks is joined, and its trailers are dropped', async (t) => {
    const url = await serveRaw(t, (socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n')
        socket.write('3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nX-T: secret\r\n\r\n')
      })
    })
    const answer = await ask(transportTo(t, url), {})
    assert.equal(answer.body.toString(), 'abcde')
    assert.ok(!JSON.stringify(answer.headers).includes('secret'))
    assert.deepEqual(answer.calls, ['start', 'head', 'data', 'end'])
  })

  for (const [method, status] of [
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ] as const) {
    test(`to ${method} with ${status} has no body, and nothing of it is left over`, async (t) => {
      const server = createServer((request, response) => {
        response.writeHead(
          request.url === '/x' ? status : 200,
          request.method === 'HEAD' ? { 'content-length': 7 } : {},
        )
        response.end()
      })
      let connections = 0
      server.on('connection', () => {
        connections += 1
      })
      const transport = transportTo(t, await listen(t, server), { connections: 1 })
      const answer = await ask(transport, { method })
      assert.equal(answer.status, status)
      assert.deepEqual(answer.calls, ['start', 'head', 'end'])
      await ask(transport, { target: '/y' })
      // undici closes the connection after HEAD, which the gateway does not forward.
      if (method !== 'HEAD') assert.equal(connections, 1)
    })
  }

  test('of an interim kind is between this server and upstream', async (t) => {
    const url = await serveRaw(t, (socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n')
      })
    })
    const answer = await ask(transportTo(t, url), {})
    assert.equal(answer.status, 204)
    assert.deepEqual(answer.calls, ['start', 'head', 'end'])
  })

  test('that is large waits in upstream while its reader rests', async (t) => {
    const size = 64_000_000
    let written = 0
    const chunk = Buffer.alloc(64_000, 'x')
    const url = await serve(t, (_, response) => {
      function write(): void {
        while (written < size) {
          written += chunk.length
          if (!response.write(chunk)) {
            response.once('drain', write)
            return
          }
        }
        response.end()
      }
      write()
    })
    const before = process.memoryUsage().rss
    const answered = ask(
      transportTo(t, url),
      {},
      {
        async onHead(control) {
          control.pause()
          await sleep(500)
          assert.ok(written < size / 2, `${written} bytes were written to a reader that rests`)
          assert.ok(process.memoryUsage().rss - before < 50_000_000)
          control.resume()
        },
      },
    )
    assert.equal((await answered).body.length, size)
  })
})

suite('a failure', () => {
  test('to connect is refused', async (t) => {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    for (const url of [`http://127.0.0.1:${port}`, `http://sluice-test.invalid:${port}`]) {
      const { failure, calls } = await ask(transportTo(t, url), {})
      assert.equal(failure?.kind, 'refused', String(failure?.cause))
      assert.deepEqual(calls, ['failure'])
    }
  })

  test('of an upstream that does not speak TLS, or with a certificate of nobody’s, is refused or broken', async (t) => {
    const url = await serveRaw(t, (socket) => socket.end('no'))
    const { failure } = await ask(transportTo(t, url.replace('http:', 'https:')), {})
    assert.ok(failure?.kind === 'broken' || failure?.kind === 'refused', String(failure?.cause))
  })

  test('to answer in time, or to go on, is a timeout', async (t) => {
    const url = await serve(t, (request, response) => {
      request.resume()
      if (request.url === '/part') response.write('part')
    })
    const transport = transportTo(t, url)
    // undici looks at its timers each half second.
    for (const request of [{}, { target: '/part' }, { method: 'POST', body: Buffer.from('x') }]) {
      const { failure } = await ask(transport, { timeoutMs: 100, ...request })
      assert.equal(failure?.kind, 'timeout', JSON.stringify(request))
    }
  })

  test('is none where the answer is slow in all, and never rests for so long', async (t) => {
    const url = await serve(t, async (_, response) => {
      for (let at = 0; at < 8; at += 1) {
        response.write('x')
        await sleep(300)
      }
      response.end()
    })
    const { failure, body } = await ask(transportTo(t, url), { timeoutMs: 1500 })
    assert.equal(failure, undefined)
    assert.equal(body.length, 8)
  })

  const broken: Record<string, string> = {
    'before an answer': '',
    'in the head': 'HTTP/1.1 200 OK\r\nContent-',
    'in a body with a length': 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc',
    'in a chunk': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab',
    'after the last chunk but one': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n',
    'with what is no HTTP': 'SSH-2.0-OpenSSH\r\n',
    'with two lengths': 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nabc',
    'with a length and chunks':
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
    'with a folded header': 'HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\nContent-Length: 0\r\n\r\n',
    'with an upgrade': 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
  }
  for (const [when, bytes] of Object.entries(broken)) {
    test(`${when} is broken`, async (t) => {
      const url = await serveRaw(t, (socket) => {
        socket.once('data', () => socket.end(bytes))
      })
      const { failure, calls } = await ask(transportTo(t, url), {})
      assert.equal(failure?.kind, 'broken', String(failure?.cause))
      assert.equal(calls.filter((each) => each === 'failure').length, 1)
      assert.ok(!calls.includes('end'))
    })
  }

  test('of one request leaves the next one alone', async (t) => {
    const url = await serve(t, (request, response) => {
      if (request.url === '/bad') request.socket.destroy()
      else response.end('good')
    })
    const transport = transportTo(t, url, { connections: 1 })
    const [bad, good] = await Promise.all([ask(transport, { target: '/bad' }), ask(transport, {})])
    assert.equal(bad.failure?.kind, 'broken')
    assert.equal(good.body.toString(), 'good')
  })
})

suite('an abort', () => {
  for (const when of ['before the answer', 'in the answer'] as const) {
    test(`${when} ends the connection to upstream, so that a query stops there`, async (t) => {
      const closed = Promise.withResolvers<void>()
      const arrived = Promise.withResolvers<void>()
      const url = await serve(t, (request, response) => {
        request.socket.once('close', () => closed.resolve())
        if (when === 'in the answer') response.write('part')
        arrived.resolve()
      })
      let control: AnswerControl | undefined
      const answered = ask(
        transportTo(t, url),
        {},
        {
          onStart(given) {
            control = given
          },
          onHead: (given) => given.abort(),
        },
      )
      await arrived.promise
      if (when === 'before the answer') control?.abort()
      const { failure } = await answered
      assert.equal(failure?.kind, 'aborted')
      await closed.promise
    })
  }

  test('at the start sends nothing', async (t) => {
    let count = 0
    const url = await serve(t, (_, response) => {
      count += 1
      response.end()
    })
    const { failure, calls } = await ask(transportTo(t, url), {}, { onStart: (control) => control.abort() })
    assert.equal(failure?.kind, 'aborted')
    assert.deepEqual(calls, ['start', 'failure'])
    await sleep(50)
    assert.equal(count, 0)
  })
})

suite('an unfinished upload', () => {
  test('may be answered; the answer is read', async (t) => {
    const url = await serve(t, (_, response) => {
      response.writeHead(413, { 'content-type': 'text/plain' }).end('too large')
    })
    const stream = new PassThrough()
    const errors: unknown[] = []
    stream.on('error', (error) => errors.push(error))
    stream.write('x'.repeat(1000))
    const answer = await ask(transportTo(t, url), { method: 'POST', body: { stream, length: 2000 } })
    assert.deepEqual([answer.status, answer.body.toString(), answer.failure], [413, 'too large', undefined])
    await sleep(50)
    assert.deepEqual(errors, [])
  })

  test('whose client breaks off is aborted, and upstream does not take the part for the whole', async (t) => {
    for (const length of [2000, undefined]) {
      const ended = Promise.withResolvers<boolean>()
      const url = await serve(t, (request) => {
        request.resume()
        request.once('end', () => ended.resolve(true))
        request.once('close', () => ended.resolve(false))
      })
      const stream = new PassThrough()
      stream.write('x'.repeat(1000))
      const answered = ask(transportTo(t, url), { method: 'POST', body: { stream, length } })
      await sleep(50)
      const cause = new Error('the client is gone')
      stream.destroy(cause)
      const { failure } = await answered
      assert.deepEqual(failure, { kind: 'aborted', cause })
      assert.equal(await ended.promise, false)
    }
  })

  test('to an upstream that reads nothing rests, and does not time out for that', async (t) => {
    const url = await serve(t, (request, response) => {
      setTimeout(() => request.resume(), 1500)
      request.once('end', () => response.end('done'))
    })
    let produced = 0
    const stream = new Readable({
      read() {
        produced += 1
        this.push(produced > 640 ? null : Buffer.alloc(100_000))
      },
    })
    const answered = ask(transportTo(t, url), {
      method: 'POST',
      body: { stream, length: 64_000_000 },
      timeoutMs: 4000,
    })
    await sleep(700)
    assert.ok(produced < 200, `${produced} parts were read for an upstream that reads none`)
    assert.equal((await answered).body.toString(), 'done')
  })
})

test('closing ends requests under way', async (t) => {
  const url = await serve(t, (request) => request.resume())
  const transport = createTransport({ url, connections: 1, connectTimeoutMs: 1000 })
  const waiting = [ask(transport, {}), ask(transport, {})]
  await sleep(50)
  await transport.close()
  for (const { failure } of await Promise.all(waiting)) assert.ok(failure)
  const { failure } = await ask(transport, {})
  assert.ok(failure, 'later ones fail too')
})
