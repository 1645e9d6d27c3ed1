import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, type RequestListener, type RequestOptions, request, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import { withoutOpenssl, writeCertificate } from '../../../test/support/certificate.ts'
import { temporaryFolder } from '../../../test/support/folder.ts'
import { createCertificateFiles } from './certificate.ts'
import { createListener } from './listener.ts'

const LIMITS = {
  readHeaderTimeoutMs: 10_000,
  readTimeoutMs: 0,
  bodyTimeoutMs: 30_000,
  writeTimeoutMs: 0,
  idleTimeoutMs: 60_000,
  maxHeaderBytes: 16_384,
}

const handledBy = (handle: RequestListener) => () => ({
  handle,
  limits: { bodyTimeoutMs: 0, readerTimeoutMs: 0 },
})

async function setUp(t: TestContext) {
  const listener = createListener({ limits: LIMITS, headers: { 'x-build': 'test' } })
  const url = await listener.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => listener.stop(0))
  return { listener, url }
}

async function get(url: string, options: RequestOptions = {}) {
  const sending = request(url, { agent: false, ...options })
  sending.end()
  const [response] = await once(sending, 'response')
  let text = ''
  for await (const chunk of response) text += chunk
  return { status: response.statusCode, headers: response.headers, text }
}

function refusalOf(message: string) {
  return JSON.stringify({ code: 'unavailable', message })
}

suite('a listener', () => {
  test('that cannot have the address says so', async (t) => {
    const { url } = await setUp(t)
    const second = createListener({ limits: LIMITS, headers: {} })
    const address = { host: '127.0.0.1', port: Number(new URL(url).port) }
    await assert.rejects(second.listen(address), { code: 'EADDRINUSE' })
    await second.stop(0)
  })

  test('answers in the documented schema while nothing is attached', async (t) => {
    const { url } = await setUp(t)
    const { status, headers, text } = await get(`${url}/api/v2/me`)
    assert.deepEqual([status, text], [503, refusalOf('Sluice is starting; try again shortly')])
    assert.equal(headers['content-type'], 'application/json; charset=utf-8')
    assert.equal(headers['x-platform-error-code'], 'unavailable')
    assert.equal(headers['x-build'], 'test')
    assert.equal(headers['retry-after'], '1')
    assert.equal(headers.connection, 'close')
    const ready = await get(`${url}/ready`)
    assert.deepEqual([ready.status, ready.text], [503, '{"status":"starting"}'])
  })

  test('answers so also what is no HTTP', async (t) => {
    const { url } = await setUp(t)
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.end('nonsense\r\n\r\n')
    await once(socket, 'close')
    assert.match(text, /^HTTP\/1\.1 400 Bad Request\r\nx-build: test\r\n/)
    assert.match(text, /\r\n\r\n{"code":"invalid","message":"the request is not well-formed HTTP"}$/)
  })

  test('names a URL that one can use', async (t) => {
    for (const [host, name] of [
      [undefined, 'localhost'],
      ['::1', '[::1]'],
      ['0.0.0.0', 'localhost'],
    ] as const) {
      const listener = createListener({ limits: LIMITS, headers: {} })
      t.after(() => listener.stop(0))
      assert.match(
        await listener.listen({ host, port: 0 }),
        new RegExp(`^http://${RegExp.escape(name)}:\\d+$`),
      )
    }
  })
})

suite('stopping', () => {
  /** A server with one request under way, whose answer the test gives. */
  async function withRunning(t: TestContext) {
    const { listener, url } = await setUp(t)
    const arrived = Promise.withResolvers<ServerResponse>()
    listener.attach(handledBy((_request, response) => arrived.resolve(response)))
    const answered = get(url)
    answered.catch(() => {})
    return { listener, url, answered, response: await arrived.promise }
  }

  test('a running request is finished, a new one refused, then nothing listens', async (t) => {
    const { listener, url, answered, response } = await withRunning(t)
    const stopping = listener.stop(10_000)
    const late = await get(url)
    assert.deepEqual([late.status, late.text], [503, refusalOf('Sluice is stopping; try again shortly')])
    response.end('done')
    assert.equal((await answered).text, 'done')
    await stopping
    await assert.rejects(get(url), { code: 'ECONNREFUSED' })
  })

  test('what takes longer than there is time is cut off', async (t) => {
    const { listener, answered } = await withRunning(t)
    await listener.stop(50)
    await assert.rejects(answered, { code: 'ECONNRESET' })
  })

  test('connections that rest hold nothing up, whether they were used or not', async (t) => {
    const { listener, url } = await setUp(t)
    listener.attach(handledBy((_request, response) => response.end('done')))
    const agent = new Agent({ keepAlive: true })
    t.after(() => agent.destroy())
    await get(url, { agent })
    const unused = connect(Number(new URL(url).port), '127.0.0.1')
    await once(unused, 'connect')
    const started = performance.now()
    await listener.stop(20_000)
    assert.ok(performance.now() - started < 10_000)
    unused.destroy()
  })

  test('a client that has not even shaken hands holds nothing up', { skip: withoutOpenssl }, async (t) => {
    const folder = temporaryFolder()
    const [certPath, keyPath] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    writeCertificate({ cert: certPath, key: keyPath }, 'localhost')
    const ignore = () => {}
    const certificate = createCertificateFiles({ certPath, keyPath, onRenewed: ignore, onProblem: ignore })
    const listener = createListener({
      limits: LIMITS,
      headers: {},
      tls: { certificate, minVersion: 'TLSv1.2' },
    })
    const url = await listener.listen({ host: '127.0.0.1', port: 0 })
    const silent = connect(Number(new URL(url).port), '127.0.0.1')
    t.after(() => silent.destroy())
    await Promise.all([once(silent, 'connect'), once(listener.server, 'connection')])
    const closed = once(silent, 'close')
    await listener.stop(20_000)
    await closed
  })

  test('twice is once', async (t) => {
    const { listener } = await setUp(t)
    await Promise.all([listener.stop(0), listener.stop(0)])
    await listener.stop(0)
  })
})
