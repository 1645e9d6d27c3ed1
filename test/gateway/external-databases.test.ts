/** Signed tokens of an outside issuer before upstreams that have databases, which know this server alone. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Influxdb1World, startInfluxdb1World, withoutInfluxdb1 } from '../influxdb1/world.ts'
import { claimsOf, externalSettings, TELEGRAF } from '../single-sign-on/external-world.ts'
import { send } from '../support/http.ts'
import { startIssuer, type TestIssuer } from '../support/oidc/issuer.ts'
import {
  startVictoriaMetricsWorld,
  type VictoriaMetricsWorld,
  withoutVictoriaMetrics,
} from '../victoriametrics/world.ts'

const RULES = [{ subject: TELEGRAF, gives: ['analytics/a:read', 'analytics/a:write'] }]
const queryOf = (parameters: Readonly<Record<string, string>>) => `?${new URLSearchParams(parameters)}`

async function issued(): Promise<{ issuer: TestIssuer; token: string; argv: readonly string[] }> {
  const issuer = await startIssuer()
  const token = await issuer.sign(claimsOf(issuer.url, Date.now()))
  return { issuer, token, argv: externalSettings(issuer.url, RULES) }
}

describe('a signed token before an InfluxDB 1.x', { skip: withoutInfluxdb1, timeout: 120_000 }, () => {
  let world: Influxdb1World
  let issuer: TestIssuer
  let token: string
  before(async () => {
    const made = await issued()
    ;({ issuer, token } = made)
    world = await startInfluxdb1World(made.argv)
  })
  after(async () => {
    await world?.stop()
    await issuer?.stop()
  })
  const ask = (method: string, path: string, headers: Record<string, string>, body?: string) =>
    send(world.url, { method, path, headers, body })

  test('reads and writes the databases of its rules alone', async () => {
    const headers = { authorization: `Bearer ${token}` }
    assert.equal((await ask('POST', '/write?db=a', headers, 'm,mark=new v=1')).status, 204)
    const read = await ask('GET', `/query${queryOf({ db: 'a', q: 'SELECT * FROM m' })}`, headers)
    assert.equal(read.status, 200, read.text)
    assert.match(read.text, /mark_a/)
    assert.ok((await ask('POST', '/write?db=b', headers, 'm v=1')).status >= 400)
    for (const q of ['SELECT * FROM m', 'SELECT * FROM b..m', 'DROP DATABASE b', 'CREATE DATABASE x']) {
      const db = q === 'SELECT * FROM m' ? 'b' : 'a'
      const refused = await ask('POST', `/query${queryOf({ db, q })}`, headers)
      assert.ok(!refused.text.includes('mark_b'), refused.text)
      assert.ok(refused.status >= 400 || refused.text.includes('error'), `${q}: ${refused.text}`)
    }
  })

  test('is no password there', async () => {
    const path = `/query${queryOf({ db: 'a', q: 'SELECT * FROM m' })}`
    for (const [query, headers] of [
      [`&u=telegraf&p=${token}`, {}],
      ['', { authorization: `Basic ${Buffer.from(`telegraf:${token}`).toString('base64')}` }],
      ['', { authorization: `Token ${token}` }],
    ] as const) {
      assert.equal((await ask('GET', `${path}${query}`, headers)).status, 401)
    }
  })
})

describe('a signed token before VictoriaMetrics', { skip: withoutVictoriaMetrics, timeout: 120_000 }, () => {
  let world: VictoriaMetricsWorld
  let issuer: TestIssuer
  let token: string
  before(async () => {
    const made = await issued()
    ;({ issuer, token } = made)
    world = await startVictoriaMetricsWorld(made.argv)
  })
  after(async () => {
    await world?.stop()
    await issuer?.stop()
  })

  test('reads the buckets of its rules alone', async () => {
    const ask = (path: string) =>
      send(world.url, { method: 'GET', path, headers: { authorization: `Bearer ${token}` } })
    const read = await ask(`/api/v1/query${queryOf({ query: 'cpu_v' })}`)
    assert.equal(read.status, 200, read.text)
    assert.match(read.text, /mark_a/)
    assert.doesNotMatch(read.text, /mark_b/)
    const other = await ask(`/api/v1/query${queryOf({ query: 'cpu_v{db="b"}' })}`)
    assert.doesNotMatch(other.text, /mark_b/)
  })
})
