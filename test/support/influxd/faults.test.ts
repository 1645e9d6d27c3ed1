/** The stand-in's switches, and its record of requests. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as open } from 'node:http'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { send } from '../http.ts'
import { type Influxd, type InfluxdOptions, startInfluxd } from './influxd.ts'

async function start(t: TestContext, options: InfluxdOptions = {}): Promise<Influxd> {
  const influxd = await startInfluxd(options)
  t.after(() => influxd.stop())
  return influxd
}

const ask = ({ url, operatorToken }: Influxd, method: string, path: string, body?: string) =>
  send(url, { method, path, headers: { authorization: `Token ${operatorToken}` }, body })

test('requests are recorded as they came, without those of the setup', async (t) => {
  const influxd = await start(t)
  await ask(influxd, 'POST', '/api/v2/write?org=o1&bucket=b1', 'm v=1')
  const [received, ...others] = influxd.requests
  assert.equal(others.length, 0)
  assert.equal(received?.target, '/api/v2/write?org=o1&bucket=b1')
  assert.deepEqual([received?.method, received?.body.toString(), received?.status], ['POST', 'm v=1', 204])
  assert.equal(received?.headers.authorization, `Token ${influxd.operatorToken}`)
  assert.equal(influxd.state.points.get(influxd.bucketID)?.[0]?.measurement, 'm')
})

test('while it starts, all paths but /health answer 503', async (t) => {
  const influxd = await start(t)
  influxd.faults.isStarting = true
  for (const path of ['/api/v2/orgs', '/ready', '/ping', '/write']) {
    const { status, json } = await ask(influxd, 'GET', path)
    assert.deepEqual([status, json], [503, { status: 'starting' }], path)
  }
  assert.equal((await ask(influxd, 'GET', '/health')).status, 200)
})

test('answers are cut, replaced, delayed, or do not come', async (t) => {
  const influxd = await start(t)
  const { faults } = influxd
  faults.cutsAnswers = true
  await assert.rejects(ask(influxd, 'GET', '/api/v2/orgs'), /aborted|hang up|ECONNRESET/)
  faults.cutsAnswers = false
  faults.dropsConnections = true
  await assert.rejects(ask(influxd, 'GET', '/api/v2/orgs'), /hang up|ECONNRESET/)
  faults.dropsConnections = false
  faults.nonsense = 'this is no HTTP\r\n\r\n'
  await assert.rejects(ask(influxd, 'GET', '/api/v2/orgs'), /Parse Error/)
  faults.nonsense = undefined
  faults.answer = { status: 507, body: 'full' }
  assert.equal((await ask(influxd, 'GET', '/api/v2/orgs')).status, 507)
  faults.answer = undefined
  faults.delayMs = 60
  const before = performance.now()
  await ask(influxd, 'GET', '/api/v2/orgs')
  assert.ok(performance.now() - before >= 50)
})

test('faults concern the requests that the test names', async (t) => {
  const influxd = await start(t)
  Object.assign(influxd.faults, {
    answer: { status: 503 },
    concerns: (target: string) => target.startsWith('/api/v2/write'),
  })
  assert.equal((await ask(influxd, 'GET', '/api/v2/orgs')).status, 200)
  assert.equal((await ask(influxd, 'POST', '/api/v2/write?org=o1&bucket=b1', 'm v=1')).status, 503)
})

test('tokens are forgotten at once', async (t) => {
  const influxd = await start(t)
  influxd.forgetTokens(({ description }) => description === 'another')
  assert.equal((await ask(influxd, 'GET', '/api/v2/orgs')).status, 200)
  influxd.forgetTokens()
  const { status, json } = await ask(influxd, 'GET', '/api/v2/orgs')
  assert.deepEqual([status, json.message], [401, 'unauthorized access'])
})

test('an answer of any length is streamed, and a client that leaves is recorded', async (t) => {
  const influxd = await start(t)
  influxd.faults.streamBytes = 3_000_000
  assert.equal((await ask(influxd, 'POST', '/api/v2/query?org=o1', '{}')).text.length, 3_000_000)
  influxd.faults.streamBytes = 3_000_000_000
  const request = open(`${influxd.url}/api/v2/query?org=o1`, {
    method: 'POST',
    headers: { authorization: `Token ${influxd.operatorToken}` },
  })
  request.end('{}')
  const [response] = await once(request, 'response')
  await once(response, 'data')
  response.destroy()
  const received = influxd.requests.at(-1)
  for (let tries = 0; tries < 100 && !received?.isAborted; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  assert.equal(received?.isAborted, true)
})

test('a backup is the file that the test names', async (t) => {
  const backupFile = join(import.meta.dirname, '../../import/bolt/plain.bolt')
  const influxd = await start(t, { backupFile })
  const { status, headers } = await ask(influxd, 'GET', '/api/v2/backup/kv')
  assert.equal(status, 200)
  assert.ok(Number(headers['content-length']) > 50_000)
  assert.equal((await ask(influxd, 'POST', '/api/v2/restore/kv', 'x')).status, 503)
  influxd.options.acceptsRestore = true
  assert.deepEqual((await ask(influxd, 'POST', '/api/v2/restore/kv', 'x')).json, { token: '' })
})

test('bodies are taken as slowly as the test says', async (t) => {
  const influxd = await start(t)
  influxd.faults.readPauseMs = 30
  const before = performance.now()
  const lines = 'm v=1\n'.repeat(100_000)
  assert.equal((await ask(influxd, 'POST', '/api/v2/write?org=o1&bucket=b1', lines)).status, 204)
  assert.ok(performance.now() - before >= 100)
})
