/** 1.x authorizations over HTTP: create, list, switch off, delete, and the password (v1/authorization of influxd). */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type SetUpServer, startSetUp } from '../support/populate.ts'

const PATH = '/private/legacy/authorizations'
const PASSWORD = 'a password of telegraf'

describe('1.x authorizations', () => {
  let server: SetUpServer
  let permissions: readonly unknown[]
  before(async () => {
    server = await startSetUp()
    const { json } = await server.ask('GET', '/api/v2/buckets')
    const [bucket] = json.buckets.filter((each: { type: string }) => each.type === 'user')
    const resource = { type: 'buckets', id: bucket.id, orgID: server.orgID }
    permissions = ['read', 'write'].map((action) => ({ action, resource }))
  })
  after(() => server.stop())

  const create = (name: string, fields: object = {}) =>
    server.ask('POST', PATH, { token: name, orgID: server.orgID, permissions, ...fields })

  test('are created, shown, changed and deleted', async () => {
    const created = await create('telegraf', { description: 'hosts' })
    assert.equal(created.status, 201)
    const { id, ...shown } = created.json
    assert.equal(shown.token, 'telegraf')
    assert.equal(shown.status, 'active')
    assert.equal(shown.permissions[0].resource.org, shown.org)
    assert.deepEqual(shown.links, { self: `${PATH}/${id}`, user: `/api/v2/users/${shown.userID}` })
    assert.deepEqual((await server.ask('GET', `${PATH}/${id}`)).json, created.json)
    for (const query of [
      '',
      '?token=telegraf',
      `?orgID=${server.orgID}`,
      `?id=${id}`,
      `?userID=${shown.userID}`,
    ]) {
      const { json } = await server.ask('GET', PATH + query)
      assert.deepEqual(json, { links: { self: PATH }, authorizations: [created.json] }, query)
    }
    assert.deepEqual((await server.ask('GET', `${PATH}?token=other`)).json.authorizations, [])
    const switchedOff = await server.ask('PATCH', `${PATH}/${id}`, {
      status: 'inactive',
      description: 'none',
    })
    assert.deepEqual(
      [switchedOff.status, switchedOff.json.status, switchedOff.json.description],
      [200, 'inactive', 'none'],
    )
    assert.equal((await server.ask('POST', `${PATH}/${id}/password`, { password: PASSWORD })).status, 204)
    assert.equal((await server.ask('DELETE', `${PATH}/${id}`)).status, 204)
    assert.equal((await server.ask('GET', `${PATH}/${id}`)).status, 404)
    const events = (await server.ask('GET', '/api/v2/audit?limit=20')).json.events.map(
      (each: { event: string }) => each.event,
    )
    for (const act of ['create', 'update', 'password', 'delete']) {
      assert.ok(events.includes(`legacy-authorization.${act}`), act)
    }
  })

  test('are refused as InfluxDB refuses them', async () => {
    assert.equal((await create('twice')).status, 201)
    const refusals: readonly (readonly [Awaited<ReturnType<typeof create>>, number, string])[] = [
      [await create('twice'), 422, 'token already exists'],
      [await create(''), 400, 'token required for v1 user authorization type'],
      [await create('x', { permissions: [] }), 400, 'authorization must include permissions'],
      [await create('x', { orgID: undefined }), 400, 'org id required'],
      [await create('x', { status: 'asleep' }), 400, 'invalid status: must be active or inactive'],
      [await create('x', { orgID: 'ffffffffffff0001' }), 400, 'unable to create token'],
      [
        await server.ask('POST', `${PATH}/ffffffffffff0001/password`, { password: PASSWORD }),
        404,
        'authorization not found',
      ],
    ]
    for (const [{ status, json }, wanted, message] of refusals.slice(0, 5)) {
      assert.deepEqual([status, json.message], [wanted, message])
    }
    assert.equal(refusals[6]?.[0].status, 404)
    assert.equal(
      (
        await create('weak').then(({ json }) =>
          server.ask('POST', `${PATH}/${json.id}/password`, { password: 'short' }),
        )
      ).status,
      400,
    )
  })

  test('keep what an update cannot change, and do not ignore it', async () => {
    const { id, ...shown } = (await create('kept')).json
    const path = `${PATH}/${id}`
    const same = { token: 'kept', orgID: shown.orgID, userID: shown.userID, permissions: shown.permissions }
    const kept = await server.ask('PATCH', path, { ...same, description: 'same' })
    assert.deepEqual([kept.status, kept.json.description], [200, 'same'])
    for (const changed of [
      { permissions: permissions.slice(0, 1) },
      { token: 'other' },
      { orgID: 'ffffffffffff0001' },
      { userID: 'ffffffffffff0001' },
    ]) {
      const refused = await server.ask('PATCH', path, { ...changed, status: 'inactive' })
      assert.deepEqual([refused.status, refused.json.code], [400, 'invalid'], JSON.stringify(changed))
    }
    assert.equal((await server.ask('GET', path)).json.status, 'active')
  })

  test("are seen and switched off by owners of the organization, whoever's they are", async () => {
    const people = new Map<string, string>()
    for (const [name, role] of [
      ['owen', 'owner'],
      ['meg', 'member'],
    ] as const) {
      const { id } = (await server.ask('POST', '/api/v2/users', { name })).json
      people.set(name, id)
      await server.ask('POST', `/api/v2/users/${id}/password`, { password: `password of ${name}` })
      await server.ask('POST', `/api/v2/orgs/${server.orgID}/${role}s`, { id })
    }
    const { id } = (await create('leaked', { userID: people.get('meg') })).json
    const owen = await server.session('owen', 'password of owen')
    const listed = (await server.ask('GET', PATH, undefined, owen)).json.authorizations
    assert.ok(listed.some((each: { id: string }) => each.id === id))
    const off = await server.ask('PATCH', `${PATH}/${id}`, { status: 'inactive' }, owen)
    assert.deepEqual([off.status, off.json.status], [200, 'inactive'])
    assert.equal((await server.ask('PATCH', `${PATH}/${id}`, { status: 'active' }, owen)).status, 401)
    assert.equal((await server.ask('DELETE', `${PATH}/${id}`, undefined, owen)).status, 401)
  })

  test('give nobody what the caller does not have', async () => {
    await server.ask('POST', '/api/v2/users', { name: 'tim' })
    const tim = (await server.ask('GET', '/api/v2/users?name=tim')).json.users[0].id
    await server.ask('POST', `/api/v2/users/${tim}/password`, { password: 'password of tim' })
    await server.ask('POST', `/api/v2/orgs/${server.orgID}/members`, { id: tim })
    const tims = await server.session('tim', 'password of tim')
    const ask = (method: string, path: string, body?: object) => server.ask(method, path, body, tims)
    const asTim = (body: object) => ask('POST', PATH, body)
    assert.equal((await asTim({ token: 'tims', orgID: server.orgID, permissions })).status, 401)
    const { json } = await create('strong')
    assert.equal((await ask('POST', `${PATH}/${json.id}/password`, { password: PASSWORD })).status, 401)
    assert.equal((await ask('DELETE', `${PATH}/${json.id}`)).status, 401)
  })
})
