/** What names something of another organization by its id: InfluxDB looks it up without comparing the organizations. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { type Received, send } from '../support/http.ts'
import { type GatewayScene, startGateway } from './scene.ts'

const TYPES = ['buckets', 'remotes', 'replications', 'notificationRules', 'notificationEndpoints', 'secrets']
const OWNER = [
  ...['read', 'write'].flatMap((action) => TYPES.map((type) => `${action}:orgs/A/${type}`)),
  ...['read:orgs/A', 'write:orgs/A'],
]

let scene: GatewayScene
let owner: string
before(async () => {
  scene = await startGateway()
  owner = await scene.tokenWith(OWNER)
})
after(() => scene?.stop())

const ask = (token: string, method: string, path: string, json?: object): Promise<Received> =>
  send(scene.url, {
    ...{ method, path, headers: { authorization: `Token ${token}` } },
    body: json === undefined ? undefined : JSON.stringify(json),
  })

/** Made upstream directly, as B's own members could have. */
async function made(path: string, json: object): Promise<string> {
  const { status, json: answer, text } = await scene.askUpstream('POST', path, json)
  assert.equal(status, 201, text)
  return answer.id
}

const remoteIn = (orgID: string, name: string) =>
  made('/api/v2/remotes', {
    ...{ orgID, name, remoteURL: 'http://127.0.0.1:1', remoteAPIToken: 'secret of the remote' },
    ...{ remoteOrgID: orgID, allowInsecureTLS: false },
  })
const endpointIn = (orgID: string, name: string) =>
  made('/api/v2/notificationEndpoints', {
    ...{ orgID, name, type: 'http', method: 'POST', authMethod: 'none', status: 'active' },
    url: `http://hooks.example/${name}`,
  })
const refusal = ({ status, json }: Received) => `${status} ${json?.code}`

suite('a replication', () => {
  const body = (remoteID: string, localBucketID = scene.ids.B1) => ({
    ...{ name: `r ${Math.random()}`, orgID: scene.ids.A, remoteID, localBucketID },
    ...{ remoteBucketName: 'x', maxQueueSizeBytes: 33554430 },
  })

  test('goes to no remote of another organization, whose credentials it would use', async () => {
    const foreign = await remoteIn(scene.ids.B, 'of B')
    for (const query of ['', '?validate=true']) {
      const answer = await ask(owner, 'POST', `/api/v2/replications${query}`, body(foreign))
      assert.equal(refusal(answer), '404 not found', answer.text)
    }
    const own = await remoteIn(scene.ids.A, 'of A')
    const created = await ask(owner, 'POST', '/api/v2/replications', body(own))
    assert.equal(created.status, 201, created.text)
    const path = `/api/v2/replications/${created.json.id}`
    assert.equal(refusal(await ask(owner, 'PATCH', path, { remoteID: foreign })), '404 not found')
    assert.equal((await ask(owner, 'PATCH', path, { remoteID: own, name: 'same' })).status, 200)
    assert.equal(refusal(await ask(owner, 'PATCH', path, { REMOTEID: foreign })), '400 invalid')
    assert.equal((await ask(owner, 'GET', path)).json.remoteID, own)
  })

  test('is changed only by who may read the bucket that it copies out', async () => {
    const own = await remoteIn(scene.ids.A, 'second of A')
    const { json } = await ask(owner, 'POST', '/api/v2/replications', body(own, scene.ids.B2))
    const path = `/api/v2/replications/${json.id}`
    const rights = ['read:orgs/A/remotes', 'write:orgs/A/replications', 'read:orgs/A/replications']
    const narrow = await scene.tokenWith([...rights, 'read:orgs/A/buckets/B1'])
    const change = { remoteID: own, remoteBucketName: 'elsewhere' }
    assert.equal(refusal(await ask(narrow, 'PATCH', path, change)), '404 not found')
    const wide = await scene.tokenWith([...rights, 'read:orgs/A/buckets/B2'])
    assert.equal((await ask(wide, 'PATCH', path, change)).status, 200)
  })
})

