/** Signed tokens of an outside issuer through the gateway, before InfluxDB 2: real with INFLUXD, else the stand-in. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { claimsOf, externalSettings, TELEGRAF } from '../single-sign-on/external-world.ts'
import { basic, type Received, send } from '../support/http.ts'
import { startIssuer, type TestIssuer } from '../support/oidc/issuer.ts'
import { type GatewayScene, startGateway } from './scene.ts'

const WRITER = 'repo:acme/plant:environment:production'
const WIDE = 'system:serviceaccount:monitoring:wide'
const BOTH = 'system:serviceaccount:monitoring:both'
const RULES = [
  { subject: TELEGRAF, gives: ['analytics/b1:read', 'analytics/b1:write'] },
  { subject: WRITER, gives: ['analytics/b2:write'] },
  { subject: WIDE, gives: ['analytics/*:read', 'analytics/*:write'] },
  { subject: BOTH, gives: ['analytics/b1:read', 'B/bb:read'] },
]

describe('a signed token through the gateway', { timeout: 60_000 }, () => {
  let issuer: TestIssuer
  let scene: GatewayScene
  const tokens = new Map<string, string>()
  before(async () => {
    issuer = await startIssuer()
    scene = await startGateway(externalSettings(issuer.url, RULES))
    for (const sub of [TELEGRAF, WRITER, WIDE, BOTH]) {
      tokens.set(sub, await issuer.sign(claimsOf(issuer.url, Date.now(), { sub })))
    }
  })
  after(async () => {
    await scene?.stop()
    await issuer?.stop()
  })

  const ask = (
    sub: string,
    method: string,
    path: string,
    body?: string | object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Received> =>
    send(scene.url, {
      ...{ method, path: scene.resolved(path) },
      headers: { authorization: `Bearer ${tokens.get(sub)}`, ...headers },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    })
  const write = (sub: string, org: string, bucket: string) =>
    ask(sub, 'POST', `/api/v2/write?org=${org}&bucket=${bucket}`, 'm,t=a v=1')
  const flux = (sub: string, org: string, bucket: string) => {
    const query = `from(bucket: "${bucket}") |> range(start: 0)`
    return ask(sub, 'POST', `/api/v2/query?org=${org}`, { query }, { 'content-type': 'application/json' })
  }
  const isRefused = ({ status }: Received) => status === 401 || status === 403 || status === 404

  test('writes and reads the buckets of its rules, and no other', async () => {
    assert.equal((await write(TELEGRAF, 'A', 'b1')).status, 204)
    assert.equal(await scene.rowsIn(scene.ids.B1), 1)
    const read = await flux(TELEGRAF, 'A', 'b1')
    assert.equal(read.status, 200, read.text)
    assert.match(read.text, /,v,m,a/)
    assert.ok(isRefused(await write(TELEGRAF, 'A', 'b2')))
    assert.ok(isRefused(await write(TELEGRAF, 'B', 'bb')))
    for (const [org, bucket] of [
      ['A', 'b2'],
      ['B', 'bb'],
    ] as const) {
      const { status, text } = await flux(TELEGRAF, org, bucket)
      assert.ok(status >= 400, `${bucket}: ${status} ${text}`)
    }
    const byID = await ask(
      TELEGRAF,
      'POST',
      '/api/v2/query?org=A',
      { query: `from(bucketID: "${scene.ids.B2}") |> range(start: 0)` },
      { 'content-type': 'application/json' },
    )
    assert.ok(byID.status >= 400, byID.text)
  })

  test('that may write only reads nothing', async () => {
    assert.equal((await write(WRITER, 'A', 'b2')).status, 204)
    assert.equal(await scene.rowsIn(scene.ids.B2), 1)
    const { status, text } = await flux(WRITER, 'A', 'b2')
    assert.ok(status >= 400, text)
    assert.ok(!text.includes(',v,m,a'))
  })

  test('has what it is given in several organizations', async () => {
    for (const [org, bucket] of [
      ['A', 'b1'],
      ['B', 'bb'],
    ] as const) {
      assert.equal((await flux(BOTH, org, bucket)).status, 200, bucket)
      assert.ok(isRefused(await write(BOTH, org, bucket)), bucket)
    }
  })

  test('works on the paths of the 1.x API as Bearer alone', async () => {
    const line = 'm,t=legacy v=2'
    assert.equal((await ask(TELEGRAF, 'POST', '/write?db=d1', line)).status, 204)
    const { status, text } = await ask(TELEGRAF, 'GET', '/query?db=d1&q=SELECT+v+FROM+m')
    assert.equal(status, 200, text)
    assert.match(text, /"series"/)
    assert.ok((await ask(TELEGRAF, 'POST', '/write?db=d2', line)).status >= 400)
    assert.ok(!(await ask(TELEGRAF, 'GET', '/query?db=d2&q=SELECT+v+FROM+m')).text.includes('"series"'))
    const token = tokens.get(TELEGRAF) ?? ''
    for (const [query, headers] of [
      [`&u=telegraf&p=${token}`, {}],
      ['', { authorization: basic('telegraf', token) }],
      ['', { authorization: `Token telegraf:${token}` }],
      ['', { authorization: `Token ${token}` }],
    ] as const) {
      const path = `/query?db=d1&q=SELECT+v+FROM+m${query}`
      const received = await send(scene.url, { method: 'GET', path, headers })
      assert.equal(received.status, 401, received.text)
    }
  })

  test('goes upstream with a token of exactly these rights', async () => {
    await write(TELEGRAF, 'A', 'b1')
    const { json } = await scene.askUpstream('GET', '/api/v2/authorizations')
    const { A, B1 } = scene.ids
    const wanted = ['read', 'write'].map((action) => `${action} buckets ${B1} ${A}`)
    const found = (json.authorizations as readonly Minted[])
      .filter(({ description }) => description.startsWith('sluice node'))
      .map(({ permissions }) =>
        permissions
          .map(({ action, resource: { type, id, orgID } }) => `${action} ${type} ${id} ${orgID}`)
          .sort(),
      )
    assert.ok(
      found.some((each) => each.join() === wanted.join()),
      JSON.stringify(found),
    )
  })

  test('reaches nothing but buckets, even with all of them', async () => {
    const { A, B1, B } = scene.ids
    const task = {
      orgID: A,
      flux: 'option task = {name: "t", every: 1h}\nfrom(bucket: "b1") |> range(start: -1h)',
    }
    const template = {
      ...{ apiVersion: 'influxdata.com/v2alpha1', kind: 'Task', metadata: { name: 't' } },
      spec: { name: 't', every: '1h', query: task.flux },
    }
    const narrow = [{ action: 'read', resource: { type: 'buckets', id: B1, orgID: A } }]
    const refused: readonly (readonly [string, string, object?])[] = [
      ['POST', '/api/v2/authorizations', { orgID: A, permissions: narrow }],
      ['POST', '/api/v2/authorizations', { orgID: A, userID: scene.userID, permissions: narrow }],
      ['POST', '/private/legacy/authorizations', { orgID: A, token: 'x', permissions: narrow }],
      ['POST', '/api/v2/tasks', task],
      ['GET', '/api/v2/tasks'],
      ['POST', '/api/v2/checks', { orgID: A, name: 'c', type: 'custom', query: { text: task.flux } }],
      ['GET', `/api/v2/dashboards?orgID=${A}`],
      ['POST', '/api/v2/dashboards', { orgID: A, name: 'd' }],
      ['GET', `/api/v2/orgs/${A}/secrets`],
      ['PATCH', `/api/v2/orgs/${A}/secrets`, { k: 'v' }],
      [
        'POST',
        '/api/v2/scrapers',
        { orgID: A, bucketID: B1, name: 's', url: 'http://127.0.0.1:1', type: 'prometheus' },
      ],
      [
        'POST',
        '/api/v2/remotes',
        { orgID: A, name: 'r', remoteURL: 'http://127.0.0.1:1', remoteAPIToken: 'x' },
      ],
      ['POST', '/api/v2/variables', { orgID: A, name: 'v', arguments: { type: 'constant', values: ['a'] } }],
      ['POST', '/api/v2/templates/apply', { orgID: A, template: { contents: [template] } }],
      ['POST', '/api/v2/templates/apply', { orgID: A, template: { contents: [] } }],
      ['POST', '/api/v2/stacks', { orgID: A }],
      ['POST', '/api/v2/labels', { orgID: A, name: 'l' }],
      ['GET', '/api/v2/backup/kv'],
      ['GET', '/api/v2/config'],
      ['GET', '/api/v2/users'],
      ['POST', '/api/v2/users', { name: 'x' }],
      ['POST', '/api/v2/orgs', { name: 'x' }],
      ['PATCH', `/api/v2/orgs/${A}`, { name: 'x' }],
      ['POST', `/api/v2/orgs/${A}/members`, { id: scene.userID }],
      ['POST', `/api/v2/buckets/${B1}/owners`, { id: scene.userID }],
      ['POST', `/api/v2/buckets/${B1}/members`, { id: scene.userID }],
      ['POST', '/api/v2/buckets', { orgID: B, name: 'x' }],
      ['GET', '/api/v2/audit'],
      ['GET', '/api/v2/sessions'],
      ['GET', '/api/v2/me'],
      ['PUT', '/api/v2/me/password', { password: 'a fine password 1' }],
      ['GET', '/api/v2/me/sessions'],
      ['POST', '/api/v2/me/application-passwords', { name: 'x' }],
      ['POST', '/api/v2/signin'],
    ]
    const dashboard = await scene.ask('POST', '/api/v2/dashboards', { orgID: A, name: 'not for programs' })
    assert.equal(dashboard.status, 201, dashboard.text)
    const passed: string[] = []
    for (const [method, path, body] of refused) {
      const received = await ask(WIDE, method, path, body, { 'content-type': 'application/json' })
      if (received.status >= 400 && received.status < 500) continue
      // InfluxDB leaves out what a token may not read.
      const isEmptyList = /"(dashboards|tasks|users)":\s*\[\]/.test(received.text)
      if (!isEmptyList) passed.push(`${method} ${path}: ${received.status} ${received.text.slice(0, 200)}`)
      assert.equal(received.headers['set-cookie'], undefined)
    }
    assert.deepEqual(passed, [])
  })

  test('loses what its rules give with the name of the bucket, at once', async () => {
    const { B1 } = scene.ids
    assert.equal((await write(TELEGRAF, 'A', 'b1')).status, 204)
    const rename = (name: string) => scene.ask('PATCH', `/api/v2/buckets/${B1}`, { name })
    assert.equal((await rename('renamed')).status, 200)
    assert.ok(isRefused(await write(TELEGRAF, 'A', 'renamed')))
    assert.equal((await rename('b1')).status, 200)
    assert.equal((await write(TELEGRAF, 'A', 'b1')).status, 204)
  })

  test('is named in the audit log of what it did', async () => {
    const { json } = await scene.ask('GET', '/api/v2/audit?event=external-token.use')
    const names = json.events.map(({ actor }: { actor: { userName: string } }) => actor.userName)
    assert.ok(names.includes(`lab:${TELEGRAF}`), names)
  })
})

interface Minted {
  readonly description: string
  readonly permissions: readonly {
    readonly action: string
    readonly resource: { readonly type: string; readonly id?: string; readonly orgID?: string }
  }[]
}
