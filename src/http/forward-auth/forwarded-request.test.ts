import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createForwardedRequests } from './forwarded-request.ts'

const { read, readBelow } = createForwardedRequests((address) => address === '10.0.0.1')
const from = (remoteAddress: string, headers: Record<string, string>) => ({
  socket: { remoteAddress },
  headers,
})
const said = (headers: Record<string, string>) => read(from('10.0.0.1', headers))

const OF_NGINX = {
  'x-original-method': 'POST',
  'x-original-url': 'https://Grafana.example.com:8443/d/1?a=b&c=%20',
}
const OF_CADDY = {
  'x-forwarded-method': 'POST',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'grafana.example.com:8443',
  'x-forwarded-uri': '/d/1?a=b&c=%20',
}
const REQUEST = {
  method: 'POST',
  scheme: 'https',
  host: 'grafana.example.com:8443',
  target: '/d/1?a=b&c=%20',
}

suite('what a gateway says of a request', () => {
  test('is read from both kinds of headers, also side by side', () => {
    assert.deepEqual(said(OF_NGINX), REQUEST)
    assert.deepEqual(said(OF_CADDY), REQUEST)
    assert.deepEqual(
      said({ ...OF_NGINX, 'x-forwarded-proto': 'HTTPS, http', 'x-forwarded-method': '' }),
      REQUEST,
    )
    assert.equal(said({ 'x-original-url': 'http://a.example' }).target, '/')
  })

  test('counts from trusted proxies only', () => {
    const nothing = { method: undefined, scheme: undefined, host: undefined, target: undefined }
    assert.deepEqual({ ...nothing, ...read(from('10.0.0.2', OF_CADDY)) }, nothing)
    assert.deepEqual({ ...nothing, ...read(from('', OF_CADDY)) }, nothing)
    assert.deepEqual(
      { ...nothing, ...createForwardedRequests(undefined).read(from('10.0.0.1', OF_NGINX)) },
      nothing,
    )
    assert.equal(read(from('::ffff:10.0.0.1', OF_CADDY)).method, 'POST')
  })

  test('is refused where a header of a client has come through beside it', () => {
    for (const [name, value] of [
      ['x-forwarded-method', 'GET'],
      ['x-forwarded-proto', 'http'],
      ['x-forwarded-host', 'evil.example'],
      ['x-forwarded-uri', '/other'],
    ] as const) {
      assert.throws(() => said({ ...OF_NGINX, [name]: value }), { code: 'invalid' }, name)
    }
  })

  test('is refused where it cannot be read', () => {
    for (const [name, ...values] of [
      ['x-forwarded-method', 'get', 'GET, POST', 'GE T', 'A'.repeat(21)],
      ['x-original-method', 'G\u00e9T'],
      ['x-forwarded-proto', 'ftp', ',https'],
      ['x-forwarded-host', 'a.example, b.example', 'a@b', 'a/b', 'a b', 'a\\b'],
      ['x-forwarded-uri', 'd/1', '/a b', '/a, /b', '/a#b', 'http://a/', '/\u00e9'],
      [
        'x-original-url',
        '/d/1',
        'ftp://a/',
        'https:///x',
        'https://u@a/',
        'https://a/ b',
        'https://a/, https://b/',
      ],
    ] as const) {
      for (const value of values) assert.throws(() => said({ [name]: value }), { code: 'invalid' }, value)
    }
  })
})

suite('what Envoy says of a request', () => {
  const asked = (address: string, url: string, headers: Record<string, string> = {}) =>
    readBelow('/check', { ...from(address, { host: 'A.example:8443', ...headers }), method: 'POST', url })

  test('is its own method, host, and the path behind that of the check', () => {
    const headers = {
      'x-forwarded-proto': 'https',
      'x-forwarded-method': 'GET',
      'x-original-url': 'http://b/',
    }
    const expected = { method: 'POST', scheme: 'https', host: 'a.example:8443', target: '/d/1?a=b' }
    assert.deepEqual(asked('10.0.0.1', '/check/d/1?a=b', headers), expected)
    for (const url of ['/check/', '/check', '/check?a=b']) {
      assert.equal(asked('10.0.0.1', url).target, url === '/check?a=b' ? '/?a=b' : '/')
    }
  })

  test('is refused from anybody else', () => {
    assert.throws(() => asked('10.0.0.2', '/check/'), { code: 'forbidden', reason: 'not-by-check' })
    assert.throws(() => asked('10.0.0.1', '/check/\u00e9'), { code: 'invalid' })
  })
})