test('a remote is made in no other organization', async () => {
  const remote = {
    ...{ orgID: scene.ids.B, name: 'planted', remoteURL: 'http://127.0.0.1:1', remoteAPIToken: 'x' },
    ...{ remoteOrgID: scene.ids.B, allowInsecureTLS: false },
  }
  for (const path of ['/api/v2/remotes', `/api/v2/remotes?orgID=${scene.ids.A}`]) {
    assert.equal(refusal(await ask(owner, 'POST', path, remote)), '401 unauthorized')
  }
  const { json } = await scene.askUpstream('GET', `/api/v2/remotes?orgID=${scene.ids.B}&name=planted`)
  assert.deepEqual(json.remotes ?? [], [])
})

test('a remote is changed only by who may read what is replicated to it', async () => {
  const remote = await remoteIn(scene.ids.A, 'changed')
  const narrow = await scene.tokenWith([
    'read:orgs/A/remotes',
    'write:orgs/A/remotes',
    'read:orgs/A/buckets/B1',
  ])
  const path = `/api/v2/remotes/${remote}`
  const change = { remoteURL: 'http://127.0.0.1:2' }
  const { status, headers } = await ask(narrow, 'PATCH', path, change)
  assert.deepEqual([status, headers['x-sluice-reason']], [403, 'beyond-own-rights'])
  assert.equal((await ask(owner, 'PATCH', path, change)).json.remoteURL, change.remoteURL)
  assert.equal(
    refusal(await ask(owner, 'PATCH', '/api/v2/remotes/0123456789abcdef', change)),
    '404 not found',
  )
})

test('a notification rule uses no endpoint of another organization, whose address it would show', async () => {
  const { cookie } = await scene.session()
  const asUser = (method: string, path: string, body?: object) =>
    send(scene.url, { method, path, headers: { cookie }, body: body && JSON.stringify(body) })
  // An owner of A alone.
  const { json: user } = await scene.ask('POST', '/api/v2/users', { name: 'rule maker' })
  await scene.ask('POST', `/api/v2/orgs/${scene.ids.A}/owners`, { id: user.id })
  const password = 'correct horse 3'
  await scene.ask('POST', `/api/v2/users/${user.id}/password`, { password })
  const own = await scene.session('rule maker', password)
  const ofA = (method: string, path: string, body?: object) =>
    send(scene.url, { method, path, headers: { ...own }, body: body && JSON.stringify(body) })
  const foreign = await endpointIn(scene.ids.B, 'private-of-b')
  const rule = (endpointID: string) => ({
    ...{ orgID: scene.ids.A, name: `rule ${Math.random()}`, type: 'http', status: 'active', every: '10m' },
    ...{ endpointID, statusRules: [{ currentLevel: 'CRIT' }], tagRules: [] },
  })
  const refused = await ofA('POST', '/api/v2/notificationRules', rule(foreign))
  assert.equal(refusal(refused), '404 not found', refused.text)
  const endpoint = await endpointIn(scene.ids.A, 'of-a')
  const created = await ofA('POST', '/api/v2/notificationRules', rule(endpoint))
  assert.equal(created.status, 201, created.text)
  const path = `/api/v2/notificationRules/${created.json.id}`
  assert.equal(refusal(await ofA('PUT', path, rule(foreign))), '404 not found')
  assert.equal(refusal(await ofA('PATCH', path, { endpointID: foreign })), '404 not found')
  assert.equal(refusal(await ofA('PATCH', path, { EndpointID: foreign })), '400 invalid')
  assert.equal((await ofA('PUT', path, rule(endpoint))).status, 200)
  assert.doesNotMatch((await asUser('GET', `${path}/query`)).text, /private-of-b/)
})

test('a stack of another organization is neither deleted nor uninstalled', async () => {
  const foreign = await made('/api/v2/stacks', { orgID: scene.ids.B, name: 'of B' })
  const path = `/api/v2/stacks/${foreign}`
  for (const [method, end] of [
    ['DELETE', ''],
    ['POST', '/uninstall'],
  ] as const) {
    for (const query of [`?orgID=${scene.ids.A}`, `?orgID=${scene.ids.B}`]) {
      const { status, text } = await ask(owner, method, `${path}${end}${query}`)
      assert.ok(status >= 400 && status < 500, `${method} ${end}${query}: ${status} ${text}`)
    }
  }
  const { json } = await scene.askUpstream('GET', path)
  assert.equal(json.events.length, 1, 'it is as it was')
  const own = await made('/api/v2/stacks', { orgID: scene.ids.A, name: 'of A' })
  assert.equal((await ask(owner, 'DELETE', `/api/v2/stacks/${own}?orgID=${scene.ids.A}`)).status, 204)
})
