/**
 * An organization with so many buckets that a token upstream names them all at once. Such a token reaches the buckets of
 * other organizations at InfluxDB itself, so that only what Sluice compares stands between.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { type Received, send } from '../support/http.ts'
import { type GatewayScene, startGateway } from './scene.ts'

const COUNT = 600
const TYPES = ['buckets', 'tasks', 'scrapers', 'replications', 'remotes', 'checks', 'labels']

let scene: GatewayScene
/** Of a token of an owner of A, here. */
let token: string
/** What Sluice made of it at InfluxDB. */
let minted: string
before(async () => {
  scene = await startGateway()
  const { A, B, BB } = scene.ids
  let next = 0
  async function lane(): Promise<void> {
    while (next < COUNT) {
      const body = { orgID: A, name: `many ${next++}` }
      assert.equal((await scene.ask('POST', '/api/v2/buckets', body)).status, 201)
    }
  }
  await Promise.all(Array.from({ length: 8 }, lane))
  token = await scene.tokenWith(
    ['read', 'write'].flatMap((act) => TYPES.map((type) => `${act}:orgs/A/${type}`)),
  )
  await scene.askUpstream('POST', `/api/v2/write?orgID=${B}&bucket=${BB}`, 'm,t=a v=1')
})
after(() => scene?.stop())

const ask = (
  method: string,
  path: string,
  body?: string | object,
  { to = scene.url, by = token }: { to?: string; by?: string } = {},
): Promise<Received> =>
  send(to, {
    ...{ method, path },
    headers: {
      authorization: `Token ${by}`,
      ...(typeof body === 'object' && { 'content-type': 'application/json' }),
    },
    body: typeof body === 'object' ? JSON.stringify(body) : body,
  })

suite('more buckets than a token upstream names one by one', () => {
  test('make one that names all of the organization, with which InfluxDB writes into any other', async () => {
    const { A, B, BB } = scene.ids
    assert.equal((await ask('POST', `/api/v2/write?orgID=${A}&bucket=b1`, 'm v=1')).status, 204)
    const { json } = await scene.askUpstream('GET', '/api/v2/authorizations')
    const own = json.authorizations.filter(({ description }: { description: string }) =>
      description.startsWith('sluice node'),
    )
    const forBuckets = own.flatMap(({ permissions }: { permissions: { resource: object }[] }) =>
      permissions.filter(({ resource }) => 'type' in resource && resource.type === 'buckets'),
    )
    assert.deepEqual(
      forBuckets.map(({ resource: { id } }: { resource: { id?: string } }) => id),
      [undefined, undefined],
    )
    // What such a token can do, asked with one that is as wide.
    const body = { orgID: A, description: 'as wide', permissions: forBuckets }
    minted = (await scene.askUpstream('POST', '/api/v2/authorizations', body)).json.token
    const before = await scene.rowsIn(BB, B)
    const there = { to: scene.upstream.url, by: minted }
    assert.equal((await ask('POST', `/api/v2/write?orgID=${A}&bucket=${BB}`, 'm,t=b v=1', there)).status, 204)
    assert.equal(await scene.rowsIn(BB, B), before + 1, 'the hole is there')
  })

  test('leave no way through Sluice to the bucket of another organization by its id', async () => {
    const { A, B, BB, B1 } = scene.ids
    const before = await scene.rowsIn(BB, B)
    const range = { start: '2000-01-01T00:00:00Z', stop: '2100-01-01T00:00:00Z' }
    const flux = (text: string) => ask('POST', `/api/v2/query?orgID=${A}`, { query: text })
    const task = (text: string) => ({ orgID: A, flux: `option task = {name: "t", every: 1h}\n${text}` })
    const from = `from(bucketID: "${BB}") |> range(start: 0)`
    const to = `from(bucket: "b1") |> range(start: 0) |> to(bucketID: "${BB}", orgID: "${A}")`
    const remote = {
      ...{ orgID: A, name: 'r', remoteURL: 'http://127.0.0.1:1', remoteAPIToken: 'x', remoteOrgID: A },
      allowInsecureTLS: false,
    }
    const { id: remoteID } = (await ask('POST', '/api/v2/remotes', remote)).json
    const label = (await ask('POST', '/api/v2/labels', { orgID: A, name: 'l' })).json.label
    const ways: readonly [string, () => Promise<Received>][] = [
      ['write', () => ask('POST', `/api/v2/write?orgID=${A}&bucket=${BB}`, 'm,t=c v=1')],
      [
        'write in capitals',
        () => ask('POST', `/api/v2/write?orgID=${A}&bucket=${BB.toUpperCase()}`, 'm v=1'),
      ],
      ['write by bucketID', () => ask('POST', `/api/v2/write?orgID=${A}&bucketID=${BB}`, 'm v=1')],
      ['write to B', () => ask('POST', `/api/v2/write?orgID=${B}&bucket=${BB}`, 'm v=1')],
      ['delete', () => ask('POST', `/api/v2/delete?orgID=${A}&bucketID=${BB}`, range)],
      ['delete by name', () => ask('POST', `/api/v2/delete?orgID=${A}&bucket=${BB}`, range)],
      ['delete in B', () => ask('POST', `/api/v2/delete?orgID=${B}&bucketID=${BB}`, range)],
      ['1.x write', () => ask('POST', `/write?db=${BB}`, 'm v=1')],
      ['read', () => flux(from)],
      ['to', () => flux(to)],
      [
        'cardinality',
        () => flux(`import i "influxdata/influxdb" i.cardinality(bucketID: "${BB}", start: 0)`),
      ],
      ['task', () => ask('POST', '/api/v2/tasks', task(from))],
      ['task that writes', () => ask('POST', '/api/v2/tasks', task(to))],
      [
        'scraper',
        () =>
          ask('POST', '/api/v2/scrapers', {
            ...{ orgID: A, name: 's', type: 'prometheus', url: 'http://127.0.0.1:1', bucketID: BB },
          }),
      ],
      [
        'replication',
        () =>
          ask('POST', '/api/v2/replications', {
            ...{ orgID: A, name: 'r', remoteID, remoteBucketName: 'x', localBucketID: BB },
            maxQueueSizeBytes: 33554430,
          }),
      ],
      [
        'DBRP mapping',
        () =>
          ask('POST', '/api/v2/dbrps', {
            ...{ orgID: A, bucketID: BB, database: 'stolen', retention_policy: 'a', default: true },
          }),
      ],
      ['label', () => ask('POST', `/api/v2/buckets/${BB}/labels`, { labelID: label.id })],
      ['labels', () => ask('GET', `/api/v2/buckets/${BB}/labels`)],
    ]
    for (const [name, way] of ways) {
      const { status, text } = await way()
      assert.ok(status >= 400 && status < 500, `${name}: ${status} ${text}`)
      assert.ok(!text.includes('m,t=a') && !text.includes(',_result'), `${name}: ${text}`)
    }
    for (const database of ['stolen', BB]) {
      const { text } = await ask('GET', `/query?db=${database}&q=SELECT+*+FROM+m`)
      assert.ok(!text.includes('"series"'), text)
    }
    assert.equal(await scene.rowsIn(BB, B), before)
    const own = await ask('POST', `/api/v2/query?orgID=${A}`, {
      query: `from(bucketID: "${B1}") |> range(start: 0)`,
    })
    assert.equal(own.status, 200)
    assert.match(own.text, /,_result/)
  })
})
