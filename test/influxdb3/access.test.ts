/** Rights by bucket in front of InfluxDB 3 Core, whose admin tokens may do everything. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { basic, send } from '../support/http.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'
import { UNKNOWN_CODINGS } from '../support/unknown-codings.ts'
import { type Influxdb3StandIn, startInfluxdb3StandIn } from './stand-in.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

describe('a server before InfluxDB 3 Core', () => {
  let influxdb: Influxdb3StandIn
  let server: SetUpServer
  let token: string
  before(async () => {
    influxdb = await startInfluxdb3StandIn()
    server = await startSetUp([
      ...['--upstream-kind', 'influxdb3', '--upstream-url', influxdb.url, '--upstream-org', 'analytics'],
      ...['--upstream-token', influxdb.token],
    ])
    const { orgID } = server
    const ids: Record<string, string> = {}
    for (const name of ['d1', 'd2']) {
      const made = await server.ask('POST', '/api/v2/buckets', { orgID, name })
      assert.equal(made.status, 201, made.text)
      ids[name] = made.json.id
    }
    const permissions = ['read', 'write'].map((action) => ({
      ...{ action, resource: { type: 'buckets', id: ids.d1, orgID } },
    }))
    const made = await server.ask('POST', '/api/v2/authorizations', { orgID, permissions })
    token = made.json.token
  })
  after(async () => {
    await server?.stop()
    await influxdb?.stop()
  })

  async function ask(
    method: string,
    path: string,
    body?: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    influxdb.arrived.length = 0
    const answer = await send(server.url, {
      ...{ method, path, body },
      headers: { authorization: `Bearer ${token}`, ...headers },
    })
    return { ...answer, sent: influxdb.arrived[0] }
  }

  const allowed: readonly (readonly [
    method: string,
    path: string,
    body: string | undefined,
    target: string,
  ])[] = [
    [
      'POST',
      '/api/v3/write_lp?db=d1&precision=ns&accept_partial=true&no_sync=false',
      'm v=1',
      '/api/v3/write_lp?db=d1&precision=ns&accept_partial=true&no_sync=false',
    ],
    ['POST', '/api/v2/write?bucket=d1&org=x&precision=us', 'm v=1', '/api/v2/write?bucket=d1&precision=us'],
    ['POST', '/write?db=d1&rp=autogen', 'm v=1', '/write?db=d1'],
    [
      'GET',
      '/api/v3/query_sql?db=d1&q=SELECT+1&format=json',
      undefined,
      '/api/v3/query_sql?db=d1&q=SELECT%201&format=json',
    ],
    [
      'GET',
      '/api/v3/query_influxql?db=d1&q=SELECT+*+FROM+m',
      undefined,
      '/api/v3/query_influxql?db=d1&q=SELECT%20*%20FROM%20m',
    ],
    ['GET', '/query?db=d1&q=SHOW+MEASUREMENTS', undefined, '/query?db=d1&q=SHOW%20MEASUREMENTS'],
    [
      'GET',
      '/api/v3/query_sql?db=d1&q=SELECT+*+FROM+information_schema.tables',
      undefined,
      '/api/v3/query_sql?db=d1&q=SELECT%20*%20FROM%20information_schema.tables',
    ],
    [
      'GET',
      '/api/v3/query_sql?db=d1&q=SELECT+*+FROM+system',
      undefined,
      '/api/v3/query_sql?db=d1&q=SELECT%20*%20FROM%20system',
    ],
  ]
  for (const [method, path, body, target] of allowed) {
    test(`passes ${method} ${path} on with one database and the server’s token`, async () => {
      const { status, text, sent } = await ask(method, path, body)
      assert.ok(status === 200 || status === 204, text)
      assert.deepEqual(sent, { method, target, authorization: `Bearer ${influxdb.token}`, body: body ?? '' })
    })
  }

  test('builds the JSON of a POST from what was judged', async () => {
    const body = '{"db": "d1", "q": "SELECT * FROM m WHERE v = $v", "params": {"v": 9007199254740993}}'
    const { sent, text } = await ask('POST', '/api/v3/query_sql', body)
    assert.equal(
      sent?.body,
      '{"db":"d1","q":"SELECT * FROM m WHERE v = $v","params":{"v":9007199254740993}}',
      text,
    )
  })

  test('a write whose coding is not known is refused', async () => {
    for (const path of ['/api/v3/write_lp?db=d1', '/api/v2/write?bucket=d1', '/write?db=d1']) {
      for (const coding of UNKNOWN_CODINGS) {
        influxdb.arrived.length = 0
        const headers = { authorization: `Bearer ${token}`, 'content-encoding': coding }
        const { status, text } = await send(server.url, { method: 'POST', path, headers, body: 'm v=1' })
        assert.equal(status, 415, `${path} ${coding}: ${text}`)
        assert.equal(influxdb.arrived.length, 0)
      }
    }
  })

  const refused: readonly (readonly [
    method: string,
    path: string,
    body: string | undefined,
    status: number,
  ])[] = [
    ['POST', '/api/v3/write_lp?db=d2', 'm v=1', 403],
    ['POST', '/api/v2/write?bucket=d1/rp', 'm v=1', 403],
    ['POST', '/write?db=d1&rp=other', 'm v=1', 403],
    ['POST', '/write?db=d1&db=d2', 'm v=1', 400],
    ['POST', '/api/v3/query_sql?db=d1', '{"db": "d2", "q": "SELECT 1"}', 400],
    ['POST', '/api/v3/query_sql', '{"db": "d2", "q": "SELECT 1"}', 403],
    ['POST', '/api/v3/query_sql', '{"q": "SELECT 1"}', 400],
    ['POST', '/api/v3/query_sql', '{"db": "d1", "q": "SELECT * FROM system.queries"}', 403],
    ['POST', '/api/v3/query_sql', '{"db": "d1", "q": "SELECT * FROM \\"SYSTEM\\" /**/ . queries"}', 403],
    ['POST', '/api/v3/query_influxql', '{"db": "d1", "q": "SELECT * FROM d2.autogen.m"}', 403],
    ['POST', '/api/v3/query_influxql', '{"q": "SELECT * FROM d2.autogen.m"}', 400],
    ['GET', '/api/v3/query_influxql?db=d1&q=SELECT+*+FROM+m;SELECT+*+FROM+m', undefined, 400],
    ['GET', '/query?db=d1&q=SHOW+MEASUREMENTS+ON+d2', undefined, 403],
    ['GET', '/query?db=d1&q=DROP+DATABASE+d1', undefined, 403],
    ['GET', '/query?db=d1&rp=other&q=SHOW+MEASUREMENTS', undefined, 400],
    ['POST', '/api/v3/configure/token/admin', undefined, 404],
    ['POST', '/api/v3/configure/token/admin/regenerate', undefined, 404],
    ['POST', '/api/v3/configure/token/named_admin', '{}', 403],
    ['DELETE', '/api/v3/configure/token?token_name=x', undefined, 403],
    ['PUT', '/api/v3/configure/database', '{"db": "d1", "retention_period": "2d"}', 403],
    ['POST', '/api/v3/configure/database/retention_period?db=d1&duration=2d', undefined, 403],
    ['POST', '/api/v3/configure/database', '{"db": "mine"}', 403],
    ['DELETE', '/api/v3/configure/database?db=d1', undefined, 403],
    ['POST', '/api/v3/configure/processing_engine_trigger', '{"db": "d1"}', 403],
    ['POST', '/api/v3/configure/table', '{"db": "d1"}', 403],
    ['GET', '/api/v3/engine/hook', undefined, 403],
    ['PUT', '/api/v3/plugins/files', '{}', 403],
    ['GET', '/debug/pprof/heap', undefined, 404],
  ]
  for (const [method, path, body, status] of refused) {
    test(`refuses ${method} ${path} ${body ?? ''}`, async () => {
      const answer = await ask(method, path, body)
      assert.equal(answer.status, status, answer.text)
      assert.equal(answer.sent, undefined)
    })
  }

  test('names the databases that the caller may read', async () => {
    assert.match((await ask('GET', '/query?q=SHOW+DATABASES')).text, /\[\["d1"\]\]/)
    const { text } = await ask('GET', '/api/v3/configure/database?format=json')
    assert.equal(text, '[{"iox::database":"d1"}]')
    const asked = async (format: string) =>
      (await ask('GET', `/api/v3/query_influxql?q=SHOW+DATABASES${format}`)).text
    assert.equal(await asked(''), '[{"iox::database":"d1","deleted":false}]')
    assert.equal(await asked('&format=jsonl'), '{"iox::database":"d1","deleted":false}\n')
    assert.equal(await asked('&format=csv'), 'iox::database,deleted\nd1,false\n')
    assert.match(await asked('&format=pretty'), /^\| d1 {12}\| false {3}\|$/m)
    assert.equal((await ask('GET', '/api/v3/configure/database?format=parquet')).status, 400)
    const posted = await ask('POST', '/api/v3/query_influxql', '{"q": "show databases"}')
    assert.equal(posted.text, '[{"iox::database":"d1","deleted":false}]')
    const form = await ask('POST', '/query', 'db=d1&q=SELECT+*+FROM+d2..m', FORM)
    assert.equal(form.status, 403)
  })

  test('takes the token as Bearer, Token and password', async () => {
    for (const authorization of [`Bearer ${token}`, `Token ${token}`, basic('any', token)]) {
      const { status } = await ask('GET', '/api/v3/query_sql?db=d1&q=SELECT+1', undefined, { authorization })
      assert.equal(status, 200)
    }
    const none = await ask('GET', '/api/v3/query_sql?db=d1&q=SELECT+1', undefined, { authorization: '' })
    assert.equal(none.status, 401)
  })

  test('a bucket is a database, by either API', async () => {
    assert.ok(influxdb.databases.has('d1'))
    const made = await server.ask('POST', '/api/v3/configure/database', { db: 'v3' })
    assert.equal(made.status, 200, made.text)
    assert.ok(influxdb.databases.has('v3'))
    assert.equal((await server.ask('GET', '/api/v2/buckets?name=v3')).json.buckets.length, 1)
    assert.equal((await server.ask('DELETE', '/api/v3/configure/database?db=v3')).status, 403)
  })

  test('the retention of a database is that of its bucket', async () => {
    const path = '/api/v3/configure/database'
    const kept = async () =>
      (await server.ask('GET', '/api/v2/buckets?name=held')).json.buckets[0].retentionRules[0]
        ?.everySeconds ?? 0
    const made = await server.ask('POST', path, { db: 'held', retention_period: '1h 30m' })
    assert.equal(made.status, 200, made.text)
    assert.equal(await kept(), 5400)
    assert.equal((await server.ask('PUT', path, { db: 'held', retention_period: '30days' })).status, 200)
    assert.equal(await kept(), 2_592_000)
    // The stand-in refuses it.
    assert.equal((await server.ask('PUT', path, { db: 'held', retention_period: '1d' })).status, 400)
    assert.equal(await kept(), 2_592_000)
    assert.equal((await server.ask('PUT', path, { db: 'held' })).status, 200)
    assert.equal(await kept(), 0)
    const set = await server.ask('POST', `${path}/retention_period?db=held&duration=2w`)
    assert.equal(set.status, 204, set.text)
    assert.equal(await kept(), 1_209_600)
    assert.equal((await server.ask('DELETE', `${path}/retention_period?db=held`)).status, 204)
    assert.equal(await kept(), 0)
    for (const wrong of ['soon', '1', '', '5 fortnights', '1d!', '-1d']) {
      const refused = await server.ask('PUT', path, { db: 'held', retention_period: wrong })
      assert.equal(refused.status, 400, `${wrong}: ${refused.text}`)
    }
    assert.equal((await server.ask('PUT', path, { db: 'none', retention_period: '2d' })).status, 404)
  })

  test('anybody learns whether it runs, and its version', async () => {
    for (const [method, path] of [
      ['GET', '/ping'],
      ['POST', '/ping'],
      ['GET', '/api/v1/health'],
    ] as const) {
      const { status, text } = await send(server.url, { method, path })
      assert.equal(status, 200, path)
      assert.match(text, path === '/ping' ? /3\.0\.0/ : /OK/)
    }
    assert.equal((await send(server.url, { method: 'POST', path: '/api/v1/health' })).status, 404)
  })
})
