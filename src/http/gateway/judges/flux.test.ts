/** The refusals of `src/domain/flux`, put to a principal's rights. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type ArrivalOptions, arrivalOf } from '../../../../test/support/arrival.ts'
import { bothOf, createGatewayWorld } from '../../../../test/support/gateway-world.ts'
import { refused } from '../../../../test/support/refused.ts'
import { NOBODY } from '../../../../test/support/world.ts'
import { operatorPermissions } from '../../../domain/access/grants.ts'
import type { Caller } from '../../../domain/access/principal.ts'
import { permission } from '../../../domain/records/permission.ts'
import { judgeQuery, judgeStoredText, judgeTemplate } from './flux.ts'
import { judgeThen } from './resource.ts'

const FLUX = { 'content-type': 'application/vnd.flux' }

async function setUp({ outbound = 'operators' as 'operators' | 'all' } = {}) {
  const world = await createGatewayWorld()
  const { tokenOf, a, b } = world
  const deps = { ...world.deps, outbound }
  const reader = tokenOf(a.orgID, permission('read', 'buckets', { orgID: a.orgID }))
  const everywhere = tokenOf(a.orgID, permission('read', 'buckets'), permission('write', 'buckets'))
  const query = async (
    body: string,
    caller: Caller = reader,
    options: ArrivalOptions = {},
    target = '/api/v2/query?org=a',
  ) => judgeQuery(deps)(arrivalOf(caller, 'POST', target, { headers: FLUX, body, ...options }))
  const send = async (method: string, target: string, body: string | undefined, caller = reader) => {
    const arrival = arrivalOf(caller, method, target, body === undefined ? {} : { body })
    return target.includes('templates')
      ? judgeThen(judgeTemplate(deps), afterwards)(arrival)
      : judgeStoredText(deps)(arrival)
  }
  const afterwards = () => {}
  return {
    ...world,
    a,
    b,
    reader,
    everywhere,
    query,
    send,
    afterwards,
    operator: tokenOf(a.orgID, ...operatorPermissions()),
  }
}

suite('a query', () => {
  test('goes on with its organization by id, and its text for the audit log', async () => {
    const { query, a } = await setUp()
    const text = 'from(bucket: "points") |> range(start: -1h)'
    assert.deepEqual(await query(text, undefined, {}, `/api/v2/query?org=a&u=ada&p=secret&x=y`), {
      ...{ orgID: a.orgID, target: `/api/v2/query?orgID=${a.orgID}`, body: Buffer.from(text) },
      ...{ contentType: 'application/vnd.flux', statement: text },
    })
  })

  test('needs an organization that exists', async () => {
    const { query } = await setUp()
    await refused(() => query('buckets()', undefined, {}, '/api/v2/query'), 'not found')
    await refused(() => query('buckets()', undefined, {}, '/api/v2/query?org=c'), 'not found')
  })

  test('may name a bucket by its id where the caller may read it', async () => {
    const { query, a, b, everywhere } = await setUp()
    const from = (id: string) => `from(bucketID: "${id}") |> range(start: -1h)`
    assert.ok(await query(from(a.bucketID)))
    for (const id of [b.bucketID, NOBODY]) {
      await assert.rejects(async () => query(from(id)), { code: 'forbidden', reason: 'bucket-by-id' })
    }
    assert.ok(await query(from(b.bucketID), everywhere))
    const to = `from(bucket: "points") |> range(start: -1h) |> to(bucketID: "${a.bucketID}", orgID: "${a.orgID}")`
    await assert.rejects(async () => query(to), { reason: 'bucket-by-id' })
    assert.ok(await query(to, everywhere))
  })

  test('may compute an id where the caller may use every bucket of all', async () => {
    const { query, a, b, everywhere, tokenOf } = await setUp()
    for (const text of [
      `id = "${b.bucketID}"\nfrom(bucketID: id) |> range(start: -1h)`,
      `bucketID = "${b.bucketID}"\nfrom(bucketID) |> range(start: -1h)`,
      `from("bucket\\x49D": "${b.bucketID}") |> range(start: -1h)`,
      `f = from\nf(bucketID: "${b.bucketID}") |> range(start: -1h)`,
      `import i "influxdata/influxdb"\ni.cardinality(bucketID: "${b.bucketID}", start: -1h)`,
    ]) {
      await refused(() => query(text), 'forbidden')
      await refused(() => query(text, tokenOf(a.orgID, ...bothOf('buckets', a.orgID))), 'forbidden')
      assert.ok(await query(text, everywhere), text)
    }
  })

  test('may not make InfluxDB open other hosts, unless by an operator or where settings allow it', async () => {
    const texts = [
      'from(bucket: "points", host: "http://127.0.0.1:8086") |> range(start: -1h)',
      'import "http"\nhttp.post(url: "http://127.0.0.1", data: bytes(v: "x"))',
      'import "sql"\nsql.from(driverName: "sqlite3", dataSourceName: "file:influxd.sqlite", query: "SELECT 1")',
    ]
    const { query, operator, everywhere } = await setUp()
    const { query: allowed } = await setUp({ outbound: 'all' })
    for (const text of texts) {
      await assert.rejects(query(text), { code: 'forbidden', reason: 'outbound-flux' })
      await refused(() => query(text, everywhere), 'forbidden')
      assert.ok(await query(text, operator))
      assert.ok(await allowed(text))
    }
  })

  test('is refused packed, in JSON that has two readings, or too large', async () => {
    const { query, b, operator } = await setUp()
    const packed = { headers: { ...FLUX, 'content-encoding': 'gzip' } }
    await refused(() => query('buckets()', undefined, packed), 'unsupported media type')
    const json = { headers: { 'content-type': 'application/json' } }
    const from = JSON.stringify(`from(bucketID: "${b.bucketID}")`)
    for (const body of [
      `{"query":"buckets()","QUERY":${from}}`,
      `{"query":"buckets()","query":${from}}`,
      `{"query":"buckets()"}{"query":"x"}`,
      '[]',
      '',
    ]) {
      await refused(() => query(body, undefined, json), 'invalid')
      await refused(() => query(body, operator, json), 'invalid')
    }
    await refused(() => query(' '.repeat(1_048_577)), 'request too large')
    assert.ok(await query('{"query":"buckets()"}', undefined, json))
    await refused(() => query(`{"query":${from}}`, undefined, json), 'forbidden')
  })
})

suite('Flux that InfluxDB stores', () => {
  test('is judged like a query, and goes on as JSON', async () => {
    const { send, a, b, everywhere } = await setUp()
    const task = (id: string) =>
      JSON.stringify({
        orgID: a.orgID,
        flux: `option task = {name: "t", every: 1h}\nfrom(bucketID: "${id}")`,
      })
    const good = task(a.bucketID)
    assert.deepEqual(await send('POST', '/api/v2/tasks?u=ada&p=secret', good), {
      ...{
        orgID: a.orgID,
        target: '/api/v2/tasks',
        body: Buffer.from(good),
        contentType: 'application/json',
      },
    })
    await refused(() => send('POST', '/api/v2/tasks', task(b.bucketID)), 'forbidden')
    await refused(() => send('PATCH', `/api/v2/tasks/${NOBODY}`, task(b.bucketID)), 'forbidden')
    assert.ok(await send('POST', '/api/v2/tasks', task(b.bucketID), everywhere))
    assert.equal((await send('POST', `/api/v2/tasks/${NOBODY}/runs`, undefined)).body, undefined)
  })

  test('is in the text of an endpoint too', async () => {
    const { send, a, b } = await setUp()
    const endpoint = (url: string) => JSON.stringify({ orgID: a.orgID, type: 'http', name: 'e', url })
    assert.ok(await send('POST', '/api/v2/notificationEndpoints', endpoint('http://hooks.example')))
    const text = `http://\${string(v: from(bucketID: "${b.bucketID}"))}`
    for (const [method, path] of [
      ['POST', '/api/v2/notificationEndpoints'],
      ['PUT', `/api/v2/notificationEndpoints/${NOBODY}`],
    ] as const) {
      await assert.rejects(send(method, path, endpoint(text)), ({ code }: { code: string }) =>
        ['invalid', 'forbidden'].includes(code),
      )
    }
  })

  test('is in a template, whose token may create buckets', async () => {
    const { send, a, b, afterwards } = await setUp()
    const template = (query: string) =>
      JSON.stringify({
        orgID: a.orgID,
        template: {
          contents: [
            {
              apiVersion: 'influxdata.com/v2alpha1',
              kind: 'Task',
              metadata: { name: 't' },
              spec: { name: 't', every: '1h', query },
            },
          ],
        },
      })
    const outgoing = await send('POST', '/api/v2/templates/apply?u=ada', template('from(bucket: "points")'))
    assert.equal(outgoing.scope, 'by-organization')
    assert.equal(outgoing.target, '/api/v2/templates/apply')
    assert.equal(outgoing.afterwards, afterwards)
    await refused(
      () => send('POST', '/api/v2/templates/apply', template(`from(bucketID: "${b.bucketID}")`)),
      'forbidden',
    )
    await refused(
      () => send('POST', '/api/v2/templates/apply', '{"remotes":[{"url":"http://127.0.0.1"}]}'),
      'forbidden',
    )
  })
})
