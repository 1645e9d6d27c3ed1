/** Described requests to upstreams that have databases: what passes does upstream what Sluice's own gateway would do. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Influxdb1World, startInfluxdb1World, withoutInfluxdb1 } from '../influxdb1/world.ts'
import { type Influxdb3StandIn, startInfluxdb3StandIn } from '../influxdb3/stand-in.ts'
import { temporaryFolder } from '../support/folder.ts'
import { basic } from '../support/http.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'
import {
  STRANGE,
  startVictoriaMetricsWorld,
  type VictoriaMetricsWorld,
  withoutVictoriaMetrics,
} from '../victoriametrics/world.ts'
import { type Describe, describing } from './describing.ts'

const TRUSTED = ['--trusted-proxies', 'loopback']
const FORM = 'application/x-www-form-urlencoded'
const by = (token: string, more: Readonly<Record<string, string>> = {}) => ({
  ...{ authorization: `Token ${token}`, ...more },
})
const queryOf = (parameters: Readonly<Record<string, string>>) => `?${new URLSearchParams(parameters)}`

describe('described requests to an InfluxDB 1.x', { skip: withoutInfluxdb1, timeout: 120_000 }, () => {
  let world: Influxdb1World
  let check: Describe
  let reader: Record<string, string>
  let writer: Record<string, string>
  const ask = (q: string, db = 'a', more: Readonly<Record<string, string>> = {}) =>
    `/query${queryOf({ ...(db ? { db } : {}), q, ...more })}`
  before(async () => {
    world = await startInfluxdb1World(TRUSTED)
    check = describing(world.url, '?upstream=influxdb1')
    reader = by(await world.tokenWith(['read:a']))
    writer = by(await world.tokenWith(['write:a']))
  })
  after(() => world?.stop())

  test('pass with the right to every database that they name', async () => {
    for (const target of [
      ask('SELECT * FROM m'),
      ask('SELECT * FROM a..m', ''),
      ask('SELECT * FROM m', 'a', { epoch: 'ms', chunked: 'true', params: '{"x":1}', rp: '' }),
      '/query?q=SELECT+%2A%20FROM%20m&db=a',
    ]) {
      const { status, message } = await check(reader, 'GET', target)
      assert.equal(status, 204, `${target}: ${message}`)
      assert.equal((await check(writer, 'GET', target)).status, 403, target)
    }
    for (const target of ['/write?db=a', '/write?db=a&rp=autogen&precision=ns', '/api/v1/prom/write?db=a']) {
      assert.equal((await check(writer, 'POST', target)).status, 204, target)
      assert.equal((await check(reader, 'POST', target)).status, 403, target)
    }
    assert.equal((await check(reader, 'POST', '/api/v1/prom/read?db=a')).status, 204)
  })

  test('pass if they only ask whether it runs', async () => {
    for (const target of ['/ping', '/health']) {
      assert.equal((await check(reader, 'GET', target)).status, 204, target)
      assert.equal((await check({}, 'GET', target)).status, 401, target)
    }
  })

  test('are refused for every other database, and where upstream could read another one', async () => {
    for (const target of [
      ask('SELECT * FROM b..m'),
      ask('SELECT * FROM m; SELECT * FROM b..m'),
      ask('SELECT * FROM (SELECT * FROM b..m)'),
      ask('SHOW SERIES FROM b..m'),
      ask('SELECT * FROM m', 'b'),
      ask('SELECT * FROM $d..m', 'a', { params: '{"d":{"identifier":"b"}}' }),
      ask('SELECT * FROM m', 'a', { params: '{"x":1,"x":2}' }),
      ask('SELECT * FROM m', 'a', { async: 'true' }),
      `${ask('SELECT * FROM m')}&db=b`,
      `${ask('SELECT * FROM m')};db=b`,
      `${ask('SELECT * FROM m')}&u=root&p=x`,
      '/query/?db=a&q=SELECT+1',
      '/%71uery?db=a&q=SELECT+1',
      '/debug/vars',
      ask('SELECT * FROM', 'a'),
    ]) {
      const { status, reason } = await check(reader, 'GET', target)
      assert.equal(status, 403, target)
      assert.equal(typeof reason, 'string', target)
    }
    for (const target of ['/write?db=b', '/write?db=a&db=b', '/write', '/api/v2/write?bucket=b']) {
      assert.equal((await check(writer, 'POST', target)).status, 403, target)
    }
  })

  test('are refused where the body decides, or could add parameters', async () => {
    const target = ask('SELECT * FROM m')
    const posted = await check(reader, 'POST', target)
    assert.deepEqual([posted.status, posted.reason], [403, 'not-by-check'])
    for (const type of ['multipart/form-data; boundary=x', 'Multipart/Form-Data; boundary=x', FORM]) {
      assert.equal((await check({ ...reader, 'content-type': type }, 'GET', target)).status, 403, type)
    }
  })

  test('never change anything here, and what Sluice answers itself is refused', async () => {
    const manager = by(await world.tokenWith(['manage', 'read:a', 'write:a']))
    for (const q of [
      'CREATE DATABASE made',
      'DROP DATABASE a',
      'SHOW DATABASES',
      'SHOW DATABASES; SELECT * FROM a..m',
    ]) {
      for (const query of ['?upstream=influxdb1', '?upstream=influxdb1&replace=true']) {
        const { status, reason } = await check(manager, 'GET', ask(q, ''), query)
        assert.deepEqual([status, reason], [403, 'not-by-check'], q)
      }
    }
    const { json } = await world.ask('GET', `/api/v2/buckets?orgID=${world.orgID}`)
    const names = json.buckets.map(({ name }: { name: string }) => name)
    assert.ok(names.includes('a') && !names.includes('made'))
  })

  test('of a browser with a session only read by GET', async () => {
    const session = await world.session()
    assert.equal((await check(session, 'GET', ask('SELECT * FROM m'))).status, 204)
    const changing = await check(session, 'GET', ask('SELECT * INTO a..stolen FROM m'))
    assert.deepEqual([changing.status, changing.reason], [403, 'forged-request'])
    const foreign = { ...session, origin: 'https://evil.example' }
    assert.equal((await check(foreign, 'POST', '/write?db=a')).status, 403)
  })

  test('may bring the credentials of the 1.x API', async () => {
    const token = await world.tokenWith(['read:a'])
    const target = ask('SELECT * FROM m')
    for (const authorization of [`Bearer ${token}`, `Token any:${token}`, basic('any', token)]) {
      assert.equal((await check({ authorization }, 'GET', target)).status, 204, authorization)
    }
    for (const authorization of [basic('any', 'wrong'), 'Token wrong']) {
      assert.equal((await check({ authorization }, 'GET', target)).status, 401)
    }
    assert.equal((await check({ authorization: basic('any', token) }, 'GET', target, '')).status, 401)
    const named = `${target}&${new URLSearchParams({ u: 'any', p: token })}`
    assert.equal((await check({}, 'GET', named)).status, 401)
    const replaced = await check({}, 'GET', named, '?upstream=influxdb1&replace=true')
    assert.equal(replaced.status, 204)
    assert.match(replaced.target ?? '', /^\/query\?q=[^&]*&db=a$/)
  })

  test('may be replaced by what Sluice would send', async () => {
    const replace = '?upstream=influxdb1&replace=true'
    const written = await check(writer, 'POST', '/api/v2/write?org=x&bucket=a/autogen&precision=ns', replace)
    assert.equal(written.target, '/write?db=a&rp=autogen&precision=n')
    const as = await check(writer, 'POST', '/api/v2/write?org=x&bucket=a/autogen&precision=ns')
    assert.deepEqual([as.status, as.target], [403, undefined])
    const read = await check(reader, 'GET', ask('SELECT * FROM m', 'a', { async: 'true' }), replace)
    assert.equal(read.target, '/query?q=SELECT%20*%20FROM%20m&db=a')
  })
})

describe('described requests to a VictoriaMetrics', {
  skip: withoutVictoriaMetrics,
  timeout: 120_000,
}, () => {
  const REPLACE = '?upstream=metrics&replace=true'
  const ALL = encodeURIComponent('{__name__!=""}')
  const FOREIGN = /mark_b|only_b|host_b|mark_c|only_c|"b"|evil/
  let world: VictoriaMetricsWorld
  let check: Describe
  let a: Record<string, string>
  before(async () => {
    world = await startVictoriaMetricsWorld([...TRUSTED, '--upstream-name', 'metrics'])
    check = describing(world.url, '?upstream=metrics')
    a = by(await world.tokenWith(['read:a', 'write:a']))
  })
  after(() => world?.stop())

  test('are replaced by ones that show and write one bucket alone', async () => {
    for (const target of [
      ...[`/api/v1/series?match[]=${ALL}`, '/prometheus/api/v1/query?query=cpu_v', '/api/v1/label/db/values'],
      ...[
        `/api/v1/export?match[]=${ALL}`,
        `/federate?match[]=${ALL}&db=a`,
        '/api/v1/query?query=cpu_v&trace=1',
      ],
    ]) {
      const told = await check(a, 'GET', target, REPLACE)
      assert.equal(told.status, 204, `${target}: ${told.message}`)
      const { status, text } = await world.metrics.ask('GET', told.target ?? '')
      assert.equal(status, 200, text)
      assert.match(text, /mark_a|"a"/, target)
      assert.doesNotMatch(text, FOREIGN, target)
    }
    const csv = '/api/v1/import/csv?db=a&format=1:metric:checked,2:label:mark,3:time:unix_s'
    const told = await check(a, 'POST', csv, REPLACE)
    assert.equal(told.status, 204)
    const now = Math.round(Date.now() / 1000) - 10
    const written = await world.metrics.ask('POST', told.target ?? '', `1,of_a,${now}`)
    assert.equal(written.status, 204)
    await world.flush()
    const { text } = await world.metrics.ask('GET', '/api/v1/series?match[]=checked')
    assert.match(text, /"db":"a"/)
    assert.doesNotMatch(text, /"db":"b"/)
  })

  test('pass as they came only with that label or filter', async () => {
    const filter = encodeURIComponent('{db="a"}')
    for (const [method, target] of [
      ['POST', '/api/v1/import/csv?format=1:metric:m&bucket=a&extra_label=db%3Da'],
      ['GET', `/api/v1/query?query=cpu_v&extra_filters[]=${filter}`],
      ['GET', `/api/v1/series?db=a&match[]=${ALL}&extra_filters%5B%5D=${filter}`],
    ] as const) {
      const { status, message } = await check(a, method, target)
      assert.equal(status, 204, `${target}: ${message}`)
    }
  })

  test('are refused where upstream would show or write another bucket', async () => {
    const ofA = encodeURIComponent('{db="a"}')
    const ofB = encodeURIComponent('{db="b"}')
    for (const [method, target] of [
      // Its lines could have so many labels that VictoriaMetrics drops this one.
      ['POST', '/write?db=a&extra_label=db=a'],
      ['POST', '/api/v2/write?org=analytics&bucket=a&extra_label=db%3Da'],
      ['POST', '/write?db=a'],
      ['POST', '/write?db=b&extra_label=db=b'],
      ['POST', '/write?db=a&extra_label=db=b'],
      ['POST', '/write?db=a&extra_label=db=a&extra_label=db=b'],
      ['POST', '/write?db=a&extra_label=db=a&Extra_Label=db=b'],
      ['GET', `/api/v1/query?query=cpu_v`],
      ['GET', `/api/v1/query?query=cpu_v&extra_filters[]=${ofB}`],
      ['GET', `/api/v1/query?query=cpu_v&extra_filters[]=${ofA}&extra_filters[]=${ofB}`],
      ['GET', `/api/v1/query?query=cpu_v&extra_filters[]=${ofA}&extra_filters=${ofB}`],
      ['GET', `/api/v1/query?query=cpu_v&extra_filters[]=${ofA}&extra_label=db=b`],
      ['GET', `/api/v1/query?query=cpu_v&extra_filters[]=${ofA}&trace=1`],
      ['GET', `/api/v1/query?query=cpu_v&query=up&extra_filters[]=${ofA}`],
      ['GET', `//api/v1/query?query=cpu_v&extra_filters[]=${ofA}`],
      ['GET', `/api/v1/series/count`],
      ['GET', `/tags/autoComplete/values?tag=db`],
      ['GET', `/query?q=SHOW+DATABASES`],
      ['POST', `/api/v1/query?query=cpu_v&extra_filters[]=${ofA}`],
      ['GET', `/api/v1/admin/tsdb/delete_series?match[]=${ALL}`],
    ] as const) {
      const { status, reason } = await check(a, method, target)
      assert.equal(status, 403, target)
      assert.equal(typeof reason, 'string')
    }
    for (const target of ['/api/v1/query?query=cpu_v&db=b', `/api/v1/query?query=cpu_v&extra_label=db=b`]) {
      assert.equal((await check(a, 'GET', target, REPLACE)).status, 403, target)
    }
  })

  test('are refused with a form, since VictoriaMetrics reads a multipart form of a GET too', async () => {
    const boundary = 'multipart/form-data; boundary=x'
    const target = `/api/v1/series?match[]=${ALL}`
    const told = await check(a, 'GET', target, REPLACE)
    const body = '--x\r\nContent-Disposition: form-data; name="extra_filters[]"\r\n\r\n{db="b"}\r\n--x--\r\n'
    const escaped = await askWithBody(`${world.metrics.url}${told.target}`, boundary, body)
    assert.match(escaped, FOREIGN, 'the real one adds the filter of the form')
    for (const query of ['?upstream=metrics', REPLACE]) {
      const { status } = await check({ ...a, 'content-type': boundary }, 'GET', target, query)
      assert.equal(status, 403)
      const written = { ...a, 'content-type': FORM }
      assert.equal((await check(written, 'POST', '/write?db=a&extra_label=db=a', query)).status, 403)
    }
  })

  test('of operators pass without a body', async () => {
    assert.equal((await check(world.operator, 'GET', '/api/v1/series/count')).status, 204)
    assert.equal((await check(world.operator, 'GET', '/snapshot/list')).status, 204)
    assert.equal((await check(await world.session(), 'GET', '/snapshot/create')).status, 403)
  })

  test('of a name that means something in a filter show that bucket alone', async () => {
    const strange = by(await world.tokenWith([`read:${STRANGE}`]))
    const told = await check(strange, 'GET', `/api/v1/series?match[]=${ALL}`, REPLACE)
    const { text } = await world.metrics.ask('GET', told.target ?? '')
    assert.match(text, /mark_c/)
    assert.doesNotMatch(text, /mark_a|mark_b/)
  })
})

/** `fetch` sends no body with GET. */
async function askWithBody(url: string, contentType: string, body: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const sent = request(url, { method: 'GET', headers: { 'content-type': contentType } }, async (response) => {
    let text = ''
    for await (const chunk of response.setEncoding('utf8')) text += chunk
    resolve(text)
  })
  sent.on('error', reject)
  sent.setHeader('content-length', Buffer.byteLength(body))
  sent.end(body)
  return promise
}

