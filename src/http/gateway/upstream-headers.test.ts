import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { answerHeaders, upstreamHeaders } from './upstream-headers.ts'

const OWN = { token: 'minted', clientAddress: '192.0.2.7', requestID: 'r-1' }
const OWN_HEADERS = ['authorization', 'Token minted', 'x-forwarded-for', '192.0.2.7', 'x-request-id', 'r-1']
const sent = (...raw: string[]) => upstreamHeaders(raw, OWN).slice(0, -OWN_HEADERS.length)

suite('to upstream', () => {
  test('cross headers about the request, as they were written and in their order', () => {
    const raw = [
      ...['User-Agent', 'telegraf', 'Content-Type', 'text/plain', 'ACCEPT', 'a', 'accept', 'b'],
      ...[
        'Accept-Encoding',
        'gzip',
        'Content-Encoding',
        'gzip',
        'X-Custom',
        'k\u00e4se',
        'traceparent',
        '00-1',
      ],
      ...['x-sluic', '1', 'x-forwarded', '1'],
    ]
    assert.deepEqual(sent(...raw), raw)
    assert.deepEqual(upstreamHeaders([], OWN), OWN_HEADERS)
  })

  test('crosses no credential, nothing that another proxy said, no framing', () => {
    const names = [
      ...[
        'Authorization',
        'Cookie',
        'Host',
        'Expect',
        'Content-Length',
        'Transfer-Encoding',
        'TE',
        'Trailer',
      ],
      ...['Upgrade', 'Connection', 'Keep-Alive', 'Proxy-Connection', 'Proxy-Authorization', 'Origin'],
      ...['Forwarded', 'X-Forwarded-For', 'x-forwarded-proto', 'X-Forwarded-Host', 'X-Forwarded-User'],
      ...['X-Forwarded-Access-Token', 'X-Real-IP', 'X-Request-ID', 'Zap-Trace-Span'],
      ...['X-Sluice-Background', 'x-sluice-anything', 'Proxy-Authenticate'],
    ]
    for (const name of names) {
      for (const each of [name, name.toLowerCase(), name.toUpperCase()])
        assert.deepEqual(sent(each, 'x'), [], each)
    }
  })

  test('headers that Connection names are dropped, in any case and from any of several', () => {
    assert.deepEqual(
      sent(
        'Connection',
        'close, X-A ,x-b',
        'x-a',
        '1',
        'CONNECTION',
        'x-C',
        'X-B',
        '2',
        'x-c',
        '3',
        'x-d',
        '4',
      ),
      ['x-d', '4'],
    )
  })

  test('Connection takes none of this server’s own away', () => {
    const raw = ['Connection', 'authorization, x-forwarded-for, x-request-id', 'Authorization', 'Token own']
    assert.deepEqual(upstreamHeaders(raw, OWN), OWN_HEADERS)
  })

  test('a body that was written anew has its own type alone', () => {
    const raw = ['content-type', 'a', 'Content-Type', 'b', 'connection', 'content-type']
    assert.deepEqual(upstreamHeaders(raw, { ...OWN, contentType: 'application/json' }), [
      ...['content-type', 'application/json'],
      ...OWN_HEADERS,
    ])
  })

  test('exactly one credential arrives, whatever was sent', () => {
    const name = fc.constantFrom('Authorization', 'cookie', 'Connection', 'X-A', 'proxy-authorization')
    const value = fc.constantFrom('Token stolen', 'authorization', 'close', 'x-a, authorization')
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), (pairs) => {
        const headers = upstreamHeaders(pairs.flat(), OWN)
        const names = headers.filter((_, at) => at % 2 === 0).map((each) => each.toLowerCase())
        assert.equal(names.filter((each) => each === 'authorization').length, 1)
        assert.ok(!names.includes('cookie') && !names.includes('proxy-authorization'))
        assert.equal(headers[names.indexOf('authorization') * 2 + 1], 'Token minted')
      }),
    )
  })
})

suite('to the client', () => {
  test('cross the headers of the answer, as they were written and in their order', () => {
    const raw = [
      ...['Content-Type', 'application/csv', 'X-Influxdb-Build', 'OSS', 'Vary', 'a', 'vary', 'b'],
      ...['Content-Length', '3', 'Content-Encoding', 'gzip', 'Date', 'today', 'Retry-After', '1'],
      ...['WWW-Authenticate', 'Basic', 'Location', '/api/v2/tasks/1', 'ETag', '"a"'],
    ]
    assert.deepEqual(answerHeaders(raw), raw)
  })

  test('crosses no cookie, no framing, nothing that lets other origins in, and none that Connection names', () => {
    const raw = [
      ...['Set-Cookie', 'influxdb-oss-session=x', 'set-cookie', 'a=b', 'Transfer-Encoding', 'chunked'],
      ...[
        'Connection',
        'close, X-Hop',
        'X-Hop',
        '1',
        'Keep-Alive',
        'timeout=5',
        'Trailer',
        'x',
        'Upgrade',
        'h2c',
      ],
      ...['Proxy-Authenticate', 'Basic', 'Access-Control-Allow-Origin', '*'],
      ...['access-control-allow-credentials', 'true', 'Access-Control-Expose-Headers', '*'],
    ]
    assert.deepEqual(answerHeaders(raw), [])
  })
})
