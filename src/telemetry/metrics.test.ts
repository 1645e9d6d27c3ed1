import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics } from './metrics.ts'

async function setUp() {
  const gauges = { sessions: 0, hashes: 0 }
  const metrics = createMetrics({
    liveSessions: () => gauges.sessions,
    passwordHashes: () => gauges.hashes,
  })
  /** The samples of Sluice's own metrics, by name and labels. */
  async function samples(): Promise<Record<string, number>> {
    const lines = (await metrics.read()).split('\n').filter((line) => line.startsWith('sluice_'))
    return Object.fromEntries(
      lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
    )
  }
  return { metrics, gauges, samples }
}

test('requests are counted by method, route and status, however often they are read', async () => {
  const { metrics, samples } = await setUp()
  const count = metrics.requestCounter('GET', '/api/v2/users/:id')
  for (const status of [200, 200, 404]) count(status)
  metrics.requestCounter('POST', '/api/v2/users')(201)
  for (let reading = 0; reading < 2; reading++) {
    const found = Object.entries(await samples())
    const requests = Object.fromEntries(
      found.filter(([name]) => name.startsWith('sluice_http_requests_total')),
    )
    assert.deepEqual(requests, {
      'sluice_http_requests_total{method="GET",route="/api/v2/users/:id",status="200"}': 2,
      'sluice_http_requests_total{method="GET",route="/api/v2/users/:id",status="404"}': 1,
      'sluice_http_requests_total{method="POST",route="/api/v2/users",status="201"}': 1,
    })
  }
})

test('sign-ins are counted by outcome', async () => {
  const { metrics, samples } = await setUp()
  for (const outcome of ['success', 'refused', 'refused'] as const) metrics.countSignIn(outcome, 'password')
  const found = await samples()
  assert.equal(found['sluice_signins_total{method="password",outcome="success"}'], 1)
  assert.equal(found['sluice_signins_total{method="password",outcome="refused"}'], 2)
})

test('forged sessions are counted', async () => {
  const { metrics, samples } = await setUp()
  assert.equal((await samples()).sluice_forged_sessions_total, 0)
  metrics.countForgedSession()
  assert.equal((await samples()).sluice_forged_sessions_total, 1)
})

test('sessions and waiting hashes are what they are at the moment of reading', async () => {
  const { gauges, samples } = await setUp()
  Object.assign(gauges, { sessions: 3, hashes: 2 })
  const first = await samples()
  assert.deepEqual([first.sluice_sessions, first.sluice_password_hashes_pending], [3, 2])
  gauges.sessions = 0
  assert.equal((await samples()).sluice_sessions, 0)
})

test('the process itself is measured too, in the text format of Prometheus', async () => {
  const { metrics } = await setUp()
  assert.match(metrics.contentType, /^text\/plain; version=0\.0\.4/)
  const text = await metrics.read()
  for (const name of [
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
    'nodejs_eventloop_lag_seconds',
  ]) {
    assert.match(text, new RegExp(`^# TYPE ${name} `, 'm'))
  }
})
