/** Deployment `cloud`: a session reaches one organization, also through the gateway, whatever else its user belongs to. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { basic, cookieOf, type Received, send } from '../support/http.ts'
import { PASSWORD } from '../support/populate.ts'
import { type GatewayScene, startGateway } from './scene.ts'

let scene: GatewayScene
let userID: string
/** Of an owner of A and B, by the organization to which each is confined. */
const sessions = new Map<string, Readonly<Record<string, string>>>()

before(async () => {
  scene = await startGateway(['--deployment', 'cloud'])
  const { A, B, BB } = scene.ids
  userID = (await scene.ask('POST', '/api/v2/users', { name: 'erin' })).json.id
  for (const org of [A, B]) await scene.ask('POST', `/api/v2/orgs/${org}/owners`, { id: userID })
  await scene.ask('POST', `/api/v2/users/${userID}/password`, { password: PASSWORD })
  for (const org of [A, B]) {
    const headers = { authorization: basic('erin', PASSWORD) }
    const signedIn = await send(scene.url, { method: 'POST', path: `/api/v2/signin?orgID=${org}`, headers })
    assert.equal(signedIn.status, 204, signedIn.text)
    sessions.set(org, { cookie: cookieOf(signedIn) })
    for (const type of ['dashboards', 'labels']) {
      const made = await scene.askUpstream('POST', `/api/v2/${type}`, { orgID: org, name: `in ${org}` })
      assert.equal(made.status, 201, made.text)
    }
  }
  await scene.askUpstream('POST', `/api/v2/write?orgID=${B}&bucket=${BB}`, 'm,t=a v=1')
})
after(() => scene?.stop())

function ask(org: string, method: string, path: string, body?: string | object): Promise<Received> {
  const json = typeof body === 'object'
  return send(scene.url, {
    ...{ method, path, body: json ? JSON.stringify(body) : body },
    headers: { ...sessions.get(org), ...(json && { 'content-type': 'application/json' }) },
  })
}

suite('a session that is confined to an organization', () => {
  test('lists and changes what is there', async () => {
    const { A, B } = scene.ids
    for (const org of [A, B]) {
      for (const type of ['dashboards', 'labels']) {
        for (const query of ['', `?orgID=${org}`]) {
          const { json } = await ask(org, 'GET', `/api/v2/${type}${query}`)
          assert.deepEqual(
            json[type].map(({ name }: { name: string }) => name),
            [`in ${org}`],
          )
        }
      }
      const dashboard = await ask(org, 'POST', '/api/v2/dashboards', { orgID: org, name: 'own' })
      assert.equal(dashboard.status, 201, dashboard.text)
      assert.equal((await ask(org, 'DELETE', `/api/v2/dashboards/${dashboard.json.id}`)).status, 204)
    }
    assert.equal((await ask(A, 'POST', `/api/v2/write?orgID=${A}&bucket=b1`, 'm v=1')).status, 204)
    const task = {
      orgID: A,
      flux: 'option task = {name: "t", every: 1h}\nfrom(bucket: "b1") |> range(start: -1h)',
    }
    // With `to(bucket: ..., org: "B")` the task could write into the other organization of its owner.
    const beyond = await ask(A, 'POST', '/api/v2/tasks', task)
    assert.deepEqual([beyond.status, beyond.headers['x-sluice-reason']], [403, 'beyond-own-rights'])
    const { json: user } = await scene.ask('POST', '/api/v2/users', { name: 'of A alone' })
    await scene.ask('POST', `/api/v2/orgs/${A}/owners`, { id: user.id })
    await scene.ask('POST', `/api/v2/users/${user.id}/password`, { password: PASSWORD })
    const { cookie } = await scene.session('of A alone', PASSWORD)
    const made = await send(scene.url, {
      ...{ method: 'POST', path: '/api/v2/tasks', headers: { cookie }, body: JSON.stringify(task) },
    })
    assert.equal(made.status, 201, made.text)
  })

  test('reaches nothing of another organization of its user', async () => {
    const { A, B, BB } = scene.ids
    const rows = await scene.rowsIn(BB, B)
    const { json } = await scene.askUpstream('GET', `/api/v2/dashboards?orgID=${B}`)
    const [{ id }] = json.dashboards
    const from = `from(bucketID: "${BB}") |> range(start: 0)`
    const task = `option task = {name: "t", every: 1h}\n${from}`
    const range = { start: '2000-01-01T00:00:00Z', stop: '2100-01-01T00:00:00Z' }
    for (const [method, path, body] of [
      ['POST', `/api/v2/write?orgID=${B}&bucket=${BB}`, 'm v=1'],
      ['POST', `/api/v2/write?orgID=${A}&bucket=${BB}`, 'm v=1'],
      ['POST', `/api/v2/delete?orgID=${B}&bucketID=${BB}`, range],
      ['POST', `/api/v2/query?orgID=${A}`, { query: from }],
      ['POST', `/api/v2/query?orgID=${B}`, { query: from }],
      ['POST', `/api/v2/query?orgID=${B}`, { query: 'from(bucket: "bb") |> range(start: 0)' }],
      ['POST', '/api/v2/tasks', { orgID: B, flux: task.replace('bucketID', 'bucket') }],
      ['POST', '/api/v2/tasks', { orgID: A, flux: task }],
      ['POST', '/api/v2/dashboards', { orgID: B, name: 'planted' }],
      ['GET', `/api/v2/dashboards/${id}`, undefined],
      ['GET', `/api/v2/dashboards/${id}?orgID=${B}`, undefined],
      ['DELETE', `/api/v2/dashboards/${id}`, undefined],
      ['GET', `/api/v2/orgs/${B}/secrets`, undefined],
      ['GET', `/api/v2private/notebooks?orgID=${B}`, undefined],
    ] as const) {
      const { status, text } = await ask(A, method, path, body)
      assert.ok(status >= 400 && status < 500, `${method} ${path}: ${status} ${text}`)
      assert.ok(!text.includes(`in ${B}`) && !text.includes(',_result'), `${method} ${path}: ${text}`)
    }
    for (const path of [`/api/v2/dashboards?orgID=${B}`, '/api/v2/labels?org=B']) {
      assert.ok(!(await ask(A, 'GET', path)).text.includes(`in ${B}`), path)
    }
    assert.equal(await scene.rowsIn(BB, B), rows)
  })

  test('has tokens upstream that name its organization alone', async () => {
    const { A, B, BB } = scene.ids
    const { json } = await scene.askUpstream('GET', '/api/v2/authorizations')
    const own = json.authorizations.filter(
      (each: { userID: string; description: string }) =>
        each.userID === userID && each.description.startsWith('sluice node'),
    )
    assert.ok(own.length >= 2)
    for (const { orgID, permissions } of own) {
      const other = orgID === A ? [B, BB] : [A, scene.ids.B1]
      const text = JSON.stringify(permissions)
      assert.ok(
        other.every((id) => !text.includes(id)),
        text,
      )
      for (const { resource } of permissions) assert.ok(resource.orgID ?? resource.id, 'it is for all')
    }
  })
})
