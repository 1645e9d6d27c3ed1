/** Signed tokens of an outside issuer on two nodes, which share nothing for them but the settings. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Cluster, startCluster } from '../../cluster/cluster.ts'
import { postgresPrograms } from '../../scripts/engines/postgres.ts'
import { redisProgram } from '../../scripts/engines/redis.ts'
import { AUDIENCE, claimsOf, TELEGRAF } from '../single-sign-on/external-world.ts'
import { send } from '../support/http.ts'
import { startIssuer, type TestIssuer } from '../support/oidc/issuer.ts'

const hasEngines = postgresPrograms() !== undefined && redisProgram() !== undefined
const skip = hasEngines || process.env.CI === 'true' ? false : 'PostgreSQL or Redis is missing'

suite('signed tokens on two nodes', { skip, timeout: 150_000 }, () => {
  let cluster: Cluster
  let issuer: TestIssuer
  let urls: string[]
  let operator: { authorization: string }
  let bucketID: string

  before(async () => {
    issuer = await startIssuer()
    const flags = [
      ...['--log-level', 'warn', '--jwt-issuer-url', issuer.url, '--jwt-issuer-audience', AUDIENCE],
      ...['--jwt-rule-subject', TELEGRAF, '--jwt-rule-gives', 'analytics/engine:read'],
    ]
    cluster = await startCluster({ nodes: 2, port: false, durable: false, flags })
    urls = cluster.nodes.map(({ url }) => url)
    const first = { username: 'ada', password: 'correct horse 1', org: 'analytics', bucket: 'engine' }
    const setup = await ask(0, 'POST', '/api/v2/setup', {}, first)
    assert.equal(setup.status, 201, setup.text)
    operator = { authorization: `Token ${setup.json.auth.token}` }
    bucketID = setup.json.bucket.id
  })
  after(async () => {
    await cluster?.stop()
    await issuer?.stop()
  })

  const ask = (node: number, method: string, path: string, headers: Record<string, string>, json?: unknown) =>
    send(urls[node] ?? '', {
      ...{ method, path, headers },
      body: json === undefined ? undefined : JSON.stringify(json),
    })

  test('count on both, with an event of each, and follow a change on the other within a second', async () => {
    const token = await issuer.sign(claimsOf(issuer.url, Date.now()))
    const headers = { authorization: `Bearer ${token}` }
    const seen = (node: number) => ask(node, 'GET', `/api/v2/buckets/${bucketID}`, headers)
    for (const node of [0, 1, 0, 1]) assert.equal((await seen(node)).status, 200)
    const events = await ask(0, 'GET', '/api/v2/audit?event=external-token.use', operator)
    assert.equal(events.json.events.length, 2)
    const renamed = await ask(0, 'PATCH', `/api/v2/buckets/${bucketID}`, operator, { name: 'renamed' })
    assert.equal(renamed.status, 200, renamed.text)
    assert.equal((await seen(0)).status, 401)
    await sleep(1100)
    assert.equal((await seen(1)).status, 401)
  })
})
