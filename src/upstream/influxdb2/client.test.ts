import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { suite, type TestContext, test } from 'node:test'
import { SluiceError } from '../../domain/base/errors.ts'
import { createInfluxdb2Client } from './client.ts'

const TOKEN = 's3cret-operator-token'
type Answer = (request: IncomingMessage, response: ServerResponse) => void

async function clientOf(t: TestContext, answer: Answer, more: { timeoutMs?: number } = {}) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = createInfluxdb2Client({ url, token: TOKEN, connectTimeoutMs: 500, timeoutMs: 2000, ...more })
  t.after(async () => {
    await client.close()
    server.closeAllConnections()
    server.close()
  })
  return { client, url, server }
}

const json =
  (status: number, body: unknown): Answer =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

async function refused(work: Promise<unknown>): Promise<SluiceError> {
  const error = await work.then(
    () => assert.fail('it was not refused'),
    (error) => error,
  )
  assert.ok(error instanceof SluiceError, String(error))
  return error
}

suite('requests to InfluxDB 2', () => {
  const refusals = [
    [400, { code: 'invalid', message: 'bucket name is invalid' }, 'invalid', 'bucket name is invalid'],
    [422, { code: 'conflict', message: 'user with name a already exists' }, 'conflict', undefined],
    [422, { code: 'unprocessable entity', message: 'x' }, 'unprocessable entity', 'x'],
    [404, { code: 'not found', message: 'bucket not found' }, 'not found', 'bucket not found'],
    [401, { code: 'unauthorized', message: 'unauthorized access' }, 'unavailable', undefined],
    [403, { code: 'forbidden', message: 'User is inactive' }, 'unavailable', undefined],
    [503, { status: 'starting' }, 'unavailable', undefined],
    [502, {}, 'unavailable', undefined],
    [500, { code: 'internal error', message: 'disk' }, 'internal error', undefined],
    [301, {}, 'unavailable', undefined],
  ] as const
  for (const [status, body, code, message] of refusals) {
    test(`${status} ${'code' in body ? body.code : ''} is ${code}`, async (t) => {
      const { client } = await clientOf(t, json(status, body))
      const error = await refused(client.send('GET', '/api/v2/orgs'))
      assert.equal(error.code, code)
      if (message !== undefined) assert.equal(error.message, message)
      assert.ok(code === 'unavailable' || error.message.length > 0)
    })
  }

  test('a page of a proxy instead of JSON is no answer', async (t) => {
    const { client } = await clientOf(t, (_request, response) => response.end('<html>welcome</html>'))
    assert.equal((await refused(client.send('GET', '/api/v2/orgs'))).code, 'unavailable')
  })

  test('no answer in time is unavailable, and nothing names the address or the token', async (t) => {
    const { client, url } = await clientOf(t, () => {}, { timeoutMs: 100 })
    const error = await refused(client.send('GET', '/api/v2/orgs'))
    assert.equal(error.code, 'unavailable')
    assert.ok(error.retryAfterSeconds)
    assert.ok(!error.message.includes(new URL(url).host))
    assert.ok(!`${error.message}${error.cause}`.includes(TOKEN))
  })

  test('a server that is away is unavailable', async (t) => {
    const { client, server } = await clientOf(t, json(200, {}))
    server.close()
    await new Promise((resolve) => server.once('close', resolve))
    assert.equal((await refused(client.send('GET', '/api/v2/orgs'))).code, 'unavailable')
  })

  test('an answer that breaks off is unavailable', async (t) => {
    const { client } = await clientOf(t, (_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"a":')
      setTimeout(() => response.destroy(), 20)
    })
    assert.equal((await refused(client.send('GET', '/api/v2/orgs'))).code, 'unavailable')
  })

  test('the token, query and body are sent; what is gone is undefined to find', async (t) => {
    const seen: string[] = []
    const { client } = await clientOf(t, (request, response) => {
      const { method, url, headers } = request
      seen.push(`${method} ${url} ${headers.authorization}`)
      if (method === 'DELETE') {
        json(404, { code: 'not found', message: 'gone' })(request, response)
        return
      }
      response.writeHead(204).end()
    })
    assert.equal(await client.send('POST', '/api/v2/x', { query: { a: 'b c', d: undefined } }), undefined)
    assert.equal(await client.find('DELETE', '/api/v2/x/1'), undefined)
    await client.send('GET', '/ready', { withoutToken: true })
    assert.deepEqual(seen, [
      `POST /api/v2/x?a=b+c Token ${TOKEN}`,
      `DELETE /api/v2/x/1 Token ${TOKEN}`,
      'GET /ready undefined',
    ])
  })
})
