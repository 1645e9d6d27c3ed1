/** Bodies as Node's server gives them, sent over real connections. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { suite, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { refused } from '../../../test/support/refused.ts'
import { hasBody, lengthOf, parseObject, readBody, uploadOf } from './body.ts'

/** Sends bytes to a server with Sluice's options; gives its request, and the client's connection. */
async function arrive(t: TestContext, head: readonly string[], body = '') {
  const server = createServer({ optimizeEmptyRequests: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.on('error', () => {})
  t.after(() => {
    client.destroy()
    server.close()
    server.closeAllConnections()
  })
  client.write(`${['POST /write HTTP/1.1', 'Host: x', ...head].join('\r\n')}\r\n\r\n${body}`)
  const [request, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse]
  return { request, response, client }
}

const CHUNKED = 'Transfer-Encoding: chunked'
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`

/** Node says of a broken off request that it is aborted, which `once` would throw. */
const closed = (request: IncomingMessage) => new Promise<void>((resolve) => request.once('close', resolve))

suite('a body that is read', () => {
  test('is there as a whole, with a length or in chunks', async (t) => {
    const { request } = await arrive(t, ['Content-Length: 5'], 'm v=1')
    assert.equal(lengthOf(request), 5)
    assert.equal((await readBody(request, 5)).toString(), 'm v=1')
    const other = await arrive(t, [CHUNKED], `${chunk('m v')}${chunk('=1')}`)
    assert.equal(lengthOf(other.request), undefined)
    setTimeout(() => other.client.write('0\r\n\r\n'), 20)
    assert.equal((await readBody(other.request, 5)).toString(), 'm v=1')
  })

  test('is empty for a request without one, for which Node emits no end', async (t) => {
    for (const head of [[], ['Content-Length: 0']]) {
      const { request } = await arrive(t, head)
      assert.ok(!hasBody(request))
      assert.equal((await readBody(request, 5)).length, 0)
    }
    const { request } = await arrive(t, [CHUNKED], '0\r\n\r\n')
    assert.equal((await readBody(request, 5)).length, 0)
  })

  test('is refused by its length before anything of it is read', async (t) => {
    const { request } = await arrive(t, ['Content-Length: 6'])
    await refused(() => readBody(request, 5), 'request too large', /larger than 5 bytes/)
    assert.equal(request.listenerCount('data'), 0)
  })

  test('in chunks is refused once it is larger, and not kept from then on', async (t) => {
    const { request, client } = await arrive(t, [CHUNKED], chunk('123456'))
    await refused(() => readBody(request, 5), 'request too large')
    assert.equal(request.listenerCount('data'), 0)
    client.write(chunk('x'.repeat(1000)))
    request.resume()
    client.write('0\r\n\r\n')
    await once(request, 'end')
  })

  test('that ends early is refused', async (t) => {
    for (const head of [['Content-Length: 9'], [CHUNKED]]) {
      const { request, client } = await arrive(t, head, chunk('123'))
      setTimeout(() => client.destroy(), 20)
      await refused(() => readBody(request, 100), 'invalid', 'the body ended before its time')
    }
  })

  test('of a client that went away before the reading is refused, and not waited for', async (t) => {
    const { request, client } = await arrive(t, ['Content-Length: 9'], '123')
    client.destroy()
    await closed(request)
    await refused(() => readBody(request, 100), 'invalid')
  })
})

async function collect(body: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  for await (const each of body) text += each
  return text
}

suite('a body that is sent on', () => {
  test('is all of it, and ends', async (t) => {
    const { request } = await arrive(t, ['Content-Length: 5'], 'm v=1')
    assert.equal(await collect(uploadOf(request, 5)), 'm v=1')
    const other = await arrive(t, [CHUNKED], chunk('m v'))
    const upload = uploadOf(other.request, 5)
    setTimeout(() => other.client.write(`${chunk('=1')}0\r\n\r\n`), 20)
    assert.equal(await collect(upload), 'm v=1')
  })

  test('is all of it where the reader comes late', async (t) => {
    const { request } = await arrive(t, ['Content-Length: 5'], 'm v=1')
    const upload = uploadOf(request, 5)
    await sleep(50)
    assert.equal(await collect(upload), 'm v=1')
  })

  test('is refused by its length, and ends with a refusal where it turns out larger', async (t) => {
    const { request } = await arrive(t, ['Content-Length: 6'])
    await refused(async () => uploadOf(request, 5), 'request too large')
    const other = await arrive(t, [CHUNKED], `${chunk('12345')}${chunk('6')}`)
    await refused(() => collect(uploadOf(other.request, 5)), 'request too large')
  })

  test('never ends well where the client breaks off', async (t) => {
    for (const head of [['Content-Length: 900'], [CHUNKED]]) {
      const { request, client } = await arrive(t, head, chunk('123'))
      setTimeout(() => client.destroy(), 20)
      await refused(() => collect(uploadOf(request, 1000)), 'invalid', 'the body ended before its time')
    }
    const { request, client } = await arrive(t, ['Content-Length: 9'], '123')
    client.destroy()
    await closed(request)
    await refused(() => collect(uploadOf(request, 1000)), 'invalid')
  })

  test('is not read from the client while nobody takes it', async (t) => {
    const { request, client } = await arrive(t, [`Content-Length: ${64_000_000}`])
    const upload = uploadOf(request, 100_000_000)
    client.write(Buffer.alloc(64_000_000))
    await sleep(100)
    assert.ok(request.isPaused())
    assert.ok(request.socket.bytesRead < 1_000_000, `${request.socket.bytesRead} bytes were read`)
    let size = 0
    for await (const each of upload) size += each.length
    assert.equal(size, 64_000_000)
  })

  test('that is no longer wanted leaves the client its connection, to read the answer', async (t) => {
    const { request, response, client } = await arrive(t, ['Content-Length: 9'], '123')
    uploadOf(request, 10).destroy()
    await sleep(20)
    assert.ok(!request.destroyed)
    response.end('early')
    const [bytes] = await once(client, 'data')
    assert.match(String(bytes), /early/)
  })
})

suite('a JSON body', () => {
  test('is an object in UTF-8', () => {
    assert.deepEqual(parseObject(Buffer.from('{"a":"ä"}')), { a: 'ä' })
    const nested = parseObject(Buffer.from('{"__proto__":{"orgID":"x"}}'))
    assert.equal(nested.orgID, undefined)
  })

  const others = [
    '',
    'null',
    '[]',
    '1',
    '"a"',
    '{',
    '{"a":1}{"a":2}',
    '{"a":1} x',
    "{'a':1}",
    '{"a":1,}',
    '{a:1}',
  ]
  for (const text of others) {
    test(`is not ${JSON.stringify(text)}`, () => refused(() => parseObject(Buffer.from(text)), 'invalid'))
  }

  test('is not what is no UTF-8', () =>
    refused(() => parseObject(Buffer.from('{"a":"\u00e4"}', 'latin1')), 'invalid'))
})
