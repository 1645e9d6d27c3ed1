/** Against servers on loopback that write bytes as they are. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { suite, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLeanTransport, type LeanOptions } from './lean-transport.ts'
import type { AnswerControl, AnswerReader, Transport, UpstreamFailure, UpstreamRequest } from './transport.ts'

type OnRequest = (socket: Socket, text: string, count: number) => void

/** Calls with each request, as far as it came in one piece; counts connections. */
async function serve(t: TestContext, onRequest: OnRequest) {
  const sockets: Socket[] = []
  let requests = 0
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      requests += 1
      onRequest(socket, chunk.toString('latin1'), requests)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets, server }
}

interface World {
  readonly transport: Transport
  /** The bodies of requests that went to the other transport. */
  readonly others: string[]
}

function transportTo(t: TestContext, url: string, more: Partial<LeanOptions> = {}): World {
  const others: string[] = []
  const other = {
    send: ({ body }: UpstreamRequest) => void others.push(String(body)),
    close: async () => {},
  }
  const transport = createLeanTransport({ url, connections: 2, connectTimeoutMs: 1000, ...more }, other)
  t.after(() => transport.close())
  return { transport, others }
}

interface Answer {
  status?: number
  headers?: readonly string[]
  body: string
  failure?: UpstreamFailure
}

const WRITE: UpstreamRequest = {
  ...{ method: 'POST', target: '/api/v2/write?org=a', headers: ['x', 'y'], timeoutMs: 1000, isShort: true },
  body: Buffer.from('cpu v=1'),
}

function ask(
  { transport }: Pick<World, 'transport'>,
  request: Partial<UpstreamRequest> = {},
  hooks: { onStart?(control: AnswerControl): void; onHead?(control: AnswerControl): void } = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const answer: Answer = { body: '' }
  let control: AnswerControl
  let isOver = false
  const over = () => {
    if (isOver) reject(new Error('it ended twice'))
    isOver = true
    resolve(answer)
  }
  const reader: AnswerReader = {
    onStart(given) {
      control = given
      hooks.onStart?.(given)
    },
    onHead(status, headers) {
      if (isOver) reject(new Error('a head after the end'))
      Object.assign(answer, { status, headers })
      hooks.onHead?.(control)
    },
    onData(chunk) {
      if (isOver) reject(new Error('data after the end'))
      answer.body += chunk.toString()
    },
    onEnd: over,
    onFailure(failure) {
      answer.failure = failure
      over()
    },
  }
  transport.send({ ...WRITE, ...request }, reader)
  return promise
}

const DONE = 'HTTP/1.1 204 No Content\r\nX: 1\r\n\r\n'

suite('small writes', () => {
  test('are sent whole, one after the other on one connection', async (t) => {
    const texts: string[] = []
    const { url, sockets } = await serve(t, (socket, text) => {
      texts.push(text)
      socket.write(DONE)
    })
    const world = transportTo(t, url)
    for (let count = 0; count < 3; count += 1) {
      assert.deepEqual(await ask(world), { status: 204, headers: ['X', '1'], body: '' })
    }
    assert.equal(sockets.length, 1)
    const head = `POST /api/v2/write?org=a HTTP/1.1\r\nhost: ${new URL(url).host}\r\nconnection: keep-alive\r\nx: y\r\n`
    assert.equal(texts[2], `${head}content-length: 7\r\n\r\ncpu v=1`)
    assert.deepEqual(world.others, [])
  })

  test('of any size arrive as they are', async (t) => {
    let text = ''
    const { url } = await serve(t, (socket, part) => {
      text += part
      if (text.endsWith('end')) socket.write(DONE)
    })
    const body = Buffer.from(`${'\xff\0'.repeat(30_000)}end`, 'latin1')
    assert.equal((await ask(transportTo(t, url), { body })).status, 204)
    assert.equal(text.slice(text.indexOf('\r\n\r\n') + 4), body.toString('latin1'))
  })

  test('go another way where they are not small writes, or all connections are busy', async (t) => {
    const { url } = await serve(t, () => {})
    const world = transportTo(t, url)
    const { isShort: _, ...other } = WRITE
    world.transport.send(other, {} as AnswerReader)
    world.transport.send({ ...WRITE, body: undefined }, {} as AnswerReader)
    assert.deepEqual(world.others, ['cpu v=1', 'undefined'])
    void ask(world)
    void ask(world)
    world.transport.send({ ...WRITE, body: Buffer.from('third') }, {} as AnswerReader)
    assert.deepEqual(world.others.slice(2), ['third'])
  })

  test('with what could end a line go to undici, which refuses it', async (t) => {
    const { url } = await serve(t, (socket) => socket.write(DONE))
    const world = transportTo(t, url)
    for (const request of [
      { target: '/a b' },
      { target: '/a\r\nx: y' },
      { headers: ['authorization', 'Token a\r\nx: y'] },
      { headers: ['authorization', 'Token \u0100'] },
    ]) {
      world.transport.send({ ...WRITE, ...request, body: Buffer.from('strange') }, {} as AnswerReader)
    }
    assert.deepEqual(world.others, Array(4).fill('strange'))
  })
})