describe('described requests to an InfluxDB 3 Core', () => {
  let influxdb: Influxdb3StandIn
  let server: SetUpServer
  let check: Describe
  let one: Record<string, string>
  before(async () => {
    influxdb = await startInfluxdb3StandIn()
    server = await startSetUp([
      ...['--upstream-kind', 'influxdb3', '--upstream-url', influxdb.url, '--upstream-org', 'analytics'],
      ...['--upstream-token', influxdb.token, ...TRUSTED],
    ])
    check = describing(server.url, '?upstream')
    const { orgID } = server
    const made = await server.ask('POST', '/api/v2/buckets', { orgID, name: 'd1' })
    assert.equal((await server.ask('POST', '/api/v2/buckets', { orgID, name: 'd2' })).status, 201)
    const permissions = ['read', 'write'].map((action) => ({
      ...{ action, resource: { type: 'buckets', id: made.json.id, orgID } },
    }))
    one = by((await server.ask('POST', '/api/v2/authorizations', { orgID, permissions })).json.token)
  })
  after(async () => {
    await server?.stop()
    await influxdb?.stop()
  })

  test('pass with the right to the one database that they name', async () => {
    for (const [method, target] of [
      ['POST', '/api/v3/write_lp?db=d1&precision=auto&no_sync=true'],
      ['POST', '/api/v2/write?bucket=d1'],
      ['POST', '/write?db=d1&precision=s'],
      ['GET', '/api/v3/query_sql?db=d1&q=SELECT+1&format=json'],
      ['GET', '/api/v3/query_influxql?q=SELECT+*+FROM+m&db=d1'],
      ['GET', '/query?db=d1&q=SELECT+*+FROM+m&epoch=ms'],
    ] as const) {
      const { status, message } = await check(one, method, target)
      assert.equal(status, 204, `${target}: ${message}`)
      assert.equal((await check(one, method, target.replaceAll('d1', 'd2'))).status, 403, target)
    }
  })

  test('are refused where the body decides, another database is meant, or only operators may', async () => {
    for (const [method, target] of [
      ['POST', '/api/v3/query_sql'],
      ['POST', '/query?db=d1&q=SELECT+*+FROM+m'],
      ['GET', '/api/v3/query_sql?db=d1&q=SELECT+*+FROM+system.queries'],
      ['GET', '/api/v3/query_influxql?db=d1&q=SELECT+*+FROM+d2..m'],
      ['GET', '/api/v3/query_sql?db=d1&q=SELECT+1&db=d2'],
      ['GET', '/query?db=d1&q=SELECT+*+FROM+m&p=apiv3_x'],
      ['POST', '/write?db=d1&rp=long'],
      ['POST', '/api/v3/write_lp?db=d1&other=1'],
      ['GET', '/api/v3/configure/database?format=json'],
      ['POST', '/api/v3/configure/database'],
      ['DELETE', '/api/v3/configure/database?db=d1'],
      ['POST', '/api/v3/configure/token/admin'],
      ['GET', '/api/v3/engine/run'],
    ] as const) {
      const { status, reason } = await check(one, method, target)
      assert.equal(status, 403, target)
      assert.equal(typeof reason, 'string')
    }
  })

  test('of operators pass where no database is created or dropped', async () => {
    assert.equal((await check(server.operator, 'GET', '/api/v3/engine/run')).status, 204)
    assert.equal((await check(server.operator, 'POST', '/api/v3/configure/table')).status, 204)
    const dropping = await check(server.operator, 'DELETE', '/api/v3/configure/database?db=d1')
    assert.deepEqual([dropping.status, dropping.reason], [403, 'not-by-check'])
    assert.ok(influxdb.databases.has('d1'))
  })

  test('may be replaced by what Sluice would send', async () => {
    const replace = '?upstream&replace=true'
    const { target } = await check(one, 'POST', '/api/v3/write_lp?db=d1&other=1', replace)
    assert.equal(target, '/api/v3/write_lp?db=d1')
  })
})

