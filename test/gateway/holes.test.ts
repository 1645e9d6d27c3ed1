/** What InfluxDB 2 itself allows and the gateway refuses, and what both refuse: each was tried on a real server. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Received, send } from '../support/http.ts'
import { type GatewayScene, startGateway } from './scene.ts'

const READ_B1 = ['read:orgs/A/buckets/B1']
const EVERY_TYPE = [
  'buckets',
  'tasks',
  'labels',
  'scrapers',
  'replications',
  'remotes',
  'checks',
  'variables',
  'secrets',
  'dashboards',
  'telegrafs',
  'notificationRules',
  'notificationEndpoints',
]
/** Everything an owner of A has there but users and tokens. */
const OWNER = ['read', 'write'].flatMap((action) => EVERY_TYPE.map((type) => `${action}:orgs/A/${type}`))

describe('holes of InfluxDB', () => {
  let scene: GatewayScene
  let owner: string
  let reader: string
  before(async () => {
    scene = await startGateway()
    owner = await scene.tokenWith(OWNER)
    reader = await scene.tokenWith(READ_B1)
    const { BB, B } = scene.ids
    await scene.askUpstream('POST', `/api/v2/write?orgID=${B}&bucket=${BB}`, 'm,t=a v=1')
  })
  after(() => scene?.stop())

  const ask = (
    token: string | undefined,
    method: string,
    path: string,
    body?: string | object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Received> =>
    send(scene.url, {
      ...{ method, path },
      headers: { ...(token === undefined ? {} : { authorization: `Token ${token}` }), ...headers },
      body: typeof body === 'object' ? JSON.stringify(body) : body,
    })
  const flux = (token: string, query: string, org = scene.ids.A) =>
    ask(token, 'POST', `/api/v2/query?orgID=${org}`, { query }, { 'content-type': 'application/json' })
  const refusal = ({ status, json }: Received) => `${status} ${json?.code}`

  test('a write or delete by the id of a bucket of another organization is not forwarded', async () => {
    const { A, B, BB } = scene.ids
    const before = await scene.rowsIn(BB, B)
    assert.equal(
      refusal(await ask(owner, 'POST', `/api/v2/write?orgID=${A}&bucket=${BB}`, 'm v=1')),
      '404 not found',
    )
    const range = { start: '2000-01-01T00:00:00Z', stop: '2100-01-01T00:00:00Z' }
    for (const bucket of [`bucketID=${BB}`, `bucket=${BB}`]) {
      const path = `/api/v2/delete?orgID=${A}&${bucket}`
      assert.equal(refusal(await ask(owner, 'POST', path, range)), '404 not found', bucket)
    }
    assert.equal(await scene.rowsIn(BB, B), before)
    assert.equal((await ask(owner, 'POST', `/api/v2/write?orgID=${A}&bucket=b1`, 'own v=1')).status, 204)
  })

  test('Flux does not open or fill a bucket by an id that the caller may not use', async () => {
    const { BB, A, B1 } = scene.ids
    assert.equal(refusal(await flux(owner, `from(bucketID: "${BB}") |> range(start: 0)`)), '403 forbidden')
    const copying = `from(bucket: "b1") |> range(start: 0) |> to(bucketID: "${BB}", orgID: "${A}")`
    assert.equal(refusal(await flux(owner, copying)), '403 forbidden')
    assert.equal((await flux(reader, `from(bucketID: "${B1}") |> range(start: 0)`)).status, 200)
    assert.equal(refusal(await flux(reader, 'from(bucket: "b2") |> range(start: 0)')), '404 not found')
  })

  test('Flux does not make InfluxDB open hosts, files or databases, but for operators', async () => {
    const outward = [
      'import "sql" sql.from(driverName: "sqlite3", dataSourceName: "file:influxd.sqlite", query: "x")',
      'import "http" http.post(url: "http://127.0.0.1:1")',
      'from(bucket: "b1", host: "http://127.0.0.1:1", org: "x", token: "y") |> range(start: 0)',
    ]
    for (const text of outward) {
      const { status, headers } = await flux(owner, text)
      assert.deepEqual([status, headers['x-sluice-reason']], [403, 'outbound-flux'], text)
    }
  })

  test('a template fetches no address', async () => {
    const body = { orgID: scene.ids.A, dryRun: true, remotes: [{ url: 'http://127.0.0.1:1/x.yml' }] }
    const { status, headers } = await ask(owner, 'POST', '/api/v2/templates/apply', body)
    assert.equal(status, 403)
    assert.ok(headers['x-sluice-reason'])
  })

  test('a scraper and a replication name no bucket of another organization', async () => {
    const { A, BB, B1 } = scene.ids
    const scraper = { name: 's', type: 'prometheus', url: 'http://127.0.0.1:1', orgID: A }
    assert.equal(
      refusal(await ask(owner, 'POST', '/api/v2/scrapers', { ...scraper, bucketID: BB })),
      '404 not found',
    )
    assert.equal((await ask(owner, 'POST', '/api/v2/scrapers', { ...scraper, bucketID: B1 })).status, 201)
    const replication = { name: 'r', orgID: A, remoteID: B1, remoteBucketName: 'x' }
    assert.equal(
      refusal(await ask(owner, 'POST', '/api/v2/replications', { ...replication, localBucketID: BB })),
      '404 not found',
    )
    const twice = JSON.stringify({ ...scraper, bucketID: B1 }).replace('}', `,"BUCKETID":"${BB}"}`)
    assert.equal(refusal(await ask(owner, 'POST', '/api/v2/scrapers', twice)), '400 invalid')
  })

  test('a task needs all that its owner’s memberships give', async () => {
    const task = {
      orgID: scene.ids.A,
      flux: 'option task = {name: "t", every: 1h}\nfrom(bucket: "b1") |> range(start: -1h)',
    }
    const narrow = await scene.tokenWith([
      'read:orgs/A/buckets/B1',
      'write:orgs/A/tasks',
      'read:orgs/A/tasks',
    ])
    const { status, headers, json } = await ask(narrow, 'POST', '/api/v2/tasks', task)
    assert.deepEqual([status, headers['x-sluice-reason']], [403, 'beyond-own-rights'], json?.message)
    const { cookie } = await scene.session()
    const created = await ask(undefined, 'POST', '/api/v2/tasks', task, { cookie })
    assert.equal(created.status, 201, created.text)
    assert.equal(created.json.ownerID, scene.userID)
    const path = `/api/v2/tasks/${created.json.id}`
    assert.equal((await ask(narrow, 'PATCH', path, { status: 'inactive' })).status, 403)
    assert.equal((await ask(narrow, 'GET', path)).status, 200)
    const hidden = { ...task, flux: task.flux.replace('bucket: "b1"', `bucketID: "${scene.ids.BB}"`) }
    const other = await scene.tokenWith(OWNER)
    assert.equal((await ask(other, 'POST', '/api/v2/tasks', hidden)).status, 403)
  })

  test('labels need the right to the resource and to the label', async () => {
    const { A } = scene.ids
    const { cookie } = await scene.session()
    const asUser = (method: string, path: string, body: object) =>
      ask(undefined, method, path, body, { cookie })
    const label = (await asUser('POST', '/api/v2/labels', { orgID: A, name: 'red' })).json.label
    const variable = { orgID: A, name: 'v', arguments: { type: 'constant', values: ['x'] } }
    const { json } = await asUser('POST', '/api/v2/variables', variable)
    const path = `/api/v2/variables/${json.id}/labels`
    assert.equal(refusal(await ask(reader, 'POST', path, { labelID: label.id })), '401 unauthorized')
    assert.equal((await ask(owner, 'POST', path, { labelID: label.id })).status, 201)
    assert.equal(refusal(await ask(reader, 'DELETE', `${path}/${label.id}`)), '401 unauthorized')
    const ofBucket = `/api/v2/buckets/${scene.ids.B1}/labels`
    assert.equal(refusal(await ask(reader, 'POST', ofBucket, { labelID: label.id })), '401 unauthorized')
    assert.equal((await ask(owner, 'POST', ofBucket, { labelID: label.id })).status, 201)
  })

  test('a multipart query would read a file of InfluxDB, and is refused', async () => {
    writeFileSync(join(scene.upstream.workingDirectory, 'leak.txt'), 'topsecret')
    const body = '--x\r\nContent-Disposition: form-data; name="q"; filename="leak.txt"\r\n\r\n\r\n--x--\r\n'
    const headers = { 'content-type': 'multipart/form-data; boundary=x' }
    const answer = await ask(owner, 'POST', '/query?db=d1', body, headers)
    assert.equal(refusal(answer), '415 unsupported media type')
    assert.doesNotMatch(answer.text, /topsecret/)
  })

  test('backups and restores are not forwarded, whoever asks', async () => {
    const operator = scene.operator.authorization.slice('Token '.length)
    for (const [method, path] of [
      ['GET', '/api/v2/backup/kv'],
      ['GET', '/api/v2/backup/metadata'],
      ['GET', '/api/v2/backup/shards/1'],
      ['POST', '/api/v2/restore/kv'],
      ['POST', '/api/v2/restore/bucketMetadata'],
      ['POST', `/api/v2/restore/buckets/${scene.ids.B1}`],
    ] as const) {
      const { status, headers } = await ask(operator, method, path)
      assert.deepEqual([status, headers['x-sluice-reason']], [403, 'not-through-gateway'], path)
    }
    assert.equal((await ask(operator, 'GET', '/api/v2/config')).status, 200)
    assert.equal((await ask(owner, 'GET', '/api/v2/config')).status, 401)
    for (const path of ['/debug/pprof/cmdline', '/metrics/x', '/api/v2/sources']) {
      assert.equal((await ask(operator, 'GET', path)).status, 404, path)
    }
    assert.equal((await ask(undefined, 'GET', `/api/v2private/notebooks?orgID=${scene.ids.A}`)).status, 401)
  })

  test('the 1.x API takes no session, and tokens in each place that InfluxDB takes them', async () => {
    const { cookie } = await scene.session()
    const query = '/query?db=d1&q=SHOW+DATABASES'
    assert.equal((await ask(undefined, 'GET', query, undefined, { cookie })).status, 401)
    assert.equal((await ask(undefined, 'GET', `${query}&u=any&p=${reader}`)).status, 200)
    const basic = `Basic ${Buffer.from(`any:${reader}`).toString('base64')}`
    assert.equal((await ask(undefined, 'GET', query, undefined, { authorization: basic })).status, 200)
    const listed = (await ask(reader, 'GET', query)).json.results[0].series[0].values.flat()
    assert.ok(listed.includes('d1') && !listed.includes('d2'), String(listed))
    assert.equal((await ask(undefined, 'GET', `${query}&u=any&p=wrong`)).status, 401)
  })

  test('1.x authorizations write and query with their password, and no longer when switched off', async () => {
    const resource = { type: 'buckets', id: scene.ids.B1, orgID: scene.ids.A }
    const permissions = ['read', 'write'].map((action) => ({ action, resource }))
    const made = await scene.ask('POST', '/private/legacy/authorizations', {
      ...{ token: 'telegraf', orgID: scene.ids.A, permissions },
    })
    assert.equal(made.status, 201, made.text)
    const path = `/private/legacy/authorizations/${made.json.id}`
    const write = (password: string) =>
      ask(undefined, 'POST', `/write?db=d1&u=telegraf&p=${encodeURIComponent(password)}`, 'legacy v=1')
    assert.equal((await write('password of telegraf')).status, 401, 'without a password')
    await scene.ask('POST', `${path}/password`, { password: 'password of telegraf' })
    assert.equal((await write('password of telegraf')).status, 204)
    assert.equal((await write('password of others')).status, 401)
    assert.equal(
      (await ask(undefined, 'POST', `/write?db=d2&u=telegraf&p=password+of+telegraf`, 'x v=1')).status,
      404,
    )
    await scene.ask('POST', `${path}/password`, { password: 'another password' })
    assert.equal((await write('password of telegraf')).status, 401, 'the earlier password')
    assert.equal((await write('another password')).status, 204)
    await scene.ask('PATCH', path, { status: 'inactive' })
    assert.equal((await write('another password')).status, 401, 'switched off')
  })

  test('a change of rights counts from the next request', async () => {
    const { A } = scene.ids
    const token = await scene.tokenWith(['write:orgs/A/buckets/B1'])
    const write = () => ask(token, 'POST', `/api/v2/write?orgID=${A}&bucket=b1`, 'm v=1')
    assert.equal((await write()).status, 204)
    const { json } = await scene.ask('GET', '/api/v2/authorizations')
    const { id } = json.authorizations.at(-1)
    await scene.ask('PATCH', `/api/v2/authorizations/${id}`, { status: 'inactive' })
    assert.equal((await write()).status, 401)
    await scene.ask('PATCH', `/api/v2/authorizations/${id}`, { status: 'active' })
    assert.equal((await write()).status, 204)
    await scene.ask('DELETE', `/api/v2/authorizations/${id}`)
    assert.equal((await write()).status, 401)
  })

  test('InfluxDB sees no credential of the caller, and shows its tokens to nobody here', async () => {
    await ask(reader, 'GET', `/api/v2/dashboards?orgID=${scene.ids.A}`)
    const { json } = await scene.ask('GET', '/api/v2/authorizations')
    const descriptions = json.authorizations.map((each: { description: string }) => each.description)
    assert.ok(
      descriptions.every((each: string) => !each.startsWith('sluice')),
      String(descriptions),
    )
    const upstream = await scene.askUpstream('GET', '/api/v2/authorizations')
    const minted = upstream.json.authorizations.filter((each: { description: string }) =>
      each.description.startsWith('sluice'),
    )
    assert.ok(minted.length > 0)
    assert.ok(minted.every((each: { userID: string }) => each.userID === scene.userID))
  })
})
