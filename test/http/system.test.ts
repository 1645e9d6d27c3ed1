/** Health and readiness, metrics, and the answers while the database is unreachable. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { basic, send } from '../support/http.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'
import { startServer } from '../support/server.ts'

describe('a healthy server', () => {
  let server: SetUpServer
  let clock = Date.UTC(2026, 0, 1)
  before(async () => {
    server = await startSetUp([], { now: () => clock })
  })
  after(() => server.stop())

  test('answers /ping without a body', async () => {
    for (const method of ['GET', 'HEAD']) {
      const { status, text, headers } = await server.ask(method, '/ping', undefined, {})
      assert.deepEqual([status, text, headers['content-type']], [204, '', undefined])
    }
  })

  test('reports at /health that it is healthy', async () => {
    const { status, json } = await server.ask('GET', '/health', undefined, {})
    const { version, commit, ...rest } = json
    const checks = [{ name: 'store', status: 'pass' }]
    assert.deepEqual([status, rest], [200, { name: 'influxdb', status: 'pass', message: 'healthy', checks }])
    assert.match(version, /^v2\.\d+\.\d+$/)
    assert.match(commit, /^sluice-\d/)
  })

  test('reports at /ready since when it runs', async () => {
    const { json } = await server.ask('GET', '/ready', undefined, {})
    assert.deepEqual(json, { status: 'ready', started: '2026-01-01T00:00:00.000Z', up: '0s' })
    clock += 2910
    assert.equal((await server.ask('GET', '/ready')).json.up, '2.91s')
    clock += 26 * 3_600_000 + 61_000
    assert.equal((await server.ask('GET', '/ready')).json.up, '26h1m3.91s')
  })

  test('counts responses at /metrics, by route and not by id', async () => {
    for (const id of ['0000000000000008', '0000000000000009']) await server.ask('GET', `/api/v2/users/${id}`)
    await server.signIn()
    await server.signIn('ada', 'wrong')
    const { headers, text } = await server.ask('GET', '/metrics', undefined, {})
    assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/)
    assert.match(
      text,
      /^sluice_http_requests_total\{method="GET",route="\/api\/v2\/users\/:id",status="404"\} 2$/m,
    )
    assert.match(text, /^sluice_signins_total\{method="password",outcome="success"\} 1$/m)
    assert.match(text, /^sluice_signins_total\{method="password",outcome="refused"\} 1$/m)
    assert.match(text, /^sluice_sessions 1$/m)
    assert.match(text, /^process_cpu_seconds_total /m)
    assert.doesNotMatch(text, /0000000000000009|ada/)
  })
})

test('with metrics disabled the path does not exist', async () => {
  const server = await startServer(['--metrics-disabled'])
  try {
    const { status, json } = await send(server.url, { method: 'GET', path: '/metrics' })
    assert.deepEqual([status, json], [404, { code: 'not found', message: 'path not found' }])
  } finally {
    await server.stop()
  }
})

describe('a server whose database is unreachable', () => {
  let server: SetUpServer
  let session: { cookie: string }
  let other: { cookie: string }
  before(async () => {
    server = await startSetUp()
    session = await server.session()
    other = await server.session()
    await server.ask('GET', '/api/v2/me', undefined, session)
    await server.store.close()
  })
  after(() => server.stop())

  test('reports at /health that it is unhealthy', async () => {
    const { status, json } = await server.ask('GET', '/health', undefined, {})
    const message = 'the store does not answer'
    assert.deepEqual([status, json.status, json.message], [503, 'fail', message])
    assert.deepEqual(json.checks, [{ name: 'store', status: 'fail', message }])
  })

  test('never reports wrong credentials, because it cannot check them', async () => {
    const unseen = { authorization: 'Token of somebody who was not here before' }
    const signIn = { authorization: basic('ada', 'correct horse 1') }
    for (const [method, path, headers] of [
      ['GET', '/api/v2/me', unseen],
      ['POST', '/api/v2/signin', signIn],
      ['GET', '/api/v2/users', server.operator],
    ] as const) {
      const received = await server.ask(method, path, undefined, headers)
      assert.ok(received.status >= 500, `${path}: ${received.status}`)
      assert.equal(received.headers['set-cookie'], undefined)
      assert.deepEqual(Object.keys(received.json).sort(), ['code', 'message'])
      assert.doesNotMatch(received.text, /driver|database|sqlite|kysely/i)
    }
  })

  test('ends no session and sets no cookie', async () => {
    for (const path of ['/api/v2/me', '/api/v2/users', '/api/v2/me']) {
      const received = await server.ask('GET', path, undefined, session)
      assert.notEqual(received.status, 401, path)
      assert.equal(received.headers['set-cookie'], undefined)
    }
  })

  test('still signs out, and reports that this could not be written', async () => {
    assert.ok((await server.ask('POST', '/api/v2/signout', undefined, session)).status >= 500)
    assert.equal((await server.ask('GET', '/api/v2/me', undefined, session)).status, 401)
  })

  test('also signs out if the request has another cookie, of an ended session', async () => {
    const both = { cookie: `influxdb-oss-session=dead; ${other.cookie}` }
    assert.ok((await server.ask('POST', '/api/v2/signout', undefined, both)).status >= 500)
    assert.equal((await server.ask('GET', '/api/v2/me', undefined, other)).status, 401)
  })
})

describe('with error-details', () => {
  let server: SetUpServer
  before(async () => {
    server = await startSetUp(['--error-details'])
  })
  after(() => server.stop())

  test('errors name the operation, and the cause if there is one', async () => {
    const users = await send(server.url, {
      method: 'POST',
      path: '/api/v2/users',
      headers: server.operator,
      body: '{"name":',
    })
    assert.deepEqual([users.status, users.json.code, users.json.op], [400, 'invalid', 'PostUsers'])
    assert.match(users.json.err, /JSON/)
    const bucket = await server.ask('GET', '/api/v2/buckets/0000000000000009')
    assert.deepEqual(bucket.json, { code: 'not found', message: 'bucket not found', op: 'GetBucketsID' })
    const nothing = await server.ask('GET', '/api/v2/nothing')
    assert.deepEqual(nothing.json, { code: 'not found', message: 'path not found', op: 'GET' })
  })

  test('without it, they do not', async () => {
    const plain = await startSetUp()
    try {
      const { json } = await plain.ask('GET', '/api/v2/buckets/0000000000000009')
      assert.deepEqual(json, { code: 'not found', message: 'bucket not found' })
    } finally {
      await plain.stop()
    }
  })
})
