/** Lists that name no organization, for a session of several: they are what a session of InfluxDB itself gets. */
import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { basic, cookieOf, type Received, send } from '../support/http.ts'
import { type GatewayScene, startGateway } from './scene.ts'
import { startGateway as startRecorded } from './world.ts'

const PASSWORD = 'correct horse 4'

let scene: GatewayScene
let userID: string
/** Of the same user, here and at InfluxDB itself. */
let here: { cookie: string }
let there: { cookie: string }

before(async () => {
  scene = await startGateway()
  const { A, B } = scene.ids
  const C = (await scene.ask('POST', '/api/v2/orgs', { name: 'C' })).json.id
  userID = (await scene.ask('POST', '/api/v2/users', { name: 'dave' })).json.id
  for (const org of [A, B]) await scene.ask('POST', `/api/v2/orgs/${org}/owners`, { id: userID })
  const password = { password: PASSWORD }
  assert.equal((await scene.ask('POST', `/api/v2/users/${userID}/password`, password)).status, 204)
  here = await scene.session('dave', PASSWORD)
  // Sluice never sends passwords upstream, so the same user gets one there for this test.
  await scene.askUpstream('POST', `/api/v2/users/${userID}/password`, password)
  const headers = { authorization: basic('dave', PASSWORD) }
  there = {
    cookie: cookieOf(await send(scene.upstream.url, { method: 'POST', path: '/api/v2/signin', headers })),
  }
  const endpoints = new Map<string, string>()
  for (const number of [1, 2, 3]) {
    for (const orgID of [A, C, B]) {
      const name = `v${number}_${orgID}`
      for (const [type, body] of Object.entries(bodiesOf(orgID, name))) await made(type, body)
      endpoints.set(orgID, await made('notificationEndpoints', endpointOf(orgID, name)))
      await made('notificationRules', ruleOf(orgID, name, endpoints.get(orgID) ?? ''))
      if (orgID === C) continue
      const script = `option task = {name: "${name}", every: 1h}\nfrom(bucket: "b1") |> range(start: -1h)`
      const task = await askAs(here, 'POST', '/api/v2/tasks', { orgID, flux: script })
      assert.equal(task.status, 201, task.text)
    }
  }
})
after(() => scene?.stop())

function bodiesOf(orgID: string, name: string): Readonly<Record<string, object>> {
  return {
    dashboards: { orgID, name },
    labels: { orgID, name },
    variables: { orgID, name, arguments: { type: 'constant', values: ['x'] } },
    telegrafs: { orgID, name, config: '', metadata: { buckets: [] } },
    scrapers: {
      ...{ orgID, name, type: 'prometheus', url: 'http://127.0.0.1:1' },
      bucketID: orgID === scene.ids.B ? scene.ids.BB : scene.ids.B1,
    },
    checks: {
      ...{ orgID, name, type: 'deadman', status: 'active', every: '1h', timeSince: '1h', staleTime: '1h' },
      ...{ level: 'CRIT', statusMessageTemplate: 'x' },
      query: { text: 'from(bucket: "b1") |> range(start: -1h)', builderConfig: {} },
    },
  }
}

const endpointOf = (orgID: string, name: string) => ({
  ...{ orgID, name, type: 'http', method: 'POST', authMethod: 'none', status: 'active' },
  url: 'http://hooks.example',
})
const ruleOf = (orgID: string, name: string, endpointID: string) => ({
  ...{ orgID, name, type: 'http', status: 'active', every: '10m', endpointID },
  ...{ statusRules: [{ currentLevel: 'CRIT' }], tagRules: [] },
})

async function made(type: string, body: object): Promise<string> {
  const { status, json, text } = await scene.askUpstream('POST', `/api/v2/${type}`, body)
  assert.equal(status, 201, text)
  return json.id ?? json.label.id
}

const askAs = (
  headers: Readonly<Record<string, string>>,
  method: string,
  path: string,
  body?: object,
): Promise<Received> =>
  send(scene.url, { method, path, headers: { ...headers }, body: body && JSON.stringify(body) })

async function sameAsThere(path: string): Promise<Received> {
  const own = await askAs(here, 'GET', path)
  const direct = await send(scene.upstream.url, { method: 'GET', path, headers: { ...there } })
  assert.deepEqual([own.status, own.json], [direct.status, direct.json], path)
  assert.equal(own.headers['content-type'], direct.headers['content-type'])
  return own
}

const PAGED = ['dashboards', 'variables', 'checks', 'notificationRules']

