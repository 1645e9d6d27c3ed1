/** Labels of buckets in answers of this server: upstream's, as far as the caller may read them. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { send } from '../support/http.ts'
import { startInfluxd } from '../support/influxd/influxd.ts'
import { startSetUp } from '../support/populate.ts'
import { type GatewayScene, startGateway } from './scene.ts'

describe('labels of buckets', () => {
  let scene: GatewayScene
  let label: { id: string; orgID: string; name: string; properties: object }
  before(async () => {
    scene = await startGateway()
    const { A, B1, BB, B } = scene.ids
    const properties = { color: '#ff0000', description: '' }
    label = (await scene.ask('POST', '/api/v2/labels', { orgID: A, name: 'red', properties })).json.label
    await scene.ask('POST', `/api/v2/buckets/${B1}/labels`, { labelID: label.id })
    const other = (await scene.ask('POST', '/api/v2/labels', { orgID: B, name: 'blue' })).json.label
    const labelled = await scene.ask('POST', `/api/v2/buckets/${BB}/labels`, { labelID: other.id })
    assert.equal(labelled.status, 201, labelled.text)
  })
  after(() => scene?.stop())

  async function labelsSeen(path: string, headers?: Readonly<Record<string, string>>) {
    const { status, json, text } = await scene.ask('GET', path, undefined, headers)
    assert.equal(status, 200, text)
    const buckets: { name: string; labels: { name: string }[] }[] = json.buckets ?? [json]
    return Object.fromEntries(
      buckets.flatMap(({ name, labels }) =>
        labels.length === 0 ? [] : [[name, labels.map((each) => each.name)]],
      ),
    )
  }

  test('come with the bucket and with each list that has it, in the form of InfluxDB', async () => {
    const { A, B1, B2 } = scene.ids
    const one = await scene.ask('GET', `/api/v2/buckets/${B1}`)
    assert.deepEqual(one.json.labels, [label])
    const upstream = await scene.askUpstream('GET', `/api/v2/buckets/${B1}`)
    assert.deepEqual(one.json.labels, upstream.json.labels)
    assert.deepEqual(await labelsSeen(`/api/v2/buckets/${B2}`), {})
    assert.deepEqual(await labelsSeen(`/api/v2/buckets?orgID=${A}`), { b1: ['red'] })
    assert.deepEqual(await labelsSeen('/api/v2/buckets?name=b1'), { b1: ['red'] })
    assert.deepEqual(await labelsSeen('/api/v2/buckets?limit=100'), { b1: ['red'], bb: ['blue'] })
  })

  test('are only those that the caller may read', async () => {
    const reading = await scene.tokenWith(['read:orgs/A/buckets/B1'])
    const path = `/api/v2/buckets?orgID=${scene.ids.A}`
    assert.deepEqual(await labelsSeen(path, { authorization: `Token ${reading}` }), {})
    const both = await scene.tokenWith(['read:orgs/A/buckets/B1', 'read:orgs/A/labels'])
    assert.deepEqual(await labelsSeen(path, { authorization: `Token ${both}` }), { b1: ['red'] })
  })

  test('a changed bucket is shown without them, as by InfluxDB', async () => {
    const path = `/api/v2/buckets/${scene.ids.B1}`
    const changed = await scene.ask('PATCH', path, { description: 'x' })
    assert.deepEqual(changed.json.labels, [])
    assert.deepEqual((await scene.askUpstream('PATCH', path, { description: 'x' })).json.labels, [])
    assert.deepEqual(await labelsSeen(path), { b1: ['red'] })
  })

  test('of an organization with more buckets than InfluxDB lists at once come, too', async () => {
    const { orgID } = await organizationOf(101)
    const page = await scene.ask('GET', `/api/v2/buckets?orgID=${orgID}&limit=20&offset=80`)
    const [first] = page.json.buckets
    const { label: own } = (await scene.ask('POST', '/api/v2/labels', { orgID, name: 'late' })).json
    await scene.ask('POST', `/api/v2/buckets/${first.id}/labels`, { labelID: own.id })
    const path = `/api/v2/buckets?orgID=${orgID}&limit=20&offset=80`
    assert.deepEqual(await labelsSeen(path), { [first.name]: ['late'] })
  })

  async function organizationOf(buckets: number) {
    const orgID = (await scene.ask('POST', '/api/v2/orgs', { name: `with ${buckets}` })).json.id
    for (let number = 0; number < buckets; number++) {
      const made = await scene.ask('POST', '/api/v2/buckets', { orgID, name: `n${number}` })
      assert.equal(made.status, 201, made.text)
    }
    return { orgID }
  }
})

describe('an upstream that does not give them', () => {
  async function started() {
    const upstream = await startInfluxd({ isSetUp: false })
    const argv = ['--upstream-url', upstream.url, '--upstream-token', upstream.operatorToken]
    const server = await startSetUp(argv)
    const { orgID, bucketID } = server
    const { label } = (await server.ask('POST', '/api/v2/labels', { orgID, name: 'red' })).json
    await server.ask('POST', `/api/v2/buckets/${bucketID}/labels`, { labelID: label.id })
    const list = () => server.ask('GET', `/api/v2/buckets?orgID=${orgID}`)
    const names = async () => {
      const { status, json, text } = await list()
      assert.equal(status, 200, text)
      return json.buckets.flatMap(({ labels }: { labels: { name: string }[] }) =>
        labels.map((each) => each.name),
      )
    }
    return { upstream, server, names }
  }

  test('is waited for no longer than a second, and buckets come without labels', async (t) => {
    const { upstream, server, names } = await started()
    t.after(async () => {
      await server.stop()
      await upstream.stop()
    })
    assert.deepEqual(await names(), ['red'])
    upstream.faults.delayMs = 3000
    const begun = performance.now()
    assert.deepEqual(await names(), [])
    assert.ok(performance.now() - begun < 2000)
    upstream.faults.delayMs = 0
    upstream.faults.nonsense = 'no HTTP'
    assert.deepEqual(await names(), [])
  })

  test('is asked with a new token if it has lost the token, and may be gone', async (t) => {
    const { upstream, server, names } = await started()
    t.after(() => server.stop())
    const isMinted = ({ description }: { description: string }) => description.startsWith('sluice node')
    upstream.forgetTokens(isMinted)
    assert.deepEqual(await names(), ['red'])
    const asked = upstream.requests.filter(({ target }) => target.startsWith('/api/v2/buckets?orgID='))
    assert.ok(asked.length > 0)
    await upstream.stop()
    assert.deepEqual(await names(), [])
    const one = await send(server.url, {
      method: 'GET',
      path: `/api/v2/buckets/${server.bucketID}`,
      headers: server.operator,
    })
    assert.deepEqual([one.status, one.json.labels], [200, []])
  })
})