suite('answers to small writes', () => {
  const answers: Readonly<Record<string, readonly string[]>> = {
    'with a body': ['HTTP/1.1 400 Bad\r\ncontent-length: 3\r\n\r\nbad'],
    'in chunks': ['HTTP/1.1 400 Bad\r\ntransfer-encoding: chunked\r\n\r\n3\r\nbad\r\n0\r\n\r\n'],
    'in parts': ['HTTP/1.1 400', ' Bad\r\ncontent-le', 'ngth: 3\r\n\r', '\nba', 'd'],
    'after an interim one': ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 Bad\r\ncontent-length: 3\r\n\r\nbad'],
  }
  for (const [name, parts] of Object.entries(answers)) {
    test(`${name} are handed on, and the next request is not disturbed`, async (t) => {
      const { url } = await serve(t, async (socket, _text, count) => {
        for (const part of count === 1 ? parts : [DONE]) {
          socket.write(part)
          await sleep(10)
        }
      })
      const world = transportTo(t, url)
      const { status, body, failure } = await ask(world)
      assert.deepEqual({ status, body, failure }, { status: 400, body: 'bad', failure: undefined })
      assert.equal((await ask(world)).status, 204)
    })
  }

  test('until the end of the connection are whole', async (t) => {
    const { url } = await serve(t, (socket) => socket.end('HTTP/1.1 400 Bad\r\n\r\nbad'))
    const { status, body } = await ask(transportTo(t, url))
    assert.deepEqual([status, body], [400, 'bad'])
  })

  const broken: Readonly<Record<string, string>> = {
    'that is none': 'SSH-2.0-OpenSSH_9.9\r\n',
    'of two lengths': 'HTTP/1.1 204 No Content\r\ncontent-length: 3\r\ncontent-length: 5\r\n\r\n',
    'that ends in its head': 'HTTP/1.1 204 No Con',
    'that never comes': '',
  }
  for (const [name, text] of Object.entries(broken)) {
    test(`${name} is a broken connection`, async (t) => {
      const { url } = await serve(t, (socket) => socket.end(text))
      const { status, failure } = await ask(transportTo(t, url))
      assert.deepEqual([status, failure?.kind], [undefined, 'broken'])
    })
  }

  test('that are cut off in the body say so after the head', async (t) => {
    const { url } = await serve(t, (socket) => socket.end('HTTP/1.1 400 Bad\r\ncontent-length: 9\r\n\r\nbad'))
    const { status, failure } = await ask(transportTo(t, url))
    assert.deepEqual([status, failure?.kind], [400, 'broken'])
  })

  test('that the client cannot be told break the request and not the process', async (t) => {
    const { url } = await serve(t, (socket, _text, count) =>
      socket.write(count === 1 ? DONE : 'HTTP/1.1 204 N\r\nx: 1\r\nTransfer-Encoding: chunked\r\n\r\n'),
    )
    const world = transportTo(t, url)
    for (let count = 0; count < 2; count += 1) {
      const onHead = () => {
        throw new Error('no such header')
      }
      assert.equal((await ask(world, {}, { onHead })).failure?.kind, 'broken')
    }
  })

  test('may rest in the middle, beyond the time limit', async (t) => {
    const part = 'x'.repeat(100_000)
    const { url } = await serve(t, (socket) =>
      socket.write(`HTTP/1.1 400 Bad\r\ncontent-length: 200000\r\n\r\n${part}${part}`),
    )
    const onHead = (control: AnswerControl) => {
      control.pause()
      setTimeout(() => control.resume(), 1200)
    }
    const { body, failure } = await ask(transportTo(t, url), { timeoutMs: 400 }, { onHead })
    assert.deepEqual([body.length, failure], [200_000, undefined])
  })

  test('are whole for a client that reads slowly after upstream has closed the connection', async (t) => {
    for (const size of [3, 30_000, 300_000]) {
      const text = 'x'.repeat(size)
      const { url } = await serve(t, (socket) =>
        socket.end(`HTTP/1.1 400 Bad\r\ncontent-length: ${size}\r\nconnection: close\r\n\r\n${text}`),
      )
      const onHead = (control: AnswerControl) => {
        control.pause()
        setTimeout(() => control.resume(), 300)
      }
      const { body, failure } = await ask(transportTo(t, url), {}, { onHead })
      assert.deepEqual([body.length, failure], [size, undefined])
    }
  })

  test('that are interim without an end are over in time', async (t) => {
    const { url } = await serve(t, (socket) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 20)
      socket.on('close', () => clearInterval(timer))
    })
    const { status, failure } = await ask(transportTo(t, url), { timeoutMs: 300 })
    assert.deepEqual([status, failure?.kind], [undefined, 'timeout'])
  })

  test('that switch the protocol are a broken connection', async (t) => {
    const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nmore'
    const { url } = await serve(t, (socket) => socket.write(upgrade))
    const { status, failure } = await ask(transportTo(t, url))
    assert.deepEqual([status, failure?.kind], [undefined, 'broken'])
  })

  test('before the body was sent end the connection, so that its rest is no request', async (t) => {
    const texts: string[] = []
    const { url, server } = await serve(t, (socket, text) => {
      texts.push(text)
      socket.write(DONE)
    })
    // What it has not read stays in its queue, beyond which nothing is sent.
    server.on('connection', (socket: Socket) => socket.once('data', () => socket.pause()))
    const world = transportTo(t, url, { connections: 1 })
    const body = Buffer.concat([Buffer.alloc(20_000_000), Buffer.from('POST /smuggled HTTP/1.1\r\n\r\n')])
    assert.equal((await ask(world, { body })).status, 204)
    assert.equal((await ask(world)).status, 204)
    assert.ok(texts.every((text) => !text.startsWith('POST /smuggled')))
    assert.equal(texts.at(-1)?.startsWith('POST /api/v2/write'), true, 'on a connection of its own')
  })
})