suite('a list without an organization', () => {
  test('has what all organizations of the user have', async () => {
    for (const type of [...PAGED, 'labels', 'telegrafs', 'scrapers', 'tasks']) {
      const { json } = await sameAsThere(`/api/v2/${type}`)
      const items = Object.values(json).find(Array.isArray) as { orgID: string }[]
      assert.equal(items.length, 6, type)
      assert.deepEqual(new Set(items.map(({ orgID }) => orgID)), new Set([scene.ids.A, scene.ids.B]))
    }
  })

  test('has the same pages and links', async () => {
    for (const type of PAGED) {
      for (const query of [
        ...['limit=2', 'limit=4&offset=2', 'limit=3&offset=3', 'descending=true', 'limit=6', 'limit=7'],
        ...['limit=4&descending=true', 'limit=2&offset=100', 'sortBy=ID&limit=2'],
      ]) {
        await sameAsThere(`/api/v2/${type}?${query}`)
      }
    }
  })

  test('has the pages of tasks, by the last id before', async () => {
    const { json } = await sameAsThere('/api/v2/tasks?limit=2')
    await sameAsThere(json.links.next)
    await sameAsThere('/api/v2/tasks?limit=6')
    await sameAsThere('/api/v2/tasks?limit=7')
    await sameAsThere(`/api/v2/tasks?user=${userID}`)
    await sameAsThere(`/api/v2/tasks?name=v2_${scene.ids.B}`)
  })

  test('has the order of dashboards by other fields', { skip: !process.env.INFLUXD }, async () => {
    for (const query of ['sortBy=Name', 'sortBy=Name&descending=true', 'sortBy=CreatedAt', 'sortBy=name']) {
      await sameAsThere(`/api/v2/dashboards?${query}`)
    }
  })

  test('is refused where InfluxDB refuses it', async () => {
    await sameAsThere('/api/v2/notificationEndpoints')
    await sameAsThere('/api/v2private/notebooks')
    for (const type of PAGED) await sameAsThere(`/api/v2/${type}?limit=x`)
  })

  test('names one organization as ever, and a token has that of its own', async () => {
    const { A, B } = scene.ids
    for (const orgID of [A, B]) {
      const { json } = await sameAsThere(`/api/v2/dashboards?orgID=${orgID}`)
      assert.equal(json.dashboards.length, 3)
    }
    const token = await scene.tokenWith(['read:orgs/A/dashboards'])
    const { json } = await askAs({ authorization: `Token ${token}` }, 'GET', '/api/v2/dashboards')
    assert.equal(json.dashboards.length, 3)
  })

  test('leaves out what the user may do nothing with, and follows a change at once', async () => {
    await scene.ask('DELETE', `/api/v2/orgs/${scene.ids.B}/owners/${userID}`)
    const { json } = await sameAsThere('/api/v2/labels')
    assert.equal(json.labels.length, 3)
    await scene.ask('POST', `/api/v2/orgs/${scene.ids.B}/owners`, { id: userID })
    assert.equal((await sameAsThere('/api/v2/labels')).json.labels.length, 6)
  })

  test('goes on after InfluxDB has lost the tokens of the user', async () => {
    const { json } = await scene.askUpstream('GET', `/api/v2/authorizations?userID=${userID}`)
    for (const { id } of json.authorizations)
      await scene.askUpstream('DELETE', `/api/v2/authorizations/${id}`)
    assert.equal((await askAs(here, 'GET', '/api/v2/labels')).json.labels.length, 6)
  })

  test('of too many organizations is refused with what to do', async () => {
    for (let number = 0; number < 20; number++) {
      const { json } = await scene.ask('POST', '/api/v2/orgs', { name: `many ${number}` })
      await scene.ask('POST', `/api/v2/orgs/${json.id}/members`, { id: userID })
    }
    const { status, json } = await askAs(here, 'GET', '/api/v2/dashboards')
    assert.deepEqual([status, json.code], [400, 'invalid'])
    assert.match(json.message, /22 organizations; name one with org or orgID/)
    assert.equal((await askAs(here, 'GET', `/api/v2/dashboards?orgID=${scene.ids.B}`)).status, 200)
  })
})

test('lists are joined a few at a time for a user, since they are held in memory', async (t) => {
  const gateway = await startRecorded()
  t.after(() => gateway.stop())
  const { id } = (await gateway.ask('POST', '/api/v2/users', { name: 'dave' })).json
  const other = (await gateway.ask('POST', '/api/v2/orgs', { name: 'other' })).json.id
  for (const org of [gateway.orgID, other]) await gateway.ask('POST', `/api/v2/orgs/${org}/owners`, { id })
  await gateway.ask('POST', `/api/v2/users/${id}/password`, { password: PASSWORD })
  const { cookie } = await gateway.session('dave', PASSWORD)
  const waiting: ServerResponse[] = []
  gateway.upstream.answer = (_, response) => void waiting.push(response)
  const list = () => gateway.ask('GET', '/api/v2/labels', undefined, { cookie })
  const asked = Array.from({ length: 4 }, list)
  while (waiting.length < 8) await sleep(5)
  const tooMany = await list()
  assert.deepEqual([tooMany.status, tooMany.headers['retry-after']], [429, '1'])
  for (const [at, response] of waiting.entries()) response.end(`{"labels":[{"id":"${at}"}]}`)
  for (const each of asked) assert.equal((await each).json.labels.length, 2)
  gateway.upstream.answer = (_, response) => void response.end('{"labels":[]}')
  assert.equal((await list()).status, 200)
})
