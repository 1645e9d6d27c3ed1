/**
 * The cases of the gateway's design, by their numbers, and the test of each; gaps in the numbers are the design's own.
 * `GW-...` are those of gateway-cases.json and database-cases.json, which are sent as they stand.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { send } from '../support/http.ts'
import { type GatewayScene, startGateway } from './scene.ts'

type Title = readonly [file: string, title: string]

const HOLES = 'test/gateway/holes.test.ts'
const INFLUXDB1 = 'test/influxdb1/access.test.ts'
const METRICS = 'test/victoriametrics/access.test.ts'
const OWN = 'test/gateway/design-cases.test.ts'
const FOREIGN_WRITE: Title = [
  HOLES,
  'a write or delete by the id of a bucket of another organization is not forwarded',
]
const FLUX_BY_ID: Title = [HOLES, 'Flux does not open or fill a bucket by an id that the caller may not use']
const CLOSED: Title = [HOLES, 'backups and restores are not forwarded, whoever asks']
const HOSTILE: Title = [
  METRICS,
  '200 hostile requests show nothing of another bucket, and change nothing there',
]

const TESTS: Readonly<Record<number, string | Title>> = {
  ...{ 1: 'GW-001', 3: 'GW-023', 4: FOREIGN_WRITE, 6: FLUX_BY_ID, 7: FLUX_BY_ID },
  9: [HOLES, 'a scraper and a replication name no bucket of another organization'],
  10: [OWN, 'a mapping of a bucket of another organization'],
  ...{ 12: 'GW-034', 13: 'GW-035', 15: 'GW-058' },
  16: [OWN, 'a secret by Flux'],
  18: [HOLES, 'Flux does not make InfluxDB open hosts, files or databases, but for operators'],
  19: [OWN, 'a write to each organization of its user'],
  21: ['test/gateway/access.test.ts', 'is the configuration, but to operators'],
  22: ['test/gateway/access.test.ts', 'is the configuration, but to operators'],
  ...{ 24: CLOSED, 25: CLOSED, 27: CLOSED, 28: CLOSED, 30: CLOSED, 76: CLOSED },
  31: [OWN, 'a list of which nothing may be read'],
  33: [HOLES, 'a task needs all that its owner’s memberships give'],
  34: [OWN, 'anything of a deactivated user'],
  36: [HOLES, 'a template fetches no address'],
  37: [OWN, 'a template that makes a bucket'],
  39: [HOLES, 'a multipart query would read a file of InfluxDB, and is refused'],
  ...{
    40: 'GW-074',
    42: [HOLES, 'the 1.x API takes no session, and tokens in each place that InfluxDB takes them'],
  },
  43: [HOLES, 'the 1.x API takes no session, and tokens in each place that InfluxDB takes them'],
  ...{ 45: [OWN, 'a deletion by InfluxQL'], 46: 'GW-016', 48: 'GW-082', 49: 'GW-080' },
  51: [INFLUXDB1, "['SHOW TAG VALUES FROM b..m WITH KEY = mark', 'a', 403]"],
  52: [INFLUXDB1, "['SHOW SERIES EXACT CARDINALITY ON b', 'a', 403]"],
  ...{ 54: 'GW-101', 55: 'GW-103', 57: 'GW-082', 58: 'GW-091' },
  60: [INFLUXDB1, '[\'SHOW DATABASES\', \'\', /"values":\\[\\["a"\\]\\]/]'],
  61: [INFLUXDB1, "'SELEC"],
  ...{ 63: 'GW-125', 64: 'GW-124', 66: HOSTILE, 67: HOSTILE, 69: 'GW-121' },
  70: [METRICS, 'what is written has the label of its bucket, whatever it says itself'],
  72: ['test/influxdb3/access.test.ts', "['GET', '/query?db=d1&q=SHOW+MEASUREMENTS+ON+d2', undefined, 403]"],
  73: ['test/influxdb3/access.test.ts', '{"db": "d1", "q": "SELECT * FROM system.queries"}'],
  75: FOREIGN_WRITE,
}

/** If Sluice does something else than the design: what was learnt since counts. */
const OTHERWISE: Readonly<Record<number, string>> = {
  24: 'a backup has the hashes of all passwords and tokens, so it is not forwarded to operators either',
  33: 'a task whose runs would fail is refused when it is made',
  46: 'a path that needs decoding is refused: GW-016 says so too',
}

test('each of the 51 cases has a test', () => {
  const data = ['gateway-cases.json', 'database-cases.json']
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
    .join('')
  assert.equal(Object.keys(TESTS).length, 51)
  for (const [number, found] of Object.entries(TESTS)) {
    if (typeof found === 'string') {
      assert.ok(data.includes(`"${found}"`), `${number}: ${found}`)
      continue
    }
    const [file, title] = found
    const text = readFileSync(join(import.meta.dirname, '../..', file), 'utf8')
    assert.ok(text.includes(title), `${number}: ${title} in ${file}`)
  }
  for (const number of Object.keys(OTHERWISE)) assert.ok(number in TESTS, number)
})

