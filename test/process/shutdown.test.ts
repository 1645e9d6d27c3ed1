import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { suite, test } from 'node:test'
import { basic, bearer, get, PASSWORD, setUpServer } from './api.ts'
import { type RunningServer, startSluice } from './sluice.ts'

/** A request that the server has begun to handle (it sent 100 Continue) and whose body is still to be sent. */
async function begin(url: string, path: string, headers: Record<string, string>): Promise<ClientRequest> {
  const expecting = { ...headers, expect: '100-continue', 'transfer-encoding': 'chunked' }
  const sending = request(url + path, { method: 'POST', headers: expecting, agent: false })
  sending.flushHeaders()
  await once(sending, 'continue')
  return sending
}

async function answerTo(sending: ClientRequest): Promise<{ status: number | undefined; text: string }> {
  const [response] = (await once(sending, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response) text += chunk
  return { status: response.statusCode, text }
}

async function assertStopping({ url, written }: RunningServer): Promise<void> {
  await written('"stopping"')
  const { status, json, headers } = await get(url, '/api/v2/me')
  assert.equal(status, 503)
  assert.deepEqual(json, { code: 'unavailable', message: 'Sluice is stopping; try again shortly' })
  assert.equal(headers['x-platform-error-code'], 'unavailable')
}

suite('shutdown', { concurrency: true }, () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`${signal}: a request whose body is still arriving is completed, new ones are refused`, async (t) => {
      const server = await startSluice(t, ['--store', 'memory'])
      const { token } = await setUpServer(server.url)
      const sending = await begin(server.url, '/api/v2/users', bearer(token))
      sending.write('{"name":')
      const stopped = server.stop(signal)
      await assertStopping(server)
      sending.end('"late"}')
      const { status, text } = await answerTo(sending)
      assert.deepEqual([status, JSON.parse(text).name], [201, 'late'])
      assert.deepEqual(await stopped, { code: 0, signal: null })
      assert.ok(server.output().includes('"stopped"'))
    })
  }

  test('sign-ins that wait for hashing are completed', async (t) => {
    const server = await startSluice(t, ['--store', 'memory', '--password-hash-concurrency', '1'])
    await setUpServer(server.url)
    const sending = await Promise.all(
      Array.from({ length: 8 }, () => begin(server.url, '/api/v2/signin', basic('ada', PASSWORD))),
    )
    const answers = sending.map(answerTo)
    for (const each of sending) each.end()
    assert.deepEqual(await server.stop(), { code: 0, signal: null })
    assert.deepEqual(
      (await Promise.all(answers)).map(({ status }) => status),
      Array(8).fill(204),
    )
  })

  test('requests that take longer than shutdown-timeout are cut off, and that is no failure', async (t) => {
    const server = await startSluice(t, ['--store', 'memory', '--shutdown-timeout', '300ms'])
    const { token } = await setUpServer(server.url)
    const sending = await begin(server.url, '/api/v2/users', bearer(token))
    const cut = once(sending, 'error')
    assert.deepEqual(await server.stop(), { code: 0, signal: null })
    await cut
  })

  test('after a second signal the server exits at once, with status 1', async (t) => {
    const server = await startSluice(t, ['--store', 'memory'])
    const { token } = await setUpServer(server.url)
    const sending = await begin(server.url, '/api/v2/users', bearer(token))
    const cut = once(sending, 'error')
    const stopped = server.stop('SIGTERM')
    await server.written('"stopping"')
    server.child.kill('SIGINT')
    assert.deepEqual(await stopped, { code: 1, signal: null })
    await cut
  })
})
