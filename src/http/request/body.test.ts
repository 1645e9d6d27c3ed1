import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestOptions, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, suite, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { readJsonBody } from './body.ts'

const LIMIT = 1000

/** Answers what it read, or the code and message of the refusal. */
const server = createServer(async (incoming, response) => {
  try {
    response.end(JSON.stringify({ read: await readJsonBody(incoming, LIMIT) }))
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    response.end(JSON.stringify({ code, message }))
  }
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo
after(() => server.close())

interface Answer {
  readonly read?: unknown
  readonly code?: string
  readonly message?: string
}

async function send(body: string | Uint8Array, headers: RequestOptions['headers'] = {}): Promise<Answer> {
  const sending = request({ port, method: 'POST', headers, agent: false })
  sending.end(body)
  const [response] = await once(sending, 'response')
  let text = ''
  for await (const chunk of response) text += chunk
  return JSON.parse(text)
}

const ZIPPED = { 'content-encoding': 'gzip' }
const TOO_LARGE = { code: 'request too large', message: `the request body is larger than ${LIMIT} bytes` }
const padded = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`

suite('request bodies that are refused', () => {
  test('larger than the limit by one byte', async () => {
    assert.deepEqual(await send(padded(LIMIT + 1)), TOO_LARGE)
    assert.deepEqual(await send(padded(LIMIT + 1), { 'transfer-encoding': 'chunked' }), TOO_LARGE)
    assert.ok((await send(padded(LIMIT))).read)
  })

  test('that unzip to more than the limit, or arrive as more and unzip to less', async () => {
    assert.deepEqual(await send(gzipSync(padded(LIMIT + 1)), ZIPPED), TOO_LARGE)
    assert.deepEqual(await send(gzipSync(Buffer.alloc(50_000_000)), ZIPPED), TOO_LARGE)
    const empty = Array.from({ length: 100 }, () => gzipSync(''))
    assert.deepEqual(await send(Buffer.concat([...empty, gzipSync('{}')]), ZIPPED), TOO_LARGE)
    assert.ok((await send(gzipSync(padded(LIMIT)), ZIPPED)).read)
  })

  test('that say gzip and are none, or break off', async () => {
    const refusal = { code: 'invalid', message: 'the request body cannot be read' }
    assert.deepEqual(await send('{}', ZIPPED), refusal)
    assert.deepEqual(await send(gzipSync('{"a":1}').subarray(0, -5), ZIPPED), refusal)
  })

  test('in an encoding that is not understood', async () => {
    for (const encoding of ['br', 'gzip, gzip', 'x']) {
      const { code } = await send('{}', { 'content-encoding': encoding })
      assert.equal(code, 'unsupported media type', encoding)
    }
  })

  test('that are empty or no JSON', async () => {
    for (const body of ['', ' \n']) {
      const message = 'the request body is empty; send a JSON object'
      assert.deepEqual(await send(body), { code: 'invalid', message })
    }
    for (const body of ['{', '{"a":1}x', 'nope', "{'a':1}", '{"a":NaN}', '\0']) {
      const message = 'the request body is not valid JSON'
      assert.deepEqual(await send(body), { code: 'invalid', message }, body)
    }
  })

  test('that are nested so deeply that no stack would hold them', async () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const nested = (depth: number) => open.repeat(depth) + (open === '[' ? '' : '1') + close.repeat(depth)
      const message = 'the request body is nested too deeply'
      assert.deepEqual(await send(nested(101)), { code: 'invalid', message })
      assert.ok((await send(nested(100))).read)
    }
  })
})

suite('request bodies that are read', () => {
  test('whatever their media type says', async () => {
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'nonsense']) {
      assert.deepEqual(await send('{"a":1}', { 'content-type': type }), { read: { a: 1 } })
    }
  })

  test('as they are or zipped, the encoding in any case', async () => {
    assert.deepEqual(await send('{"a":1}', { 'content-encoding': 'Identity' }), { read: { a: 1 } })
    for (const encoding of ['gzip', 'GZIP', 'x-gzip']) {
      assert.deepEqual(await send(gzipSync('{"a":1}'), { 'content-encoding': encoding }), { read: { a: 1 } })
    }
  })

  test('a null is what is not there, at every depth; a body of null is an empty object', async () => {
    assert.deepEqual(await send('null'), { read: {} })
    assert.deepEqual(await send('{"a":null,"b":{"c":null,"d":[{"e":null,"f":0},null]},"g":false,"h":""}'), {
      read: { b: { d: [{ f: 0 }, {}] }, g: false, h: '' },
    })
  })

  test('names that objects have by themselves are names like any other', async () => {
    const { read } = await send('{"__proto__":{"admin":true},"constructor":1}')
    assert.equal(JSON.stringify(read), '{"__proto__":{"admin":true},"constructor":1}')
  })

  test('bytes that are no UTF-8 become the sign for that', async () => {
    const body = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')])
    assert.deepEqual(await send(body), { read: { a: '\ufffd' } })
  })
})