describe('cases that no other test has', { timeout: 120_000 }, () => {
  let scene: GatewayScene
  const cookies: Record<string, { cookie: string }> = {}
  before(async () => {
    scene = await startGateway()
    const { A, B } = scene.ids
    for (const [name, places] of Object.entries({
      owner: [`${A}/owners`],
      both: [`${A}/owners`, `${B}/owners`],
      member: [`${A}/members`],
    })) {
      const made = await scene.ask('POST', '/api/v2/users', { name })
      assert.equal(made.status, 201, made.text)
      const { id } = made.json
      const password = `password of ${name}`
      assert.equal((await scene.ask('POST', `/api/v2/users/${id}/password`, { password })).status, 204)
      for (const place of places) {
        assert.equal((await scene.ask('POST', `/api/v2/orgs/${place}`, { id })).status, 201)
      }
      cookies[name] = await scene.session(name, password)
    }
  })
  after(() => scene?.stop())

  const by = (name: string, method: string, path: string, body?: unknown) =>
    send(scene.url, {
      ...{ method, path, headers: { ...cookies[name], 'content-type': 'application/json' } },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    })

  test('a mapping of a bucket of another organization', async () => {
    const { A, BB } = scene.ids
    const body = { orgID: A, bucketID: BB, database: 'x', retention_policy: 'y', default: true }
    const { status, text } = await by('owner', 'POST', '/api/v2/dbrps', body)
    assert.ok(status >= 400 && status < 500, text)
  })

  test('a secret by Flux', { skip: !process.env.INFLUXD && 'the stand-in has no secrets' }, async () => {
    const { A } = scene.ids
    assert.equal((await by('owner', 'PATCH', `/api/v2/orgs/${A}/secrets`, { k1: 'the value' })).status, 204)
    const query = [
      'import "array" import "influxdata/influxdb/secrets"',
      'array.from(rows: [{v: secrets.get(key: "k1")}])',
    ].join('\n')
    const answer = await by('member', 'POST', `/api/v2/query?orgID=${A}`, { query })
    assert.equal(answer.status, 200, answer.text)
    assert.match(answer.text, /the value/)
  })

  test('a write to each organization of its user', async () => {
    const { A, B, B1, BB } = scene.ids
    for (const [orgID, bucket] of [
      [A, B1],
      [B, BB],
    ]) {
      const path = `/api/v2/write?orgID=${orgID}&bucket=${bucket}`
      const { status, text } = await by('both', 'POST', path, 'm v=1')
      assert.equal(status, 204, text)
    }
  })

  test('a list of which nothing may be read', async () => {
    const token = await scene.tokenWith(['read:orgs/A/buckets/B1'])
    const headers = { authorization: `Token ${token}` }
    const path = `/api/v2/tasks?orgID=${scene.ids.A}`
    const { status, json, text } = await send(scene.url, { method: 'GET', path, headers })
    assert.equal(status, 200, text)
    assert.deepEqual(json.tasks, [])
  })

  test('anything of a deactivated user', async () => {
    const { A } = scene.ids
    const list = await scene.ask('GET', '/api/v2/users?name=both')
    const changed = await scene.ask('PATCH', `/api/v2/users/${list.json.users[0].id}`, { status: 'inactive' })
    assert.equal(changed.status, 200, changed.text)
    const { status } = await by('both', 'POST', `/api/v2/write?orgID=${A}&bucket=b1`, 'm v=1')
    assert.ok(status === 401 || status === 403, String(status))
  })

  test('a template that makes a bucket', async () => {
    const token = await scene.tokenWith(['read:orgs/A/buckets/B1'])
    const bucket = {
      apiVersion: 'influxdata.com/v2alpha1',
      kind: 'Bucket',
      metadata: { name: 'made' },
      spec: {},
    }
    const body = JSON.stringify({ orgID: scene.ids.A, template: { contents: [bucket] } })
    const headers = { authorization: `Token ${token}`, 'content-type': 'application/json' }
    const { status } = await send(scene.url, {
      method: 'POST',
      path: '/api/v2/templates/apply',
      headers,
      body,
    })
    assert.ok(status >= 400, String(status))
    const { json } = await scene.askUpstream('GET', '/api/v2/buckets?name=made')
    assert.ok(!json.buckets?.length)
  })

  test('a deletion by InfluxQL', async () => {
    const token = await scene.tokenWith(['read:orgs/A/buckets/B1'])
    const headers = { authorization: `Token ${token}` }
    const path = `/query?db=d1&q=${encodeURIComponent('DELETE FROM m')}`
    const { json, text } = await send(scene.url, { method: 'POST', path, headers })
    assert.ok(json.results?.[0]?.error ?? json.message, text)
  })
})
