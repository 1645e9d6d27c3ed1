/** Requests that two readers could understand differently: refused here, so that upstream sees nothing of them. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import { type GatewayWorld, head, startGateway, statusesOf } from './world.ts'

let gateway: GatewayWorld
let credential: string
before(async () => {
  gateway = await startGateway()
  credential = `Authorization: ${gateway.operator.authorization}`
})
after(() => gateway.stop())
beforeEach(() => gateway.reset())

const WRITE = '/api/v2/write?org=analytics&bucket=engine'
const HOST = 'Host: sluice'
const CLOSE = 'Connection: close'
const writeTo = (target: string, ...lines: readonly string[]) =>
  `${head(`POST ${target} HTTP/1.1`, HOST, credential, CLOSE, 'Content-Length: 5', ...lines)}m v=1`
/** The request that a smuggler hides. */
const HIDDEN = head('POST /api/v2/write?org=analytics&bucket=engine HTTP/1.1', HOST, 'Content-Length: 0')

suite('the framing', () => {
  const post = (...lines: readonly string[]) =>
    head(`POST ${WRITE} HTTP/1.1`, HOST, credential, CLOSE, ...lines)
  const CASES: Readonly<Record<string, () => string>> = {
    'a length and chunks (GW-131)': () =>
      `${post('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n${HIDDEN}`,
    'chunks and a length': () =>
      `${post('Transfer-Encoding: chunked', 'Content-Length: 5')}0\r\n\r\n${HIDDEN}`,
    'two lengths': () => `${post('Content-Length: 5', 'Content-Length: 6')}m v=1${HIDDEN}`,
    'two equal lengths': () => `${post('Content-Length: 5', 'Content-Length: 5')}m v=1`,
    'two lengths in one': () => `${post('Content-Length: 5, 6')}m v=1${HIDDEN}`,
    'a length with a sign': () => `${post('Content-Length: +5')}m v=1`,
    'a hexadecimal length': () => `${post('Content-Length: 0x5')}m v=1`,
    'a length with white space inside': () => `${post('Content-Length: 5 0')}m v=1`,
    'white space before a colon': () => `${post('Content-Length : 5')}m v=1${HIDDEN}`,
    'a folded header': () => `${post('X-A: b', ' Transfer-Encoding: chunked', 'Content-Length: 5')}m v=1`,
    'a folded coding': () => `${post('Transfer-Encoding:', ' chunked')}0\r\n\r\n`,
    'a coding with a tab': () => `${post('Transfer-Encoding: \tchunked, identity')}0\r\n\r\n`,
    'an unknown coding': () => `${post('Transfer-Encoding: xchunked')}0\r\n\r\n${HIDDEN}`,
    'identity before chunked': () => `${post('Transfer-Encoding: identity, chunked')}0\r\n\r\n`,
    'chunked twice': () => `${post('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
    'chunked and another': () => `${post('Transfer-Encoding: chunked', 'Transfer-Encoding: gzip')}0\r\n\r\n`,
    'a chunk size that is none': () => `${post('Transfer-Encoding: chunked')}zz\r\n`,
    'a chunk size with a sign': () => `${post('Transfer-Encoding: chunked')}+5\r\nm v=1\r\n0\r\n\r\n`,
    'a chunk longer than it says': () => `${post('Transfer-Encoding: chunked')}2\r\nm v=1\r\n0\r\n\r\n`,
    'a bare line feed between headers': () => post('X-A: b\nTransfer-Encoding: chunked'),
    'a bare carriage return': () => post('X-A: b\rTransfer-Encoding: chunked'),
    'a NUL in a header': () => post('X-A: \0'),
    'no host': () => head(`POST ${WRITE} HTTP/1.1`, credential, CLOSE, 'Content-Length: 0'),
    'two hosts': () => post('Host: other', 'Content-Length: 0'),
    'two credentials': () => post('Authorization: Token other', 'Content-Length: 0'),
    'chunks in HTTP/1.0': () =>
      `${head(`POST ${WRITE} HTTP/1.0`, HOST, credential, 'Transfer-Encoding: chunked')}0\r\n\r\n`,
  }
  for (const [name, bytes] of Object.entries(CASES)) {
    test(`with ${name} is refused, and nothing goes upstream as a whole`, async () => {
      const answers = await gateway.raw(bytes())
      const [first, ...others] = statusesOf(answers)
      assert.ok(first === undefined || (first >= 400 && first <= 501), answers)
      assert.deepEqual(others, [], 'what was hidden was answered')
      // A chunked body is sent on as it comes; one that turns out broken must not end well.
      for (const { ended, body } of gateway.upstream.arrived) {
        assert.equal(await ended, 'broken off')
        assert.ok(!Buffer.concat(body).includes('HTTP/1.1'))
      }
    })
  }

  test('of chunks is made anew: extensions and odd sizes stay here', async () => {
    const bytes = `${post('Transfer-Encoding: Chunked')}02;a="b\\"c"\r\nm \r\n0003\r\nv=1\r\n000\r\n\r\n`
    assert.deepEqual(statusesOf(await gateway.raw(bytes)), [204])
    const { body, ended, headers } = gateway.only()
    assert.equal(await ended, 'complete')
    assert.equal(Buffer.concat(body).toString(), 'm v=1')
    assert.equal(headers['transfer-encoding'], 'chunked')
  })

  test('keeps requests on one connection apart: each is judged and sent by itself', async () => {
    const first = writeTo(WRITE).replace(`${CLOSE}\r\n`, '')
    const second = writeTo('/api/v2/write?org=analytics&bucket=nothing').replace(`${CLOSE}\r\n`, '')
    const answers = await gateway.raw(`${first}${second}${writeTo(WRITE)}`)
    assert.deepEqual(statusesOf(answers), [204, 404, 204])
    assert.equal(gateway.upstream.arrived.length, 2)
  })

  test('of a body is not broken by a request in it', async () => {
    const body = `${HIDDEN}${HIDDEN}`
    const bytes = `${post(`Content-Length: ${body.length}`)}${body}`
    assert.deepEqual(statusesOf(await gateway.raw(bytes)), [204])
    assert.equal(Buffer.concat(gateway.only().body).toString(), body)
  })

  test('of GET may have a body, which goes along with what is forwarded and is one request', async () => {
    const bytes = `${head('GET /api/v2/dashboards HTTP/1.1', HOST, credential, CLOSE, `Content-Length: ${HIDDEN.length}`)}${HIDDEN}`
    assert.deepEqual(statusesOf(await gateway.raw(bytes)), [204])
    const { method, body, headers } = gateway.only()
    assert.equal(method, 'GET')
    assert.equal(headers['content-length'], String(HIDDEN.length))
    assert.equal(Buffer.concat(body).toString(), HIDDEN)
  })
})

