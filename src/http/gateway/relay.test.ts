/** With a transport that the test plays, and a real client that reads the answer. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { suite, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { SluiceError, unavailable } from '../../domain/base/errors.ts'
import { withConstantHeaders } from '../server/constant-headers.ts'
import { GatewayFailure, type RelayOptions, relay } from './relay.ts'
import type { AnswerReader, FailureKind, UpstreamRequest } from './transport.ts'

const REQUEST: UpstreamRequest = {
  ...{ method: 'GET', target: '/x', headers: [], body: undefined, timeoutMs: 1000 },
}

interface Sending {
  readonly request: UpstreamRequest
  readonly reader: AnswerReader
  readonly calls: string[]
}

async function setUp(t: TestContext, options: Partial<RelayOptions> = {}) {
  const server = createServer({
    ServerResponse: withConstantHeaders({ 'x-constant': 'a', 'x-left-out': 'b' }),
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.on('error', () => {})
  t.after(() => {
    client.destroy()
    server.close()
    server.closeAllConnections()
  })
  client.write('GET /x HTTP/1.1\r\nHost: x\r\n\r\n')
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse]
  let read = ''
  const isClosed = new Promise<void>((resolve) => client.once('close', () => resolve()))
  client.setEncoding('latin1')
  const sent: Sending[] = []
  function start(more: Partial<RelayOptions> = {}) {
    return relay({
      transport: {
        send(request, reader) {
          const calls: string[] = []
          sent.push({ request, reader, calls })
          reader.onStart({
            pause: () => calls.push('pause'),
            resume: () => calls.push('resume'),
            abort() {
              calls.push('abort')
              queueMicrotask(() => reader.onFailure({ kind: 'aborted', cause: new Error('aborted') }))
            },
          })
        },
      },
      ...{ request: REQUEST, response, ownHeaders: [], leftOut: new Set(['x-left-out']) },
      ...options,
      ...more,
    })
  }
  return {
    ...{ response, client, sent, start, isClosed },
    get sending() {
      return sent.at(-1) as Sending
    },
    read: () => read,
    listen: () =>
      client.on('data', (text) => {
        read += text
      }),
    gone: async () => {
      client.destroy()
      await once(response, 'close')
    },
  }
}

const failed = (kind: FailureKind) => ({ kind, cause: new Error(kind) })

suite('an answer', () => {
  test('reaches the client as upstream gave it, with what this server adds', async (t) => {
    const it = await setUp(t)
    it.listen()
    const done = it.start({ ownHeaders: ['set-cookie', 'a=b'] })
    const { reader } = it.sending
    reader.onHead(
      299,
      ['X-A', '1', 'Set-Cookie', 'stolen', 'Content-Length', '4', 'Date', 'then'],
      'Quite Fine',
    )
    reader.onData(Buffer.from('ab'))
    reader.onData(Buffer.from('cd'))
    reader.onEnd()
    assert.deepEqual(await done, { status: 299, bytesOut: 4 })
    await sleep(20)
    const [head, body] = it.read().split('\r\n\r\n')
    assert.equal(body, 'abcd')
    const lines = (head ?? '').split('\r\n')
    assert.equal(lines[0], 'HTTP/1.1 299 Quite Fine')
    assert.deepEqual(
      lines.slice(1).filter((line) => !/^(connection|keep-alive)/i.test(line)),
      ['x-constant: a', 'X-A: 1', 'Content-Length: 4', 'Date: then', 'set-cookie: a=b'],
    )
  })

  test('to a reader that rests makes upstream rest, until the reader goes on', async (t) => {
    const it = await setUp(t)
    const done = it.start()
    const { reader, calls } = it.sending
    reader.onHead(200, [], 'OK')
    const chunk = Buffer.alloc(1_000_000)
    let count = 0
    // The system takes some of it for a client that reads nothing.
    do {
      reader.onData(chunk)
      count += 1
      await sleep(20)
    } while (calls.at(-1) !== 'pause')
    assert.ok(count < 30, `${count} MB were taken`)
    it.listen()
    await once(it.response, 'drain')
    assert.equal(calls.at(-1), 'resume')
    reader.onEnd()
    assert.equal((await done).bytesOut, count * 1_000_000)
  })
})

suite('upstream that fails', () => {
  for (const [kind, status] of [
    ['refused', 503],
    ['timeout', 504],
    ['broken', 502],
    ['aborted', 502],
  ] as const) {
    test(`before the answer is ${status} where it is ${kind}; nothing was sent`, async (t) => {
      const it = await setUp(t)
      const done = it.start()
      const failure = failed(kind)
      it.sending.reader.onFailure(failure)
      await assert.rejects(done, (error: GatewayFailure) => {
        assert.ok(error instanceof GatewayFailure)
        assert.deepEqual([error.status, error.code, error.cause], [status, 'unavailable', failure.cause])
        assert.ok(!error.message.includes(kind) || kind === 'broken')
        return true
      })
      assert.ok(!it.response.headersSent)
      assert.equal(it.response.listenerCount('close'), 0)
    })
  }

  test('in the middle of the answer cuts the client off, so that no part passes for the whole', async (t) => {
    const it = await setUp(t)
    it.listen()
    const done = it.start()
    const { reader } = it.sending
    reader.onHead(200, [], 'OK')
    reader.onData(Buffer.from('part'))
    await sleep(20)
    const failure = failed('broken')
    reader.onFailure(failure)
    assert.deepEqual(await done, { status: 200, bytesOut: 4, failure })
    await it.isClosed
    assert.match(it.read(), /\r\n4\r\npart\r\n$/, 'without the last chunk')
  })

  test('because of the client’s body is answered as that deserves', async (t) => {
    const it = await setUp(t)
    const done = it.start()
    const cause = new SluiceError('request too large', 'too large')
    it.sending.reader.onFailure({ kind: 'aborted', cause })
    await assert.rejects(done, cause)
  })
})

suite('a client that goes away', () => {
  test('before the answer ends the request upstream', async (t) => {
    const it = await setUp(t)
    const done = it.start()
    await it.gone()
    assert.deepEqual(it.sending.calls, ['abort'])
    const { status, failure } = await done
    assert.deepEqual([status, failure?.kind], [undefined, 'aborted'])
  })

  test('in the middle of the answer ends it too', async (t) => {
    const it = await setUp(t)
    const done = it.start()
    it.sending.reader.onHead(200, [], 'OK')
    it.sending.reader.onData(Buffer.from('part'))
    await it.gone()
    assert.deepEqual(it.sending.calls, ['abort'])
    const { status, failure } = await done
    assert.deepEqual([status, failure?.kind], [200, 'aborted'])
  })

  test('before it was sent has nothing sent', async (t) => {
    const it = await setUp(t)
    await it.gone()
    const { failure } = await it.start()
    assert.equal(failure?.kind, 'aborted')
    assert.equal(it.sent.length, 0)
  })

  test('with the last of the answer unread has ended too, and holds no place', async (t) => {
    const it = await setUp(t)
    const done = it.start()
    const { reader } = it.sending
    reader.onHead(200, [], 'OK')
    reader.onData(Buffer.alloc(30_000_000))
    reader.onEnd()
    await it.gone()
    assert.equal((await done).status, 200)
  })

  test('while it waits for a connection is aborted as soon as there is one', async (t) => {
    const it = await setUp(t)
    let reader: AnswerReader | undefined
    const transport = {
      send(_: UpstreamRequest, given: AnswerReader) {
        reader = given
      },
    }
    const done = it.start({ transport })
    await it.gone()
    let isAborted = false
    reader?.onStart({
      ...{ pause() {}, resume() {} },
      abort() {
        isAborted = true
        reader?.onFailure(failed('aborted'))
      },
    })
    assert.ok(isAborted)
    assert.equal((await done).failure?.kind, 'aborted')
  })
})

suite('an answer that is held back', () => {
  const OTHER = { ...REQUEST, target: '/again' }

  test('is given as it is where it means what it says', async (t) => {
    const it = await setUp(t)
    it.listen()
    const done = it.start({ holdBack: { holds: (status) => status === 401, decide: async () => undefined } })
    const { reader } = it.sending
    reader.onHead(401, ['X-A', '1'], 'Unauthorized')
    reader.onData(Buffer.from('really'))
    assert.ok(!it.response.headersSent)
    reader.onEnd()
    assert.deepEqual(await done, { status: 401, bytesOut: 6 })
    await sleep(20)
    assert.match(it.read(), /^HTTP\/1.1 401 Unauthorized\r\n.*X-A: 1\r\n.*really/s)
  })

  test('is replaced by that of another request, about which is decided again', async (t) => {
    const it = await setUp(t)
    it.listen()
    let count = 0
    async function decide() {
      count += 1
      return count === 1 ? OTHER : undefined
    }
    const done = it.start({ holdBack: { holds: (status) => status === 401, decide } })
    it.sending.reader.onHead(401, ['X-First', '1'], 'Unauthorized')
    it.sending.reader.onData(Buffer.from('first'))
    it.sending.reader.onEnd()
    await sleep(1)
    assert.equal(it.sent.length, 2)
    assert.equal(it.sending.request.target, '/again')
    it.sending.reader.onHead(401, [], 'Unauthorized')
    it.sending.reader.onData(Buffer.from('second'))
    it.sending.reader.onEnd()
    assert.deepEqual(await done, { status: 401, bytesOut: 6 })
    assert.equal(count, 2)
    await sleep(20)
    assert.ok(!/first/i.test(it.read()))
  })

  test('is let go where it is long', async (t) => {
    const it = await setUp(t)
    it.listen()
    const done = it.start({
      holdBack: { holds: (status) => status === 401, decide: () => assert.fail('is not asked') },
    })
    it.sending.reader.onHead(401, [], 'Unauthorized')
    for (let at = 0; at < 5; at += 1) it.sending.reader.onData(Buffer.alloc(20_000, String(at)))
    assert.ok(it.response.headersSent)
    it.sending.reader.onEnd()
    assert.equal((await done).bytesOut, 100_000)
    await sleep(20)
    assert.match(it.read(), /0{20000}.*1{20000}.*4{20000}/s)
  })

  test('breaks like any other: the client gets an error and no part of it', async (t) => {
    const it = await setUp(t)
    const done = it.start({ holdBack: { holds: (status) => status === 401, decide: async () => undefined } })
    it.sending.reader.onHead(401, [], 'Unauthorized')
    it.sending.reader.onData(Buffer.from('part'))
    it.sending.reader.onFailure(failed('broken'))
    await assert.rejects(done, GatewayFailure)
    assert.ok(!it.response.headersSent)
  })

  test('fails with what fails the decision', async (t) => {
    const it = await setUp(t)
    const error = unavailable('repeat it')
    const done = it.start({
      holdBack: { holds: (status) => status === 401, decide: () => Promise.reject(error) },
    })
    it.sending.reader.onHead(401, [], 'Unauthorized')
    it.sending.reader.onEnd()
    await assert.rejects(done, error)
  })

  for (const other of [OTHER, undefined]) {
    test(`ends with its client, whatever is decided then: ${other ? 'another request' : 'as it is'}`, async (t) => {
      const it = await setUp(t)
      const decision = Promise.withResolvers<UpstreamRequest | undefined>()
      const done = it.start({
        holdBack: { holds: (status) => status === 401, decide: () => decision.promise },
      })
      it.sending.reader.onHead(401, [], 'Unauthorized')
      it.sending.reader.onEnd()
      await it.gone()
      assert.equal((await done).failure?.kind, 'aborted')
      decision.resolve(other)
      await sleep(1)
      assert.equal(it.sent.length, 1)
    })
  }

  test('is no other status', async (t) => {
    const it = await setUp(t)
    const done = it.start({
      holdBack: { holds: (status) => status === 401, decide: () => assert.fail('is not asked') },
    })
    it.sending.reader.onHead(403, [], 'Forbidden')
    assert.ok(it.response.headersSent)
    it.sending.reader.onEnd()
    assert.equal((await done).status, 403)
  })
})
