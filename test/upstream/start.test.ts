/** What a server says about its InfluxDB at the start, in /ready and in /metrics. */
import assert from 'node:assert/strict'
import { suite, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { send } from '../support/http.ts'
import { type InfluxdOptions, startInfluxd } from '../support/influxd/influxd.ts'
import { ROOT } from '../support/influxd/set-up.ts'
import { startServer } from '../support/server.ts'
import { asker, startMirrored, upstreamFlags } from './world.ts'

const OPERATOR_TOKEN = 'the-operator-token-of-the-settings'

async function influxdOf(t: TestContext, options?: InfluxdOptions) {
  const influxd = await startInfluxd(options)
  t.after(() => influxd.stop())
  return influxd
}

async function serverOf(t: TestContext, ...parameters: Parameters<typeof startServer>) {
  const server = await startServer(...parameters)
  t.after(() => server.stop())
  return server
}

const ready = async (url: string) => (await send(url, { method: 'GET', path: '/ready' })).json
const metric = async (url: string, line: string) =>
  (await send(url, { method: 'GET', path: '/metrics' })).text.includes(`${line}\n`)
const said = (server: { log: readonly string[] }, text: string) =>
  server.log.filter((line) => line.includes(text)).length

suite('at the start', () => {
  test('if neither side is set up, one setup sets up both, with the token of the settings', async (t) => {
    const influxd = await influxdOf(t, { isSetUp: false })
    const flags = upstreamFlags({ url: influxd.url, operatorToken: OPERATOR_TOKEN })
    const server = await serverOf(t, flags)
    assert.equal(said(server, 'sets it up too'), 1)
    assert.equal((await ready(server.url)).status, 'ready')
    const { name: username, ...rest } = ROOT
    const body = JSON.stringify({ username, ...rest })
    const made = await send(server.url, { method: 'POST', path: '/api/v2/setup', body })
    assert.equal(made.status, 201, made.text)
    const there = asker(influxd.url, OPERATOR_TOKEN)
    const { json } = await there('GET', `/api/v2/users/${made.json.user.id}`)
    assert.equal(json.name, 'root')
    assert.notEqual(made.json.auth.token, OPERATOR_TOKEN)
    // The password of the first user is not theirs there.
    const password = influxd.state.users.get(made.json.user.id)?.password
    assert.ok(password && password !== ROOT.password && password.length >= 64)
    const ask = asker(server.url, made.json.auth.token)
    assert.deepEqual((await ask('GET', '/api/v2/upstream/differences')).json, {
      ...{ differences: [], tasks: [], databases: [] },
    })
    assert.ok(await metric(server.url, 'sluice_upstream_up 1'))
    assert.ok(await metric(server.url, 'sluice_upstream_differences{kind="here-only"} 0'))
  })

  test('a token that is refused is named, and the server is not ready', async (t) => {
    const influxd = await influxdOf(t)
    const server = await serverOf(t, upstreamFlags({ url: influxd.url, operatorToken: 'wrong' }))
    const { status, checks } = await ready(server.url)
    assert.equal(status, 'not ready')
    assert.match(checks.find(({ name }: { name: string }) => name === 'upstream').message, /operator token/)
    assert.equal(said(server, 'influx auth create --operator'), 1)
    assert.ok(server.log.every((line) => !line.includes('"wrong"')))
    assert.ok(await metric(server.url, 'sluice_upstream_up 0'))
  })

  test('an InfluxDB with users behind a server without any is named, and a setup is refused', async (t) => {
    const influxd = await influxdOf(t)
    await asker(influxd.url, influxd.operatorToken)('POST', '/api/v2/users', { name: 'more' })
    const server = await serverOf(t, upstreamFlags(influxd))
    assert.equal(said(server, 'import them'), 1)
    const { name: username, ...rest } = ROOT
    const body = JSON.stringify({ username, ...rest })
    assert.equal((await send(server.url, { method: 'POST', path: '/api/v2/setup', body })).status, 422)
  })

  test('scripts that reach its network are warned of', async (t) => {
    const influxd = await influxdOf(t)
    const server = await serverOf(t, upstreamFlags(influxd))
    assert.equal(said(server, '--hardening-enabled'), 1)
  })

  test('what differs is counted and named with its command, and a bucket made meanwhile is here', async (t) => {
    const influxd = await influxdOf(t)
    const first = await startMirrored({ ...influxd, isReal: false })
    const { there, orgID, store } = first
    await there('POST', '/api/v2/users', { name: 'theirs' })
    await there('POST', '/api/v2/buckets', { orgID, name: 'made there', retentionRules: [] })
    t.after(() => first.stop())
    // The same data, in a server that starts again.
    const shared = { ...store, close: async () => {} }
    const server = await serverOf(t, upstreamFlags(influxd), { open: async () => shared })
    assert.equal(said(server, 'sluice upstream repair'), 1)
    assert.ok(await metric(server.url, 'sluice_upstream_differences{kind="upstream-only"} 1'))
    const { json } = await asker(server.url, first.token)('GET', '/api/v2/buckets?name=made%20there')
    assert.equal(json.buckets.length, 1)
  })

  test('an InfluxDB that is away stops nothing, is said once, and is checked when it comes', async (t) => {
    const { port } = new URL((await influxdOf(t)).url)
    const away = await startInfluxd()
    await away.stop()
    const server = await serverOf(t, upstreamFlags({ url: away.url, operatorToken: OPERATOR_TOKEN }))
    assert.notEqual(port, new URL(away.url).port)
    assert.equal((await ready(server.url)).status, 'not ready')
    assert.equal((await send(server.url, { method: 'GET', path: '/health' })).status, 503)
    assert.equal(said(server, 'does not answer'), 1)
    assert.ok(!(await send(server.url, { method: 'GET', path: '/ready' })).text.includes(away.url))
    const back = await influxdOf(t, { port: Number(new URL(away.url).port), isSetUp: false })
    assert.equal(back.url, away.url)
    for (let count = 0; count < 100 && (await ready(server.url)).status !== 'ready'; count++) await sleep(100)
    assert.equal((await ready(server.url)).status, 'ready')
    assert.equal(said(server, 'answers again'), 1)
    assert.equal(said(server, 'does not answer'), 1)
  })
})