test('of several upstreams the named one decides, by its own organization', async (t) => {
  const influxdb = await startInfluxdb3StandIn()
  t.after(() => influxdb.stop())
  const file = join(temporaryFolder(), 'sluice.json')
  const common = { kind: 'influxdb3', url: influxdb.url, token: influxdb.token }
  const upstream = [
    { ...common, org: 'analytics', name: 'first' },
    { ...common, org: 'works', name: 'second' },
    { kind: 'victoriametrics', url: influxdb.url, org: 'plant' },
  ]
  writeFileSync(file, JSON.stringify({ upstream }))
  const server = await startSetUp(['--config-path', file, ...TRUSTED])
  t.after(() => server.stop())
  const made = await server.ask('POST', '/api/v2/orgs', { name: 'works' })
  const orgID = made.json.id
  assert.equal((await server.ask('POST', '/api/v2/buckets', { orgID, name: 'engine' })).status, 201)
  const ofWorks = [{ action: 'write', resource: { type: 'buckets', orgID } }]
  const token = await server.ask('POST', '/api/v2/authorizations', { orgID, permissions: ofWorks })
  const check = describing(server.url, '?upstream=second')
  const writer = by(token.json.token)
  const target = '/api/v3/write_lp?db=engine'
  assert.equal((await check(writer, 'POST', target)).status, 204)
  assert.equal((await check(writer, 'POST', target, '?upstream=first')).status, 403)
  assert.equal((await check(server.operator, 'POST', target, '?upstream=first')).status, 204)
  assert.equal((await check(server.operator, 'GET', target, '?upstream=victoriametrics')).status, 403)
  for (const query of ['?upstream', '?upstream=influxdb3', '?upstream=third']) {
    assert.equal((await check(server.operator, 'POST', target, query)).status, 400, query)
  }
})
