/** Rules for all requests, whatever the route. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { METHODS as EVERY_METHOD } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { send } from '../support/http.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'

let server: SetUpServer
before(async () => {
  server = await startSetUp()
})
after(() => server.stop())

const nobody = {}
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

describe('without credentials', () => {
  test('all paths under /api/v2 answer alike', async () => {
    for (const path of [
      'me',
      'users',
      'users/x',
      'orgs/0000000000000001',
      'buckets',
      'nothing',
      'me/nothing',
      'signin/',
    ]) {
      for (const method of METHODS) {
        const { status, json } = await server.ask(method, `/api/v2/${path}`, undefined, nobody)
        assert.equal(status, 401, `${method} ${path}`)
        if (method !== 'HEAD')
          assert.deepEqual(json, { code: 'unauthorized', message: 'unauthorized access' })
      }
    }
  })

  test('public routes answer', async () => {
    for (const path of [
      '/api/v2',
      '/api/v2/setup',
      '/api/v2/openapi.json',
      '/health',
      '/ready',
      '/metrics',
    ]) {
      assert.equal((await server.ask('GET', path, undefined, nobody)).status, 200, path)
    }
  })
})

describe('a method that a path does not support', () => {
  const paths: [string, string, string][] = [
    ['DELETE', '/api/v2/me', 'GET, HEAD'],
    ['PUT', '/api/v2/users', 'GET, HEAD, POST'],
    ['POST', '/api/v2/users/0000000000000001', 'DELETE, GET, HEAD, PATCH'],
    ['GET', '/api/v2/signout', 'POST'],
    ['OPTIONS', '/api/v2/me', 'GET, HEAD'],
    ['OPTIONS', '/health', 'GET, HEAD'],
    ['OPTIONS', '/nothing', ''],
    ['POST', '/health', 'GET, HEAD'],
  ]
  for (const [method, path, allowed] of paths) {
    test(`${method} ${path} gets the list of supported ones`, async () => {
      const { status, headers, json } = await server.ask(method, path)
      assert.deepEqual([status, json.code], [405, 'method not allowed'])
      assert.equal(String(headers.allow).split(', ').sort().join(', '), allowed)
    })
  }

  test('the same for every other HTTP method, with or without a body', async () => {
    const others = EVERY_METHOD.filter((each) => !['CONNECT', 'GET', 'HEAD', 'POST'].includes(each))
    assert.ok(others.includes('QUERY') && others.includes('TRACE') && others.length > 25)
    for (const method of others) {
      for (const path of ['/health', '/api/v2/users']) {
        for (const json of [undefined, { name: 'carol' }]) {
          if (method === 'TRACE' && json) continue
          const { status, headers, json: body } = await server.ask(method, path, json)
          assert.deepEqual([status, body.code], [405, 'method not allowed'], `${method} ${path}`)
          assert.match(String(headers.allow), /GET/)
        }
      }
    }
  })

  test('a preflight is answered without credentials, and other responses echo the origin', async () => {
    const origin = { origin: 'https://elsewhere.example' }
    const preflight = await server.ask('OPTIONS', '/api/v2/me', undefined, origin)
    assert.deepEqual([preflight.status, preflight.text], [204, ''])
    assert.match(String(preflight.headers['access-control-allow-methods']), /PATCH/)
    for (const { headers } of [preflight, await server.ask('GET', '/api/v2/me', undefined, origin)]) {
      assert.equal(headers['access-control-allow-origin'], origin.origin)
      assert.equal(headers['access-control-allow-credentials'], undefined)
      assert.equal(headers.vary, 'Origin')
    }
  })
})

describe('HEAD answers like GET, without the body', () => {
  for (const path of [
    'me',
    'users',
    'users/0000000000000009',
    'users/x',
    'orgs?limit=0',
    'nothing',
    'resources',
  ]) {
    test(path, async () => {
      const get = await server.ask('GET', `/api/v2/${path}`)
      const head = await server.ask('HEAD', `/api/v2/${path}`)
      assert.equal(head.text, '')
      assert.equal(head.status, get.status)
      for (const name of ['content-type', 'content-length', 'x-platform-error-code']) {
        assert.equal(head.headers[name], get.headers[name], name)
      }
    })
  }
})

describe('a trailing slash', () => {
  test('is ignored', async () => {
    for (const path of [
      '',
      '/me',
      '/users',
      `/orgs/${server.orgID}`,
      `/orgs/${server.orgID}/members`,
      '/setup',
    ]) {
      const [plain, slashed] = [
        await server.ask('GET', `/api/v2${path}`),
        await server.ask('GET', `/api/v2${path}/`),
      ]
      assert.deepEqual([slashed.status, slashed.text], [200, plain.text], path)
    }
  })

  test('is not ignored at sign-in and sign-out, where such a path does not exist', async () => {
    for (const path of ['/api/v2/signin/', '/api/v2/signout/']) {
      const { status, json } = await server.ask('POST', path)
      assert.deepEqual([status, json], [404, { code: 'not found', message: 'path not found' }], path)
    }
  })
})

test('every response has the build and the version', async () => {
  const requests: [number, string, string, unknown?, Record<string, string>?][] = [
    [200, 'GET', '/api/v2/me'],
    [201, 'POST', '/api/v2/users', { name: 'carol' }],
    [204, 'GET', '/ping'],
    [204, 'OPTIONS', '/api/v2/me', undefined, { origin: 'x' }],
    [400, 'GET', '/api/v2/users/%'],
    [400, 'GET', `/api/v2/users/${'a'.repeat(2000)}`],
    [400, 'POST', '/api/v2/users', 'no object'],
    [401, 'GET', '/api/v2/me', undefined, nobody],
    [404, 'GET', '/api/v2/nothing'],
    [404, 'GET', '/nothing'],
    [405, 'PUT', '/api/v2/me'],
    [413, 'POST', '/api/v2/users', 'x'.repeat(2 ** 20)],
    [415, 'POST', '/api/v2/users', {}, { 'content-encoding': 'br', ...server.operator }],
    [422, 'POST', '/api/v2/orgs', { name: 'analytics' }],
    [431, 'GET', '/api/v2/me', undefined, { 'x-much': 'x'.repeat(66_000) }],
  ]
  for (const [expected, ...request] of requests) {
    const { status, headers } = await server.ask(...request)
    assert.equal(status, expected, `${request[0]} ${request[1].slice(0, 40)}`)
    assert.equal(headers['x-influxdb-build'], 'OSS', String(expected))
    assert.match(String(headers['x-influxdb-version']), /^v2\.\d+\.\d+$/, String(expected))
  }
})

test('headers are accepted up to 64 KiB, in any number', async () => {
  const received = await server.ask('GET', '/api/v2/me', undefined, {
    ...server.operator,
    'x-much': 'x'.repeat(40_960),
    'x-more': 'x'.repeat(20_000),
  })
  assert.equal(received.status, 200)
})

describe('malformed HTTP', () => {
  const garbage: [string, string][] = [
    ['an unknown method', 'FETCH /api/v2/me HTTP/1.1\r\nhost: a\r\n\r\n'],
    ['nothing like a request', 'hello\r\n\r\n'],
    [
      'two lengths',
      'POST /api/v2/setup HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}',
    ],
    [
      'a length and chunks',
      'POST /api/v2/setup HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}',
    ],
    ['no host', 'GET /health HTTP/1.1\r\n\r\n'],
    ['two hosts', 'GET /health HTTP/1.1\r\nhost: a\r\nHost: b\r\n\r\n'],
    ['the same host twice', 'GET /health HTTP/1.1\r\nhost: a\r\nhost: a\r\n\r\n'],
    ['two hosts far apart', `GET /health HTTP/1.1\r\nhost: a\r\n${'x: y\r\n'.repeat(700)}host: b\r\n\r\n`],
    ['a host with user information', 'GET /health HTTP/1.1\r\nhost: a@b\r\n\r\n'],
    ['a host that is a URL', 'GET /health HTTP/1.1\r\nhost: http://a\r\n\r\n'],
    ['two hosts in one header', 'GET /health HTTP/1.1\r\nhost: a, b\r\n\r\n'],
    ['an invalid port', 'GET /health HTTP/1.1\r\nhost: a:b\r\n\r\n'],
    ['a host beyond ASCII', 'GET /health HTTP/1.1\r\nhost: \u00e4\r\n\r\n'],
    ...['authorization: Token a', 'origin: http://a', 'sec-fetch-site: same-origin'].map(
      (header): [string, string] => [
        `${header} twice`,
        `GET /health HTTP/1.1\r\nhost: a\r\n${header}\r\n${header}\r\n\r\n`,
      ],
    ),
    ['another version', 'GET /health HTTP/2.0\r\nhost: a\r\n\r\n'],
    ['no version', 'GET /health\r\n\r\n'],
    ['chunks in HTTP/1.0', 'POST /api/v2/setup HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    [
      'the same length twice',
      'POST /api/v2/setup HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\ncontent-length: 0\r\n\r\n',
    ],
    [
      'two codings',
      'POST /api/v2/setup HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a folded header', 'GET /api/v2/me HTTP/1.1\r\nhost: a\r\nx: y\r\n z\r\n\r\n'],
  ]
  for (const [name, bytes] of garbage) {
    test(`${name} is answered by the documented schema, and the connection is closed`, async () => {
      const answer = await raw(bytes)
      assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/)
      assert.match(answer, /\r\nx-platform-error-code: invalid\r\n/i)
      assert.match(answer, /\r\nx-influxdb-build: OSS\r\n/i)
      assert.equal(JSON.parse(answer.split('\r\n\r\n')[1] ?? '').code, 'invalid')
    })
  }

  for (const target of ['/api/v2/users?search=ä', '/api/v2/users/ä', '/api/v2/users?search=a\tb']) {
    test(`${JSON.stringify(target)} gets a message that says what must be percent-encoded`, async () => {
      const answer = await raw(`GET ${target} HTTP/1.1\r\nhost: a\r\n\r\n`)
      assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/)
      const { code, message } = JSON.parse(answer.split('\r\n\r\n')[1] ?? '')
      assert.equal(code, 'invalid')
      assert.match(message, /percent-encode all others as UTF-8: blanks \(%20\).* ä \(%C3%A4\)$/)
    })
  }

  test('a transfer coding besides chunked is answered with 501', async () => {
    const answer = await raw(
      'POST /api/v2/setup HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    )
    assert.match(answer, /^HTTP\/1\.1 501 /)
    assert.match(answer, /\r\nx-platform-error-code: not implemented\r\n/i)
  })

  test('valid Host headers are accepted, and none is needed in HTTP/1.0', async () => {
    for (const host of ['a', 'A.b-c_d:8086', '127.0.0.1', '[::1]:8086', '[fe80::1]', 'x%41', '']) {
      const answer = await raw(`GET /ping HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)
      assert.match(answer, /^HTTP\/1\.1 204 /, host)
    }
    assert.match(await raw('GET /ping HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 204 /)
  })

  async function raw(bytes: string): Promise<string> {
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    socket.setTimeout(5000, () => socket.destroy(new Error('the server did not hang up')))
    socket.write(bytes)
    return text(socket)
  }
})

test('a request line that names another host is answered normally', async () => {
  const received = await send(server.url, {
    method: 'GET',
    path: 'http://elsewhere/api/v2/me',
    headers: server.operator,
  })
  assert.equal(received.json.name, 'ada')
})