suite('connections for small writes', () => {
  test('that do not come about are refused', async (t) => {
    const { url, server } = await serve(t, () => {})
    server.close()
    await once(server, 'close')
    assert.equal((await ask(transportTo(t, url))).failure?.kind, 'refused')
  })

  test('whose answer does not come in time end, and the next request has another one', async (t) => {
    const { url, sockets } = await serve(t, (socket, _text, count) => void (count > 1 && socket.write(DONE)))
    const world = transportTo(t, url, { connections: 1 })
    assert.equal((await ask(world, { timeoutMs: 100 })).failure?.kind, 'timeout')
    assert.equal((await ask(world)).status, 204)
    assert.equal(sockets.length, 2)
  })

  test('end with an aborted request, before and after it was sent', async (t) => {
    let requests = 0
    const { url } = await serve(t, () => {
      requests += 1
    })
    const world = transportTo(t, url)
    const early = await ask(world, {}, { onStart: (control) => control.abort() })
    assert.equal(early.failure?.kind, 'aborted')
    const late = await ask(world, {}, { onStart: (control) => void setTimeout(() => control.abort(), 100) })
    assert.equal(late.failure?.kind, 'aborted')
    assert.equal(requests, 1)
  })

  test('are not used again once upstream closed them, or said something unasked', async (t) => {
    const { url, sockets } = await serve(t, (socket) => socket.write(DONE))
    const world = transportTo(t, url)
    await ask(world)
    sockets[0]?.end()
    await sleep(50)
    await ask(world)
    sockets[1]?.write('HTTP/1.1 204 Forged\r\n\r\n')
    await sleep(50)
    assert.deepEqual((await ask(world)).headers, ['X', '1'])
    assert.equal(sockets.length, 3)
  })

  test('are not used again where upstream says that it closes them, or more came than an answer', async (t) => {
    const { url, sockets } = await serve(t, (socket, _text, count) =>
      socket.write(
        count === 1 ? 'HTTP/1.1 204 No\r\nconnection: close\r\n\r\n' : `${DONE}HTTP/1.1 200 X\r\n\r\n`,
      ),
    )
    const world = transportTo(t, url)
    for (let count = 0; count < 3; count += 1) assert.equal((await ask(world)).status, 204)
    assert.equal(sockets.length, 3)
  })
})
