/** Ids of other organizations: InfluxDB lets an id in a permission decide alone, and asks for no right to a label. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { send } from '../support/http.ts'
import { type GatewayScene, startGateway } from './scene.ts'

let scene: GatewayScene
before(async () => {
  scene = await startGateway()
})
after(() => scene.stop())

const ask = (token: string, method: string, path: string, json?: unknown) =>
  send(scene.url, {
    ...{ method, path, headers: { authorization: `Token ${token}` } },
    body: json === undefined ? undefined : JSON.stringify(json),
  })

async function made(path: string, json: object) {
  const { status, json: answer, text } = await scene.ask('POST', path, json)
  assert.equal(status, 201, text)
  return answer
}

/** A token of an owner of A alone, who hands it these permissions on. */
async function handedOn(permissions: readonly object[]): Promise<string> {
  const name = `owner ${Math.random()}`
  const { id } = await made('/api/v2/users', { name })
  await made(`/api/v2/orgs/${scene.ids.A}/owners`, { id })
  const password = 'correct horse 2'
  assert.equal((await scene.ask('POST', `/api/v2/users/${id}/password`, { password })).status, 204)
  const session = await scene.session(name, password)
  const body = JSON.stringify({ orgID: scene.ids.A, permissions })
  const { status, json, text } = await send(scene.url, {
    ...{ method: 'POST', path: '/api/v2/authorizations', headers: { ...session }, body },
  })
  assert.equal(status, 201, text)
  return json.token
}

const both = (type: string, id: string) =>
  ['read', 'write'].map((action) => ({ action, resource: { type, id, orgID: scene.ids.A } }))

suite('a permission for an id of another organization', () => {
  test('that its owner handed on as one of its own reaches nothing there', async () => {
    const foreign = await made('/api/v2/dashboards', { orgID: scene.ids.B, name: 'of B' })
    const own = await made('/api/v2/dashboards', { orgID: scene.ids.A, name: 'of A' })
    const token = await handedOn([...both('dashboards', foreign.id), ...both('dashboards', own.id)])
    for (const query of ['', `?orgID=${scene.ids.A}`, `?orgID=${scene.ids.B}`, '?org=B']) {
      const path = `/api/v2/dashboards/${foreign.id}${query}`
      for (const [method, body] of [
        ['GET', undefined],
        ['PATCH', { name: 'taken over' }],
        ['DELETE', undefined],
      ] as const) {
        const { status, text } = await ask(token, method, path, body)
        assert.ok(status === 401 || status === 403 || status === 404, `${method} ${path}: ${status} ${text}`)
      }
    }
    const { json } = await scene.ask('GET', `/api/v2/dashboards/${foreign.id}?org=B`)
    assert.equal(json.name, 'of B')
    const list = await ask(token, 'GET', '/api/v2/dashboards?org=B')
    assert.ok(!list.text.includes('of B'), list.text)
    assert.equal((await ask(token, 'GET', `/api/v2/dashboards/${own.id}`)).json.name, 'of A')
  })
})

suite('a label', () => {
  test('of another organization cannot be attached, nor read by that', async () => {
    const { label } = await made('/api/v2/labels', { orgID: scene.ids.B, name: 'secret name' })
    const variable = { orgID: scene.ids.A, name: 'v', arguments: { type: 'constant', values: ['x'] } }
    const { id } = await made('/api/v2/variables', variable)
    const token = await scene.tokenWith(['read:orgs/A/variables', 'write:orgs/A/variables'])
    const { status, text } = await ask(token, 'POST', `/api/v2/variables/${id}/labels`, { labelID: label.id })
    assert.notEqual(status, 201)
    assert.ok(!text.includes('secret name'))
  })

  test('that a permission names by its id can be read', async () => {
    const { label } = await made('/api/v2/labels', { orgID: scene.ids.A, name: 'mine' })
    const token = await handedOn(both('labels', label.id))
    const { status, text } = await ask(token, 'GET', `/api/v2/labels/${label.id}`)
    assert.equal(status, 200, text)
  })
})
