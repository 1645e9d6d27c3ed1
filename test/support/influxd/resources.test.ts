/** Dashboards, labels, tasks and the other records: creation, lists, refusals. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { permission, type ResourceType } from './core/permissions.ts'
import { refusal, type Scene, startScene } from './scene.ts'

const MISSING = '0000000000000abc'
const TASK =
  'option task = {name: "t1", every: 1h}\nfrom(bucket: "b1") |> range(start: 0) |> to(bucket: "b1")'
const CHECK = {
  type: 'deadman',
  every: '1m',
  timeSince: '90s',
  staleTime: '10m',
  level: 'CRIT',
  status: 'active',
  statusMessageTemplate: 'x',
  query: {
    text: 'from(bucket: "b1") |> range(start: v.timeRangeStart, stop: v.timeRangeStop) |> filter(fn: (r) => r._field == "v")',
    editMode: 'advanced',
  },
}

interface Example {
  readonly type: ResourceType
  readonly path: string
  readonly list: string
  readonly body: object
  readonly notFound: string
  /** The type's permissions are not asked for. */
  readonly created?: number
}

const EXAMPLES: readonly Example[] = [
  {
    type: 'dashboards',
    path: '/api/v2/dashboards',
    list: 'dashboards',
    body: {},
    notFound: 'dashboard not found',
  },
  {
    type: 'variables',
    path: '/api/v2/variables',
    list: 'variables',
    body: { arguments: { type: 'constant', values: ['a'] } },
    notFound: `variable not found for key "${MISSING}"`,
  },
  {
    type: 'telegrafs',
    path: '/api/v2/telegrafs',
    list: 'configurations',
    body: { config: 'x', metadata: { buckets: [] } },
    notFound: 'telegraf configuration not found',
  },
  {
    type: 'sources',
    path: '/api/v2/sources',
    list: 'sources',
    body: { type: 'v1', url: 'http://127.0.0.1:1' },
    notFound: 'source not found',
  },
  {
    type: 'checks',
    path: '/api/v2/checks',
    list: 'checks',
    body: CHECK,
    notFound: `check not found for key "${MISSING}"`,
  },
  {
    type: 'notificationEndpoints',
    path: '/api/v2/notificationEndpoints',
    list: 'notificationEndpoints',
    body: { type: 'http', status: 'active', url: 'http://127.0.0.1:1', method: 'POST', authMethod: 'none' },
    notFound: `notification endpoint not found for key "${MISSING}"`,
  },
  {
    type: 'remotes',
    path: '/api/v2/remotes',
    list: 'remotes',
    body: {
      remoteURL: 'http://127.0.0.1:1',
      remoteAPIToken: 't',
      remoteOrgID: MISSING,
      allowInsecureTLS: false,
    },
    notFound: 'remote connection not found',
  },
  {
    type: 'notebooks',
    path: '/api/v2private/notebooks',
    list: 'flows',
    body: { spec: {} },
    notFound: 'notebook not found',
    created: 200,
  },
]

