/** Request bodies: encoded, mislabelled, too large, malformed. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type Received, send } from '../support/http.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'

const LIMIT = 4096
let server: SetUpServer
before(async () => {
  server = await startSetUp(['--http-max-body-size', '4KiB'])
})
after(() => server.stop())

/** Creates a user with an arbitrary body. */
function post(body: string | Buffer | undefined, headers: Record<string, string> = {}): Promise<Received> {
  return send(server.url, {
    method: 'POST',
    path: '/api/v2/users',
    headers: { ...server.operator, ...headers },
    body,
  })
}

async function refuses(
  received: Promise<Received>,
  status: number,
  code: string,
  message: RegExp,
): Promise<void> {
  const { json, headers, ...rest } = await received
  assert.deepEqual([rest.status, json.code, headers['x-platform-error-code']], [status, code, code])
  assert.match(json.message, message)
}

/** A user with a short name, as a body of exactly `bytes` bytes. */
function ofSize(bytes: number): string {
  const [head, tail] = [`{"name":"of ${bytes}","more":"`, '"}']
  return head + 'x'.repeat(bytes - head.length - tail.length) + tail
}
const ZIPPED = { 'content-encoding': 'gzip' }

describe('a body is refused that', () => {
  test('is larger than the limit', () =>
    refuses(post(ofSize(LIMIT + 1)), 413, 'request too large', /larger than 4096 bytes/))

  test('is larger than the limit, without a Content-Length', async () => {
    const pieces = ReadableStream.from(Array.from({ length: 5 }, () => Buffer.alloc(1024, 0x20)))
    const response = await fetch(`${server.url}/api/v2/users`, {
      method: 'POST',
      headers: server.operator,
      duplex: 'half',
      body: pieces,
    })
    assert.equal(response.status, 413)
    assert.equal(response.headers.get('x-platform-error-code'), 'request too large')
    await response.body?.cancel()
  })

  test('is larger than the limit after decompression', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20, 0x20), { level: 9 })
    assert.ok(bomb.length < 70_000)
    await refuses(
      post(gzipSync(ofSize(LIMIT + 1)), ZIPPED),
      413,
      'request too large',
      /larger than 4096 bytes/,
    )
    const heap = process.memoryUsage().rss
    await refuses(post(bomb, ZIPPED), 413, 'request too large', /larger than 4096 bytes/)
    assert.ok(process.memoryUsage().rss - heap < 48 * 2 ** 20, 'the bomb was not decompressed')
  })

  for (const encoding of ['br', 'deflate', 'zstd', 'gzip, gzip', 'compress']) {
    test(`is encoded with ${encoding}`, () =>
      refuses(
        post('{}', { 'content-encoding': encoding }),
        415,
        'unsupported media type',
        /Content-Encoding/,
      ))
  }

  test('is not valid for its encoding', () =>
    refuses(post('{"name":"x"}', ZIPPED), 400, 'invalid', /cannot be read/))

  test('is truncated within its encoding', () =>
    refuses(post(gzipSync('{"name":"x"}').subarray(0, -6), ZIPPED), 400, 'invalid', /cannot be read/))

  for (const [name, body, message] of [
    ['is missing', '', /must be object/],
    ['is blank', ' \n', /empty/],
    ['is not JSON', '{"name":', /not valid JSON/],
    ['is a list', '[]', /must be object/],
    ['is a string', '"x"', /must be object/],
    ['has an object in place of a string', '{"name":{"a":1}}', /name must be string/],
    ['is nested too deeply', `${'['.repeat(2000)}${']'.repeat(2000)}`, /nested too deeply/],
  ] as const) {
    test(name, () => refuses(post(body), 400, 'invalid', message))
  }
})

describe('a body is accepted that', () => {
  test('is exactly as large as the limit', async () => {
    assert.equal((await post(ofSize(LIMIT))).status, 201)
    assert.equal((await post(gzipSync(ofSize(LIMIT - 1)), ZIPPED)).status, 201)
  })

  for (const [encoding, body] of [
    ['gzip', gzipSync('{"name":"gzip"}')],
    ['GZIP', gzipSync('{"name":"GZIP"}')],
    ['x-gzip', gzipSync('{"name":"x-gzip"}')],
    ['identity', '{"name":"identity"}'],
  ] as const) {
    test(`is encoded with ${encoding}`, async () => {
      const received = await post(body, { 'content-encoding': encoding })
      assert.deepEqual([received.status, received.json.name], [201, encoding])
    })
  }

  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    ';',
    'none',
  ]) {
    test(`is labelled ${type}`, async () => {
      const received = await post(`{"name":${JSON.stringify(type)}}`, { 'content-type': type })
      assert.deepEqual([received.status, received.json.name], [201, type])
    })
  }

  test('arrives in several chunks', async () => {
    const response = await fetch(`${server.url}/api/v2/users`, {
      method: 'POST',
      headers: server.operator,
      duplex: 'half',
      body: ReadableStream.from([Buffer.from('{"name":'), Buffer.from('"piecemeal"}')]),
    })
    assert.equal(response.status, 201)
    assert.equal(((await response.json()) as { name: string }).name, 'piecemeal')
  })

  test('has null for a missing field', async () => {
    const received = await post('{"name":"nulled","status":null}')
    assert.deepEqual([received.status, received.json.status], [201, 'active'])
  })
})
