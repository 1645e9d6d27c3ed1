/** Requests to an upstream that another gateway forwards itself, judged by the rules of Sluice's own gateway. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { type GatewayScene, startGateway } from '../gateway/scene.ts'
import { send } from '../support/http.ts'

suite('a forwarded request to an upstream', () => {
  let scene: GatewayScene
  before(async () => {
    scene = await startGateway(['--trusted-proxies', 'loopback', '--upstream-name', 'main'])
  })
  after(async () => {
    await scene.stop()
    await scene.upstream.stop()
  })

  async function check(token: string, method: string, uri: string, query = '?upstream=main') {
    const { status, json, headers } = await send(scene.url, {
      ...{ method: 'GET', path: `/api/v2/auth/check${query}` },
      headers: {
        authorization: `Token ${token}`,
        ...{ 'x-forwarded-method': method, 'x-forwarded-uri': scene.resolved(uri) },
        ...{ 'x-forwarded-host': 'influxdb.example.com', 'x-forwarded-proto': 'https' },
      },
    })
    const [reason, target] = [headers['x-sluice-reason'], headers['x-sluice-target']]
    return { status, message: json?.message, reason, ...(target === undefined ? {} : { target }) }
  }
  const operatorToken = () => scene.operator.authorization.slice('Token '.length)
  const statusOf = async (...asked: Parameters<typeof check>) => (await check(...asked)).status

  test('to write or delete passes with the right to the bucket that its query names, and no other', async () => {
    const writer = await scene.tokenWith(['write:orgs/A/buckets/B1'])
    const { A, B, B1, B2, BB } = scene.ids
    assert.equal(await statusOf(writer, 'POST', `/api/v2/write?orgID=${A}&bucket=b1`), 204)
    assert.equal(await statusOf(writer, 'POST', `/api/v2/write?org=${A}&bucket=${B1}&precision=s`), 204)
    assert.equal(await statusOf(writer, 'POST', `/api/v2/delete?orgID=${A}&bucket=b1`), 204)
    for (const uri of [
      `/api/v2/write?orgID=${A}&bucket=b2`,
      `/api/v2/write?orgID=${A}&bucket=${BB}`,
      `/api/v2/write?orgID=${B}&bucket=${B1}`,
      `/api/v2/write?orgID=${A}&bucket=b1&bucket=b2`,
      `/api/v2/write?orgID=${A}&bucket=b1;bucket=b2`,
      `/api/v2/write?orgID=${A}&org=${B}&bucket=b1`,
      `/api/v2/delete?orgID=${A}&bucket=b1&bucketID=${B2}`,
      `/api/v2/write/../write?orgID=${A}&bucket=b1`,
      `/api/v2/%77rite?orgID=${A}&bucket=b1`,
      `//api/v2/write?orgID=${A}&bucket=b1`,
      '/api/v2/write',
    ]) {
      assert.equal(await statusOf(writer, 'POST', uri), 403, uri)
    }
  })

  test('of the 1.x API is written into the bucket that the mapping of its token names', async () => {
    const { A, B1 } = scene.ids
    const writer = await scene.tokenWith(['write:orgs/A/buckets/B1'])
    const replace = '?upstream=main&replace=true'
    // The mappings are taken over from InfluxDB shortly after a change.
    const end = Date.now() + 15_000
    while ((await statusOf(writer, 'POST', '/write?db=d1', replace)) !== 204) {
      assert.ok(Date.now() < end, 'the mapping was not taken over')
      await setTimeout(50)
    }
    for (const [uri, unit] of [
      ['/write?db=d1', 'ns'],
      ['/write?db=d1&rp=autogen&precision=u', 'us'],
      [`/write?precision=n&db=d1&org=B&u=any&p=${writer}`, 'ns'],
    ] as const) {
      const { status, target } = await check(writer, 'POST', uri, replace)
      assert.equal(status, 204, uri)
      assert.equal(target, `/api/v2/write?org=${A}&bucket=${B1}&precision=${unit}`)
    }
    const before = await scene.rowsIn(B1)
    const { target = '' } = await check(writer, 'POST', '/write?db=d1&precision=s', replace)
    const written = await scene.askUpstream('POST', String(target), 'm v=1 1700000000')
    assert.equal(written.status, 204, written.text)
    assert.equal(await scene.rowsIn(B1), before + 1)

    for (const uri of [
      '/write?db=d2',
      '/write?db=d1&rp=other',
      '/write?db=none',
      '/write',
      '/write?db=d1&db=d2',
      '/write?db=d1&precision=m',
    ]) {
      assert.equal(await statusOf(writer, 'POST', uri, replace), 403, uri)
    }
    assert.equal(await statusOf(writer, 'POST', '/write?db=d1'), 403, 'InfluxDB would take another mapping')
  })

  test('asks whether upstream runs for every known caller', async () => {
    const reader = await scene.tokenWith(['read:orgs/A/dashboards'])
    for (const uri of ['/ping', '/health', '/ping?verbose=true']) {
      for (const method of ['GET', 'HEAD']) assert.equal(await statusOf(reader, method, uri), 204, uri)
      assert.equal(await statusOf('wrong', 'GET', uri), 401, uri)
    }
    for (const uri of ['/pingx', '/health/more', '/%70ing', '/ready']) {
      assert.equal(await statusOf(reader, 'GET', uri), 403, uri)
    }
    assert.equal(await statusOf(reader, 'POST', '/health'), 403)
  })

  test('is refused where its body decides, or where the gateway does not forward it', async () => {
    const { ids } = scene
    const operator = operatorToken()
    for (const [method, uri] of [
      ['POST', `/api/v2/query?orgID=${ids.A}`],
      ['POST', '/query?db=d1&q=SELECT+1'],
      ['POST', '/api/v2/dashboards'],
      ['PATCH', '/api/v2/tasks/0000000000000001'],
      ['GET', '/api/v2/backup/kv'],
      ['GET', '/metrics'],
      ['GET', '/api/v2/buckets'],
      ['TRACE', '/api/v2/dashboards'],
      ['GET', '/query?db=d1&q=SHOW+DATABASES&u=a&p=b'],
    ] as const) {
      const { status, message } = await check(operator, method, uri)
      assert.equal(status, 403, `${method} ${uri}`)
      assert.equal(typeof message, 'string')
    }
    assert.equal((await check(operator, 'POST', `/api/v2/query?orgID=${ids.A}`)).reason, 'not-by-check')
  })

  test('to a list or a resource passes with the right that upstream would ask for', async () => {
    const { A, B } = scene.ids
    const reader = await scene.tokenWith(['read:orgs/A/dashboards'])
    const made = await scene.ask('POST', '/api/v2/dashboards', { orgID: A, name: 'one' })
    const other = await scene.ask('POST', '/api/v2/dashboards', { orgID: B, name: 'other' })
    assert.equal(made.status, 201, made.text)
    const passing = [`/api/v2/dashboards?orgID=${A}&limit=5`, `/api/v2/dashboards/${made.json.id}`]
    const closed = [
      '/api/v2/dashboards',
      `/api/v2/dashboards?orgID=${A}&id=${other.json.id}`,
      `/api/v2/dashboards?orgID=${B}`,
      `/api/v2/dashboards/${other.json.id}`,
      `/api/v2/tasks?orgID=${A}`,
      '/write?db=d1',
      '/api/v2/config',
    ]
    for (const uri of passing)
      assert.deepEqual(
        await check(reader, 'GET', uri),
        { status: 204, message: undefined, reason: undefined },
        uri,
      )
    for (const uri of closed) assert.equal(await statusOf(reader, 'GET', uri), 403, uri)
    assert.equal(await statusOf(reader, 'DELETE', passing[1] ?? ''), 403)
    for (const uri of [...passing, '/api/v2/dashboards', '/api/v2/config']) {
      assert.equal(await statusOf(operatorToken(), 'GET', uri), 204, uri)
    }
  })

  test('needs to be described, and the upstream to be there', async () => {
    const operator = operatorToken()
    assert.equal(await statusOf(operator, 'GET', '/api/v2/config', '?upstream'), 204, 'the only one')
    assert.equal(await statusOf(operator, 'GET', '/api/v2/config', '?upstream=other'), 400)
    const headers = { authorization: `Token ${operator}` }
    const path = '/api/v2/auth/check?upstream=main'
    assert.equal((await send(scene.url, { method: 'GET', path, headers })).status, 400)
    assert.equal(await statusOf('wrong', 'GET', '/api/v2/config'), 401)
  })
})
