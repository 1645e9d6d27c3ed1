/** Changes that name another organization in their body: InfluxDB moves what is changed into it, and asks for no right there. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { send } from '../support/http.ts'
import { PASSWORD } from '../support/populate.ts'
import { type GatewayScene, startGateway } from './scene.ts'

let scene: GatewayScene
let session: { cookie: string }
before(async () => {
  scene = await startGateway()
  const { id } = (await scene.ask('POST', '/api/v2/users', { name: 'mover' })).json
  await scene.ask('POST', `/api/v2/orgs/${scene.ids.A}/owners`, { id })
  await scene.ask('POST', `/api/v2/users/${id}/password`, { password: PASSWORD })
  session = await scene.session('mover', PASSWORD)
})
after(() => scene?.stop())

/** As an owner of A alone. */
const ask = (method: string, path: string, body?: string | object) =>
  send(scene.url, {
    ...{ method, path, headers: { ...session } },
    body: typeof body === 'object' ? JSON.stringify(body) : body,
  })

interface Made {
  readonly id: string
}

const KINDS: Readonly<Record<string, { path: string; methods: readonly string[]; body(): object }>> = {
  variable: {
    ...{ path: '/api/v2/variables', methods: ['PUT', 'PATCH'] },
    body: () => ({ name: 'v', arguments: { type: 'constant', values: ['x'] } }),
  },
  'Telegraf configuration': {
    ...{ path: '/api/v2/telegrafs', methods: ['PUT'] },
    body: () => ({ name: 't', config: '', metadata: { buckets: [] } }),
  },
  scraper: {
    ...{ path: '/api/v2/scrapers', methods: ['PATCH'] },
    body: () => ({ name: 's', type: 'prometheus', url: 'http://127.0.0.1:1', bucketID: scene.ids.B1 }),
  },
  notebook: {
    ...{ path: '/api/v2private/notebooks', methods: ['PUT', 'PATCH'] },
    body: () => ({ name: 'n', spec: {} }),
  },
  'notification endpoint': {
    ...{ path: '/api/v2/notificationEndpoints', methods: ['PUT', 'PATCH'] },
    body: () => ({
      ...{ name: 'e', type: 'http', method: 'POST', authMethod: 'none', status: 'active' },
      url: 'http://hooks.example',
    }),
  },
  dashboard: { path: '/api/v2/dashboards', methods: ['PATCH'], body: () => ({ name: 'd' }) },
}

suite('what is changed', () => {
  for (const [name, { path, methods, body }] of Object.entries(KINDS)) {
    test(`stays in its organization: a ${name}`, async () => {
      const { A, B } = scene.ids
      const made = await ask('POST', path, { ...body(), orgID: A })
      assert.ok(made.status === 201 || made.status === 200, made.text)
      const { id } = made.json as Made
      const orgNow = async () => (await scene.askUpstream('GET', `${path}?orgID=${A}`)).text.includes(id)
      for (const method of methods) {
        for (const sent of [
          { ...body(), orgID: B },
          { ...body(), ORGID: B },
          { ...body(), orgID: A, orgid: B },
          { ...body(), orgID: B.toUpperCase() },
          { ...body(), orgID: [B] },
        ]) {
          const { status, json } = await ask(method, `${path}/${id}`, sent)
          assert.deepEqual([status, json.code], [400, 'invalid'], `${method} ${JSON.stringify(sent)}`)
        }
        const twice = `${JSON.stringify({ ...body(), orgID: A }).slice(0, -1)},"orgID":"${B}"}`
        assert.equal((await ask(method, `${path}/${id}`, twice)).status, 400)
        assert.ok(await orgNow(), `${method} has moved it`)
        const kept = await ask(method, `${path}/${id}`, { ...body(), id, orgID: A })
        assert.ok(kept.status < 300 || kept.status === 405, kept.text)
      }
    })
  }
})

test('a DBRP mapping stays in its organization and on its bucket, and its change may name them', async () => {
  const { A, B, B1, BB } = scene.ids
  const body = { orgID: A, database: 'kept', retention_policy: 'x', bucketID: B1 }
  const { id } = (await ask('POST', '/api/v2/dbrps', body)).json
  const path = `/api/v2/dbrps/${id}?orgID=${A}`
  await ask('PATCH', path, { orgID: B, bucketID: BB, retention_policy: 'y' })
  const changed = await ask('PATCH', path, { orgID: A, bucketID: B1, retention_policy: 'z' })
  assert.equal(changed.status, 200, changed.text)
  const { content } = (await scene.askUpstream('GET', path)).json
  assert.deepEqual([content.orgID, content.bucketID, content.retention_policy], [A, B1, 'z'])
})

suite('a member of what InfluxDB alone knows', () => {
  test('is a user of its organization, so that an id tells nobody a name', async () => {
    const { A, B } = scene.ids
    const { id: dashboardID } = (await ask('POST', '/api/v2/dashboards', { orgID: A, name: 'm' })).json
    const stranger = (await scene.ask('POST', '/api/v2/users', { name: 'private name' })).json.id
    await scene.ask('POST', `/api/v2/orgs/${B}/members`, { id: stranger })
    for (const kind of ['members', 'owners']) {
      const path = `/api/v2/dashboards/${dashboardID}/${kind}`
      const { status, json, text } = await ask('POST', path, { id: stranger })
      assert.deepEqual([status, json.code], [404, 'not found'])
      assert.ok(!text.includes('private name'))
      assert.equal((await ask('POST', path, { id: stranger, ID: stranger })).status, 400)
    }
    await scene.ask('POST', `/api/v2/orgs/${A}/members`, { id: stranger })
    const added = await ask('POST', `/api/v2/dashboards/${dashboardID}/members`, { id: stranger })
    assert.equal(added.status, 201, added.text)
  })
})
