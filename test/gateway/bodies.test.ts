/** Bodies in both directions: asked for, bounded, broken off, slow. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { after, before, beforeEach, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { send } from '../support/http.ts'
import { type GatewayWorld, head, startGateway, statusesOf } from './world.ts'

const WRITE = '/api/v2/write?org=analytics&bucket=engine'
/** More than the gateway reads before it sends. */
const LARGE = 70_000

let gateway: GatewayWorld
let credential: string
before(async () => {
  const settings = { 'max-write-size': '1MiB', 'write-timeout': '1s', 'query-timeout': '2s', timeout: '1s' }
  gateway = await startGateway(settings)
  credential = `Authorization: ${gateway.operator.authorization}`
})
after(() => gateway.stop())
beforeEach(() => gateway.reset())

/** A connection of its own; `read` gives all that was answered so far. */
function open(bytes: string) {
  const socket: Socket = connect(gateway.port, '127.0.0.1')
  socket.on('error', () => {})
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk
  })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.write(bytes, 'latin1')
  return { socket, closed, read: () => text }
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 3000
  while (!(await isSo())) {
    assert.ok(performance.now() < deadline, 'it did not come to that')
    await sleep(10)
  }
}

const post = (target: string, ...lines: readonly string[]) =>
  head(`POST ${target} HTTP/1.1`, 'Host: x', credential, 'Connection: close', ...lines)

suite('a client that waits to be asked for its body', () => {
  const expecting = (target: string, length: number, ...lines: string[]) =>
    post(target, 'Expect: 100-continue', `Content-Length: ${length}`, ...lines)

  for (const [name, length] of [
    ['small', 5],
    ['large', LARGE],
  ] as const) {
    test(`is asked where the request may be sent, and sends it: ${name}`, async () => {
      const { socket, read, closed } = open(expecting(WRITE, length))
      await until(() => read() !== '')
      assert.equal(read(), 'HTTP/1.1 100 Continue\r\n\r\n')
      socket.write('x'.repeat(length))
      await closed
      assert.deepEqual(statusesOf(read()), [100, 204])
      const { headers, body } = gateway.only()
      assert.equal(headers.expect, undefined)
      assert.equal(Buffer.concat(body).length, length)
    })
  }

  const REFUSED: readonly (readonly [name: string, status: number, bytes: () => string])[] = [
    ['of a bucket that is not there', 404, () => expecting('/api/v2/write?org=analytics&bucket=no', 5)],
    ['without credentials', 401, () => expecting(WRITE, 5).replace(`${credential}\r\n`, '')],
    ['that is too large', 413, () => expecting(WRITE, 1_048_577)],
    ['whose delete is too large', 413, () => expecting(WRITE.replace('write', 'delete'), 1_048_577)],
    ['with an unknown coding', 415, () => expecting(WRITE, 5, 'Content-Encoding: br')],
    ['with two buckets', 400, () => expecting(`${WRITE}&bucket=x`, 5)],
    ['by a method that is not there', 405, () => expecting(WRITE, 5).replace('POST', 'PUT')],
  ]
  for (const [name, status, bytes] of REFUSED) {
    test(`is refused before it is asked, and its connection ends: ${name}`, async () => {
      const { read, closed } = open(bytes())
      await closed
      assert.deepEqual(statusesOf(read()), [status])
      assert.equal(gateway.upstream.arrived.length, 0)
    })
  }
})

suite('a body', () => {
  test('of the largest size passes, with a length and in chunks; a byte more is 413', async () => {
    const most = 1_048_576
    const headers = gateway.operator
    for (const [size, status] of [
      [most, 204],
      [most + 1, 413],
    ] as const) {
      const body = Buffer.alloc(size, 'x')
      const known = await send(gateway.url, { method: 'POST', path: WRITE, headers, body })
      assert.equal(known.status, status)
      const chunks = `${post(WRITE, 'Transfer-Encoding: chunked')}${size.toString(16)}\r\n${body}\r\n0\r\n\r\n`
      const { read, closed } = open(chunks)
      await closed
      assert.deepEqual(statusesOf(read()), [status], read())
    }
    const whole = gateway.upstream.arrived.filter(({ body }) => Buffer.concat(body).length === most)
    assert.equal(whole.length, 2)
    for (const arrived of gateway.upstream.arrived) {
      assert.equal(await arrived.ended, whole.includes(arrived) ? 'complete' : 'broken off')
    }
  })

  test('that is judged has a smaller limit: 413', async () => {
    const body = ' '.repeat(1_048_577)
    for (const path of ['/api/v2/delete?org=analytics&bucket=engine', '/api/v2/labels', '/api/v2/tasks']) {
      const { status } = await send(gateway.url, { method: 'POST', path, headers: gateway.operator, body })
      assert.equal(status, 413, path)
    }
    assert.equal(gateway.upstream.arrived.length, 0)
  })

  test('that a delete does not have is none, and is not waited for', async () => {
    const { status } = await gateway.ask('POST', WRITE.replace('write', 'delete'))
    assert.equal(status, 204)
    assert.equal(gateway.only().headers['content-length'], '0')
  })

  for (const [name, framing] of [
    ['small', 'Content-Length: 100'],
    ['large', `Content-Length: ${LARGE}`],
    ['chunked', 'Transfer-Encoding: chunked'],
  ] as const) {
    test(`of which nothing more comes ends the connection, and its place is free again: ${name}`, async () => {
      const { closed } = open(`${post(WRITE, framing)}5\r\nm v=1\r\n`)
      await closed
      for (const { ended } of gateway.upstream.arrived) assert.equal(await ended, 'broken off')
      assert.equal(await inFlight(), 0)
    })

    test(`that the client breaks off is broken off upstream: ${name}`, async () => {
      const { socket } = open(`${post(WRITE, framing)}5\r\nm v=1\r\n`)
      if (name !== 'small') await until(() => gateway.upstream.arrived.length === 1)
      else await sleep(50)
      socket.destroy()
      for (const { ended } of gateway.upstream.arrived) assert.equal(await ended, 'broken off')
      await until(async () => (await inFlight()) === 0)
    })
  }

  test('that comes slowly, but comes, is taken for longer than the limit', async () => {
    const { socket, read, closed } = open(post(WRITE, 'Transfer-Encoding: chunked'))
    for (let at = 0; at < 10; at += 1) {
      socket.write('1\r\nx\r\n')
      await sleep(250)
    }
    socket.write('0\r\n\r\n')
    await closed
    assert.deepEqual(statusesOf(read()), [204])
  })
})