describe('records', () => {
  let scene: Scene
  let readsB1: string
  before(async () => {
    scene = await startScene()
    readsB1 = await scene.mint([permission('read', 'buckets', { id: scene.bucketID, orgID: scene.orgID })])
  })
  after(() => scene?.stop())

  for (const { type, path, list, body, notFound, created = 201 } of EXAMPLES) {
    test(`${type}: made, listed, read, deleted, and refused without permission`, async () => {
      const { orgID } = scene
      const sent = { orgID, name: `the ${type}`, ...body }
      const made = await scene.ask('POST', path, sent)
      assert.equal(made.status, created, made.text)
      const { id } = made.json
      assert.match(id, /^[0-9a-f]{16}$/)
      assert.equal(made.json.name, `the ${type}`)
      assert.equal('remoteAPIToken' in made.json, false)
      const listed = async (token: string) =>
        ((await scene.ask('GET', `${path}?orgID=${orgID}`, undefined, { token })).json[list] ?? []).map(
          (each: { id: string }) => each.id,
        )
      assert.ok((await listed(scene.operatorToken)).includes(id))
      const writer = await scene.mint([permission('write', type, { orgID })])
      const second = { ...sent, name: `another of the ${type}` }
      assert.equal((await scene.ask('POST', path, second, { token: writer })).status, created)
      assert.deepEqual(await listed(readsB1), [])
      const posted = await scene.ask('POST', path, sent, { token: readsB1 })
      assert.equal(refusal(posted), `401 write:orgs/${orgID}/${type} is unauthorized`)
      const read = await scene.ask('GET', `${path}/${id}`, undefined, { token: readsB1 })
      assert.equal(refusal(read), `401 read:orgs/${orgID}/${type}/${id} is unauthorized`)
      const reader = await scene.mint([permission('read', type, { id, orgID })])
      assert.equal((await scene.ask('GET', `${path}/${id}`, undefined, { token: reader })).status, 200)
      const refused = await scene.ask('DELETE', `${path}/${id}`, undefined, { token: reader })
      assert.equal(refusal(refused), `401 write:orgs/${orgID}/${type}/${id} is unauthorized`)
      assert.equal((await scene.ask('DELETE', `${path}/${id}`)).status, 204)
      assert.equal(refusal(await scene.ask('GET', `${path}/${MISSING}`)), `404 ${notFound}`)
    })
  }

  test('hole: a scraper names a bucket of any organization', async () => {
    const foreign = await scene.makeBucket(await scene.makeOrg('o2'), 'x1')
    const { orgID } = scene
    const token = await scene.mint([
      permission('write', 'scrapers', { orgID }),
      permission('write', 'buckets', { orgID }),
    ])
    const body = { orgID, name: 's', type: 'prometheus', url: 'http://127.0.0.1:1', bucketID: foreign }
    assert.equal((await scene.ask('POST', '/api/v2/scrapers', body, { token })).status, 201)
  })

  test('cells belong to their dashboard', async () => {
    const { json } = await scene.ask('POST', '/api/v2/dashboards', { orgID: scene.orgID, name: 'cells' })
    const cells = `/api/v2/dashboards/${json.id}/cells`
    const made = await scene.ask('POST', cells, { x: 0, y: 0, w: 4, h: 4, name: 'c' })
    assert.equal(made.status, 201)
    const { links } = made.json
    assert.deepEqual(links, { self: `${cells}/${made.json.id}`, view: `${cells}/${made.json.id}/view` })
    const moved = await scene.ask('PATCH', links.self, { x: 2 })
    assert.deepEqual([moved.status, moved.json.x], [200, 2])
    const view = await scene.ask('PATCH', links.view, {
      name: 'v',
      properties: { shape: 'chronograf-v2', type: 'markdown', note: 'n' },
    })
    assert.deepEqual([view.status, view.json.name], [200, 'v'])
    assert.equal((await scene.ask('DELETE', links.self)).status, 204)
    assert.deepEqual((await scene.ask('GET', `/api/v2/dashboards/${json.id}`)).json.cells, [])
  })

  test('labels: checked on dashboards and buckets; a hole on all other records', async () => {
    const { orgID } = scene
    const label = (await scene.ask('POST', '/api/v2/labels', { orgID, name: 'l' })).json.label
    const on = (path: string, token: string) =>
      scene.ask('POST', `${path}/labels`, { labelID: label.id }, { token })
    const dashboard = (await scene.ask('POST', '/api/v2/dashboards', { orgID, name: 'labelled' })).json.id
    const path = `/api/v2/dashboards/${dashboard}`
    assert.equal(refusal(await on(path, readsB1)), '404 404 page not found')
    assert.equal((await on(path, scene.operatorToken)).status, 201)
    assert.deepEqual(
      (await scene.ask('GET', `${path}/labels`)).json.labels.map(({ id }: { id: string }) => id),
      [label.id],
    )
    assert.equal((await scene.ask('DELETE', `${path}/labels/${label.id}`)).status, 204)
    const task = (await scene.ask('POST', '/api/v2/tasks', { orgID, flux: TASK })).json.id
    assert.equal((await on(`/api/v2/tasks/${task}`, readsB1)).status, 201)
    const gone = await scene.ask('DELETE', `/api/v2/tasks/${task}/labels/${label.id}`, undefined, {
      token: readsB1,
    })
    assert.equal(gone.status, 204)
  })

  test('tasks: refusals are internal errors, and a missing task for reading', async () => {
    const { orgID } = scene
    const post = (body: object, token = scene.operatorToken) =>
      scene.ask('POST', '/api/v2/tasks', body, { token })
    assert.equal(refusal(await post({ orgID })), '400 failed to decode request: missing flux')
    assert.equal(refusal(await post({ orgID, flux: 'x' })), '400 invalid options: no task options defined')
    assert.equal(
      refusal(await post({ orgID, flux: TASK }, readsB1)),
      '500 failed to create task: unauthorized',
    )
    const { status, json } = await post({ orgID, flux: TASK })
    assert.equal(status, 201)
    assert.deepEqual(
      [json.name, json.every, json.status, json.ownerID, json.org],
      ['t1', '1h', 'active', scene.userID, 'o1'],
    )
    const path = `/api/v2/tasks/${json.id}`
    const ask = (method: string, target: string, body?: object) =>
      scene.ask(method, target, body, { token: readsB1 })
    assert.equal(refusal(await ask('GET', path)), '404 failed to find task: unauthorized')
    assert.equal(refusal(await ask('GET', `${path}/runs`)), '500 failed to find runs: unauthorized')
    assert.equal(refusal(await ask('POST', `${path}/runs`, {})), '500 failed to force run: unauthorized')
    assert.equal(
      refusal(await ask('PATCH', path, { status: 'inactive' })),
      '500 failed to update task: unauthorized',
    )
    assert.equal(refusal(await ask('DELETE', path)), '500 failed to delete task: unauthorized')
    assert.equal(
      refusal(await scene.ask('GET', `/api/v2/tasks/${MISSING}`)),
      '404 failed to find task: task not found',
    )
    assert.equal((await scene.ask('DELETE', path)).status, 204)
  })

  test('tasks run with their owner’s memberships, not with the token that made them', async () => {
    const { orgID } = scene
    await scene.write('b1', 'ran v=1 1')
    const userID = await scene.makeUser('dave')
    const permissions = [
      permission('write', 'tasks', { orgID }),
      permission('read', 'tasks', { orgID }),
      permission('read', 'buckets', { orgID }),
      permission('write', 'buckets', { orgID }),
    ]
    const token = await scene.mint(permissions, { userID })
    const { status, json } = await scene.ask('POST', '/api/v2/tasks', { orgID, flux: TASK }, { token })
    assert.equal(status, 201)
    assert.equal(json.ownerID, userID)
    assert.equal(await outcome(json.id), 'failed')
    await scene.ask('POST', `/api/v2/orgs/${orgID}/owners`, { id: userID })
    assert.equal(await outcome(json.id), 'success')
  })

  /** Runs the task, and waits for the end of the run. */
  async function outcome(id: string): Promise<string> {
    const forced = await scene.ask('POST', `/api/v2/tasks/${id}/runs`, {})
    assert.equal(forced.status, 201, forced.text)
    for (const start = Date.now(); Date.now() - start < 30_000; await sleep(100)) {
      const { runs } = (await scene.ask('GET', `/api/v2/tasks/${id}/runs`)).json
      const run = runs.find((each: { id: string }) => each.id === forced.json.id)
      if (run && ['success', 'failed'].includes(run.status)) return run.status
    }
    throw new Error('the run did not end')
  }

  test('stacks ask for the organization, notebooks for one in the query', async () => {
    const { orgID } = scene
    const stacks = await scene.ask('GET', `/api/v2/stacks?orgID=${orgID}`, undefined, { token: readsB1 })
    assert.equal(refusal(stacks), `401 read:orgs/${orgID} is unauthorized`)
    const made = await scene.ask(
      'POST',
      '/api/v2/stacks',
      { orgID, name: 'st', urls: [] },
      { token: readsB1 },
    )
    assert.equal(refusal(made), '401 not authorized to create stack')
    assert.equal((await scene.ask('POST', '/api/v2/stacks', { orgID, name: 'st', urls: [] })).status, 201)
    assert.equal(refusal(await scene.ask('GET', '/api/v2private/notebooks')), '400 invalid or missing org id')
  })

  test('templates make buckets behind the gateway’s back, for callers who may', async () => {
    const { orgID } = scene
    const contents = [
      { apiVersion: 'influxdata.com/v2alpha1', kind: 'Bucket', metadata: { name: 'made-by-template' } },
    ]
    const apply = (dryRun: boolean, token = scene.operatorToken) =>
      scene.ask('POST', '/api/v2/templates/apply', { orgID, dryRun, template: { contents } }, { token })
    assert.equal((await apply(true, readsB1)).status, 200)
    assert.equal((await apply(false, readsB1)).status, 500)
    assert.equal((await apply(false)).status, 201)
    const { json } = await scene.ask('GET', '/api/v2/buckets?name=made-by-template')
    assert.equal(json.buckets.length, 1)
  })
})