suite('a target', () => {
  const NOT_FOUND = [
    ...['//api/v2/write', '/api//v2/write', '/api/v2//write', '/api/v2/write//', '/./api/v2/write'],
    ...['/api/v2/./write', '/api/v2/x/../write', '/../api/v2/write', '/api/v2/write/..', '/api/v2/write/.'],
    ...['/%77rite', '/api/v2/%77rite', '/api%2fv2%2fwrite', '/api/v2%2Fwrite', '/api/v2/%2e%2e/v2/write'],
    ...['/api/v2/write%00', '/api/v2/write%20', '/api/v2/write;x', '/api/v2/write\\', '/API/v2/write'],
    ...['/debug/pprof/heap', '/metrics/x', '/write/', '//write', '/write/x'],
  ]
  for (const path of NOT_FOUND) {
    test(`of the path ${path} reaches nothing upstream`, async () => {
      const answers = await gateway.raw(writeTo(`${path}?org=analytics&bucket=engine&db=engine`))
      const [status, ...others] = statusesOf(answers)
      const isSlash = path === '/write/'
      if (isSlash) assert.equal(status, 204)
      else assert.ok(status && [400, 401, 404, 405, 414].includes(status), answers)
      assert.deepEqual(others, [])
      assert.equal(gateway.upstream.arrived.length, isSlash ? 1 : 0)
    })
  }

  const WHOLE = [
    'http://sluice/api/v2/write?org=analytics&bucket=engine',
    'https://upstream/api/v2/write?org=analytics&bucket=engine',
    '*',
    'api/v2/write',
    'sluice:80',
  ]
  for (const target of WHOLE) {
    test(`in another form reaches nothing upstream: ${target}`, async () => {
      const answers = await gateway.raw(writeTo(target))
      const [status] = statusesOf(answers)
      assert.ok(status && status >= 400 && status < 500, answers)
      assert.equal(gateway.upstream.arrived.length, 0)
    })
  }

  const QUERIES: Readonly<Record<string, number>> = {
    'org=analytics&bucket=engine;bucket=other': 400,
    'org=analytics;bucket=engine': 400,
    'org=analytics&bucket=engine#': 400,
    'org=analytics&bucket=engine#&bucket=other': 400,
    'org=analytics&bucket=engine&bucket=other': 400,
    'org=analytics&bucket=other&bucket=engine': 400,
    'org=analytics&bucket=engine&bucket=engine': 400,
    'org=analytics&bucket=engine&%62ucket=other': 400,
    'org=analytics&bucket=engine&buc+ket=other': 204,
    'org=analytics&org=other&bucket=engine': 400,
    'org=analytics&bucket=engine&precision=ns&precision=s': 400,
    'org=analytics&bucket=%zz': 400,
    'org=analytics&bucket=%ff': 400,
    'org=analytics&bucket=%2565ngine': 404,
    'org=analytics&bucket=%65ngine': 204,
    'org=analytics&Bucket=engine': 404,
    'org=analytics&bucket=engine%00': 404,
    'org=analytics&bucket=Engine': 404,
    'org=analytics&bucketID=engine': 404,
    '': 404,
  }
  for (const [query, status] of Object.entries(QUERIES)) {
    test(`with the query ${query || 'of nothing'} is ${status}`, async () => {
      const answers = await gateway.raw(writeTo(`/api/v2/write?${query}`))
      assert.deepEqual(statusesOf(answers), [status], answers)
      if (status !== 204) assert.equal(gateway.upstream.arrived.length, 0)
      else {
        assert.equal(
          gateway.only().target,
          `/api/v2/write?org=${gateway.orgID}&bucket=${gateway.bucketID}`,
          'written anew',
        )
      }
    })
  }

  test('in bytes beyond ASCII is refused by Node; a form in them means what it says', async () => {
    const raw = Buffer.from('/api/v2/write?org=analytics&bucket=käse').toString('latin1')
    assert.deepEqual(statusesOf(await gateway.raw(writeTo(raw))), [400])
    const form = Buffer.from('db=d1&q=SELECT "käse"').toString('latin1')
    const type = 'Content-Type: application/x-www-form-urlencoded'
    const lines = ['POST /query HTTP/1.1', HOST, credential, CLOSE, type, `Content-Length: ${form.length}`]
    assert.deepEqual(statusesOf(await gateway.raw(`${head(...lines)}${form}`)), [204])
    const sent = new URLSearchParams(Buffer.concat(gateway.only().body).toString())
    assert.equal(sent.get('q'), 'SELECT "käse"')
  })

  test('is refused before the client is known, and says nothing of what is there', async () => {
    const known = await gateway.ask('POST', '/api/v2/write?org=analytics&bucket=engine', 'x', {})
    const unknown = await gateway.ask('POST', '/api/v2/write?org=nobody&bucket=nothing', 'x', {})
    assert.deepEqual([known.status, known.text], [401, unknown.text])
  })
})
