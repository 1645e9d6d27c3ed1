/**
 * Cases of the gateway to InfluxDB 1.x, InfluxDB 3 Core and VictoriaMetrics, and of the check for other gateways. They
 * were found on real servers and in the source of InfluxDB 3; here they are sent as they stand.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startInfluxdb1 } from '../../scripts/engines/influxdb1.ts'
import { startVictoriaMetrics } from '../../scripts/engines/victoria-metrics.ts'
import { withoutInfluxdb1 } from '../influxdb1/world.ts'
import { startInfluxdb3StandIn } from '../influxdb3/stand-in.ts'
import { type Received, send } from '../support/http.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'
import { withoutVictoriaMetrics } from '../victoriametrics/world.ts'
import { type Case, headersOf } from './case.ts'
import { startGateway } from './scene.ts'

interface DatabaseCase extends Case {
  readonly upstream: string
}

const CASES: readonly DatabaseCase[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'database-cases.json'), 'utf8'),
)

/** Where another answer is right, and why. */
const OTHERWISE: Readonly<Record<string, readonly [status: number, why: string]>> = {
  'GW-100': [403, 'a real 1.6.7 parses it: the database is named d2"..'],
  'GW-115': [400, 'what the query and the body both name is refused, whatever it is'],
}

function statusExpected({ id, expect }: Case): number | 'success' {
  const other = OTHERWISE[id]
  if (other) return other[0]
  const denied = /^deny (\d+)/.exec(expect)
  return denied ? Number(denied[1]) : 'success'
}

function check(each: Case, { status, text, json }: Received): void {
  const expected = statusExpected(each)
  if (expected === 'success') {
    assert.ok(status >= 200 && status < 300, `${status} ${text}`)
    return
  }
  assert.equal(status, expected, text)
  assert.ok(json.code && json.message, 'in the documented schema')
}

const MULTIPART = '--x\r\nContent-Disposition: form-data; name="q"\r\n\r\nSHOW MEASUREMENTS\r\n--x--\r\n'

/** The body as it is sent; the cases abridge two of them, and write the blanks of a form. */
function bodyOf({ request: { body, headers } }: Case): string | undefined {
  if (body === undefined || body === null) return undefined
  const { 'content-type': type = '' } = headers
  if (type.startsWith('multipart/')) return MULTIPART
  if (typeof body !== 'string') return JSON.stringify(body)
  return type.includes('urlencoded') ? body.replaceAll(' ', '+') : body
}

function sendCase(url: string, each: Case, token: string): Promise<Received> {
  const { method, path, query } = each.request
  const target = path + (query === '' ? '' : `?${new URLSearchParams(query.replaceAll('+', '%2B'))}`)
  const headers = { authorization: `Token ${token}`, ...headersOf(each, token) }
  return send(url, { method, path: target, body: bodyOf(each), headers })
}

interface Upstream {
  readonly url: string
  stop(): unknown
}

const KINDS: Readonly<
  Record<string, { readonly skip: string | false; start(): Promise<Upstream>; readonly more?: string[] }>
> = {
  influxdb1: { skip: withoutInfluxdb1, start: () => startInfluxdb1() },
  influxdb3: {
    skip: false,
    start: startInfluxdb3StandIn,
    more: ['--upstream-token', 'apiv3_of-the-server-itself'],
  },
  victoriametrics: { skip: withoutVictoriaMetrics, start: startVictoriaMetrics },
}

for (const [kind, { skip, start, more = [] }] of Object.entries(KINDS)) {
  describe(`requests to the gateway to ${kind}`, { skip, timeout: 120_000 }, () => {
    const cases = CASES.filter(({ upstream }) => upstream === kind)
    let upstream: Upstream
    let server: SetUpServer
    const ids: Record<string, string> = {}
    before(async () => {
      upstream = await start()
      const url = ['--upstream-kind', kind, '--upstream-url', upstream.url, '--upstream-org', 'analytics']
      server = await startSetUp([...url, ...more])
      for (const name of ['d1', 'd2', 'a', 'b']) {
        const made = await server.ask('POST', '/api/v2/buckets', { orgID: server.orgID, name })
        assert.equal(made.status, 201, made.text)
        ids[name] = made.json.id
      }
    })
    after(async () => {
      await server?.stop()
      await upstream?.stop()
    })

    for (const each of cases) {
      test(`${each.id}: ${OTHERWISE[each.id]?.[1] ?? `${each.expect}: ${each.reason}`}`, async () => {
        const permissions = each.permissions.map((text) => {
          const [action, name = ''] = text.split(':db/')
          return { action, resource: { type: 'buckets', id: ids[name], orgID: server.orgID } }
        })
        const made = await server.ask('POST', '/api/v2/authorizations', { orgID: server.orgID, permissions })
        assert.equal(made.status, 201, made.text)
        check(each, await sendCase(server.url, each, made.json.token))
      })
    }
  })
}

describe('requests that another gateway describes', { timeout: 120_000 }, () => {
  for (const each of CASES.filter(({ upstream }) => upstream.startsWith('forward-auth'))) {
    test(`${each.id}: ${each.expect}: ${each.reason}`, async (t) => {
      const scene = await startGateway(['--trusted-proxies', 'loopback'])
      t.after(() => scene.stop())
      const token = await scene.tokenWith(each.permissions)
      const headers = Object.fromEntries(
        Object.entries(headersOf(each, token)).map(([name, value]) => [name, scene.resolved(value)]),
      )
      const path = '/api/v2/auth/check?upstream'
      check(each, await send(scene.url, { method: 'GET', path, headers }))
    })
  }
})

test('every case belongs to a test', () => {
  const known = CASES.filter(({ upstream }) => upstream in KINDS || upstream.startsWith('forward-auth'))
  assert.equal(known.length, CASES.length)
  assert.equal(CASES.length, 38)
})