async function inFlight(): Promise<number> {
  const { text } = await send(gateway.url, { method: 'GET', path: '/metrics' })
  return Number(/^sluice_gateway_in_flight(?:\{[^}]*\})? (\d+)$/m.exec(text)?.[1] ?? Number.NaN)
}

suite('an answer to an unfinished upload', () => {
  for (const framing of [`Content-Length: ${LARGE}`, 'Transfer-Encoding: chunked']) {
    test(`reaches the client, and the rest is not taken: ${framing}`, async () => {
      gateway.upstream.answer = (_, response) => {
        response.writeHead(422, { 'content-type': 'application/json' }).end('{"code":"unprocessable entity"}')
      }
      const { read, closed } = open(`${post(WRITE, framing)}5\r\nm v=1\r\n`)
      await closed
      assert.deepEqual(statusesOf(read()), [422])
      assert.match(read(), /unprocessable entity/)
      await gateway.only().closed
      assert.equal(await inFlight(), 0)
    })
  }
})

suite('a client that goes away', () => {
  for (const when of ['before the answer', 'in the answer']) {
    test(`${when} ends the request upstream, so that a query stops`, async () => {
      gateway.upstream.answer = (_, response) => {
        if (when === 'in the answer') response.write('part')
      }
      const { socket, read } = open(head('GET /api/v2/dashboards HTTP/1.1', 'Host: x', credential))
      await until(() => gateway.upstream.arrived.length === 1 && (when !== 'in the answer' || read() !== ''))
      socket.destroy()
      await gateway.only().closed
      await until(async () => (await inFlight()) === 0)
    })
  }

  test('is no error in the log', async () => {
    const errors = gateway.log.filter((line) => line.includes('"level":"error"'))
    assert.deepEqual(errors, [])
  })
})

suite('upstream that fails', () => {
  const get = () => gateway.ask('GET', '/api/v2/dashboards')

  test('before it answers is 502, with the documented error', async () => {
    gateway.upstream.answer = (request) => request.socket.destroy()
    const { status, json, headers } = await get()
    assert.deepEqual([status, json.code], [502, 'unavailable'])
    assert.equal(headers['retry-after'], '1')
    assert.match(String(headers['x-request-id']), /\S/)
  })

  test('in the middle of an answer cuts the client off, with a length and in chunks', async () => {
    for (const length of ['10', undefined]) {
      gateway.upstream.answer = (request, response) => {
        response.writeHead(200, length === undefined ? {} : { 'content-length': length })
        response.write('part', () => setTimeout(() => request.socket.destroy(), 20))
      }
      const answer = await gateway.raw(head('GET /api/v2/dashboards HTTP/1.1', 'Host: x', credential))
      assert.match(answer, /part/)
      assert.ok(!answer.endsWith('0\r\n\r\n'), 'a clean end')
      await assert.rejects(get())
    }
  })

  test('to answer in time is 504', async () => {
    gateway.upstream.answer = () => {}
    const { status, json } = await get()
    assert.deepEqual([status, json.code], [504, 'unavailable'])
    await gateway.only().closed
  })

  test('with what is no HTTP is 502, and with an interim answer nothing', async () => {
    gateway.upstream.answer = (request) => request.socket.end('SSH-2.0\r\n')
    assert.equal((await get()).status, 502)
    gateway.upstream.answer = (_, response) => {
      response.writeEarlyHints({ link: '</x>; rel=preload' })
      response.writeHead(204).end()
    }
    assert.equal((await get()).status, 204)
  })

  test('for a body that was sent is 502 too, and the connection to the client stays whole', async () => {
    gateway.upstream.answer = (request) => request.socket.destroy()
    const { read, closed } = open(`${post(WRITE, `Content-Length: ${LARGE}`)}${'x'.repeat(100)}`)
    await closed
    assert.deepEqual(statusesOf(read()), [502])
  })
})

test('a large answer is read from upstream as the client reads it', async () => {
  const size = 48_000_000
  let written = 0
  gateway.upstream.answer = (_, response) => {
    const chunk = Buffer.alloc(64_000, 'x')
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
  }
  const socket = connect(gateway.port, '127.0.0.1')
  socket.write(head('GET /api/v2/dashboards HTTP/1.1', 'Host: x', credential, 'Connection: close'))
  await sleep(500)
  assert.ok(written > 0 && written < size / 2, `${written} bytes were written for a client that reads none`)
  let length = 0
  socket.on('data', (chunk) => {
    length += chunk.length
  })
  await once(socket, 'close')
  assert.ok(length >= size)
})
