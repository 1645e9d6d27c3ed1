/** Every change of the API, and what the InfluxDB behind the server has afterwards. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { basic, send } from '../support/http.ts'
import { startUpstream } from '../support/influxd/upstream.ts'
import { asker, type MirroredServer, startMirrored } from './world.ts'

const FLUX = 'option task = {name: "t", every: 1h}\nfrom(bucket: "b1") |> range(start: -1h)'

suite('a server in front of an InfluxDB', () => {
  let server: MirroredServer
  before(async () => {
    server = await startMirrored(await startUpstream())
  })
  after(async () => {
    await server.stop()
    await server.upstream.stop()
  })

  async function done(method: string, path: string, json?: unknown) {
    const received = await server.ask(method, path, json)
    assert.ok(received.status < 300, `${method} ${path}: ${received.status} ${received.text}`)
    return received.json
  }
  async function differences() {
    return (await done('GET', '/api/v2/upstream/differences')).differences
  }
  /** The record there; undefined if it does not exist. */
  async function recordThere(path: string) {
    const { status, json } = await server.there('GET', path)
    return status === 200 ? json : undefined
  }
  async function rolesThere(path: string, userID: string) {
    const roles = []
    for (const role of ['member', 'owner']) {
      const { json } = await server.there('GET', `${path}/${role}s`)
      if (json.users.some(({ id }: { id: string }) => id === userID)) roles.push(role)
    }
    return roles
  }

  test('after the setup both have the same records under the same ids', async () => {
    const { upstream, userID, orgID, bucketID } = server
    assert.deepEqual([userID, orgID, bucketID], [upstream.userID, upstream.orgID, upstream.bucketID])
    assert.deepEqual(await differences(), [])
  })

  test('users: created, renamed, deactivated, activated, deleted', async () => {
    const { id } = await done('POST', '/api/v2/users', { name: 'bob' })
    const path = `/api/v2/users/${id}`
    assert.deepEqual((await recordThere(path))?.name, 'bob')
    await done('PATCH', path, { name: 'bobby' })
    assert.deepEqual((await recordThere(path))?.name, 'bobby')
    await done('POST', `/api/v2/orgs/${server.orgID}/members`, { id })
    await done('PATCH', path, { status: 'inactive' })
    assert.equal((await recordThere(path))?.status, 'inactive')
    assert.deepEqual(await rolesThere(`/api/v2/orgs/${server.orgID}`, id), [])
    await done('PATCH', path, { status: 'active' })
    assert.deepEqual(await rolesThere(`/api/v2/orgs/${server.orgID}`, id), ['member'])
    assert.deepEqual(await differences(), [])
    await done('DELETE', path)
    assert.equal(await recordThere(path), undefined)
    assert.deepEqual(await differences(), [])
  })

  test('organizations: created with the creator as the only owner, renamed, deleted', async () => {
    const { id: userID } = await done('POST', '/api/v2/users', { name: 'founder' })
    const permissions = [{ action: 'write', resource: { type: 'orgs' } }]
    const { orgID } = server
    const { token } = await done('POST', '/api/v2/authorizations', { orgID, userID, permissions })
    const made = await send(server.url, {
      ...{ method: 'POST', path: '/api/v2/orgs', headers: { authorization: `Token ${token}` } },
      body: JSON.stringify({ name: 'second', description: 'its own' }),
    })
    assert.equal(made.status, 201, made.text)
    const { id } = made.json
    const path = `/api/v2/orgs/${id}`
    assert.equal((await recordThere(path))?.description, 'its own')
    assert.deepEqual(await rolesThere(path, userID), ['owner'])
    assert.deepEqual(await rolesThere(path, server.userID), [])
    await done('PATCH', path, { name: '2nd' })
    assert.equal((await recordThere(path))?.name, '2nd')
    const system = (await done('GET', `/api/v2/buckets?orgID=${id}`)).buckets
    for (const bucket of system) {
      assert.equal((await recordThere(`/api/v2/buckets/${bucket.id}`))?.name, bucket.name)
    }
    assert.equal(system.length, 2)
    assert.deepEqual(await differences(), [])
    await done('DELETE', path)
    assert.equal(await recordThere(path), undefined)
    assert.deepEqual(await differences(), [])
  })

  test('buckets: created with their retention, changed, deleted', async () => {
    const retentionRules = [{ type: 'expire', everySeconds: 7200, shardGroupDurationSeconds: 3600 }]
    const input = { orgID: server.orgID, name: 'hot', description: 'two hours', retentionRules }
    const { id } = await done('POST', '/api/v2/buckets', input)
    const path = `/api/v2/buckets/${id}`
    const there = await recordThere(path)
    assert.deepEqual([there?.name, there?.description], ['hot', 'two hours'])
    assert.deepEqual(there?.retentionRules, retentionRules)
    await done('PATCH', path, { name: 'warm', retentionRules: [{ type: 'expire', everySeconds: 10_800 }] })
    assert.deepEqual(
      [(await recordThere(path))?.name, (await recordThere(path))?.retentionRules[0].everySeconds],
      ['warm', 10_800],
    )
    assert.deepEqual(await differences(), [])
    await done('DELETE', path)
    assert.equal(await recordThere(path), undefined)
  })

  test('members and owners of organizations and buckets: added, changed, removed', async () => {
    const { id } = await done('POST', '/api/v2/users', { name: 'carol' })
    for (const path of [`/api/v2/orgs/${server.orgID}`, `/api/v2/buckets/${server.bucketID}`]) {
      await done('POST', `${path}/owners`, { id })
      assert.deepEqual(await rolesThere(path, id), ['owner'])
      await done('PATCH', `${path}/members/${id}`, { role: 'member' })
      assert.deepEqual(await rolesThere(path, id), ['member'])
      assert.deepEqual(await differences(), [])
      await done('DELETE', `${path}/members/${id}`)
      assert.deepEqual(await rolesThere(path, id), [])
    }
    assert.deepEqual(await differences(), [])
  })

  test('the tasks of a user who is deactivated or deleted stop', async () => {
    const { orgID, there, upstream } = server
    for (const end of ['PATCH', 'DELETE']) {
      const { id: userID } = await done('POST', '/api/v2/users', { name: `worker ${end}` })
      await done('POST', `/api/v2/orgs/${orgID}/owners`, { id: userID })
      const permissions = ['tasks', 'buckets', 'checks'].flatMap((type) =>
        ['read', 'write'].map((action) => ({ action, resource: { type, orgID } })),
      )
      const minted = await there('POST', '/api/v2/authorizations', { orgID, userID, permissions })
      assert.equal(minted.status, 201, minted.text)
      const asWorker = asker(upstream.url, minted.json.token)
      const task = await asWorker('POST', '/api/v2/tasks', { orgID, flux: FLUX, status: 'active' })
      assert.equal(task.status, 201, task.text)
      const path = `/api/v2/tasks/${task.json.id}`
      assert.equal((await recordThere(path))?.status, 'active')
      // InfluxDB runs a check as a task that it does not list.
      const check = await asWorker('POST', '/api/v2/checks', checkOf(orgID, `check ${end}`))
      assert.equal(check.status, 201, check.text)
      await done(end, `/api/v2/users/${userID}`, end === 'PATCH' ? { status: 'inactive' } : undefined)
      assert.equal((await recordThere(path))?.status, 'inactive', end)
      assert.equal((await recordThere(`/api/v2/checks/${check.json.id}`))?.status, 'inactive', end)
    }
  })

  test('passwords and tokens are not sent there', async () => {
    const { id } = await done('POST', '/api/v2/users', { name: 'quiet' })
    const password = 'never to be seen there'
    await done('POST', `/api/v2/users/${id}/password`, { password })
    const permissions = [{ action: 'read', resource: { type: 'buckets', orgID: server.orgID } }]
    await done('POST', '/api/v2/authorizations', { orgID: server.orgID, userID: id, permissions })
    const { json } = await server.there('GET', `/api/v2/authorizations?userID=${id}`)
    assert.deepEqual(json.authorizations, [])
    const signIn = await send(server.upstream.url, {
      ...{ method: 'POST', path: '/api/v2/signin', headers: { authorization: basic('quiet', password) } },
    })
    assert.equal(signIn.status, 401)
  })

  test('what it refuses is refused here, and nothing changes', async () => {
    await server.there('POST', '/api/v2/users', { name: 'theirs' })
    await server.there('POST', '/api/v2/orgs', { name: 'theirs' })
    for (const [path, input] of [
      ['/api/v2/users', { name: 'theirs' }],
      ['/api/v2/orgs', { name: 'theirs' }],
    ] as const) {
      const { status, json } = await server.ask('POST', path, input)
      assert.deepEqual([status, json.code], [422, 'conflict'])
    }
    const kinds = (await differences()).map(
      (each: { kind: string; type: string }) => `${each.type} ${each.kind}`,
    )
    assert.deepEqual(kinds, ['user upstream-only', 'organization upstream-only'])
    const repaired = await done('POST', '/api/v2/upstream/repair', { from: 'here', delete: true })
    assert.deepEqual(repaired.left, [])
    assert.deepEqual(await differences(), [])
  })
})

function checkOf(orgID: string, name: string): object {
  return {
    ...{ type: 'threshold', name, orgID, status: 'active', every: '1m', offset: '0s', tags: [] },
    statusMessageTemplate: 'x',
    query: {
      text: 'from(bucket: "engine") |> range(start: -1m) |> filter(fn: (r) => r._field == "v") |> aggregateWindow(every: 1m, fn: mean) |> yield(name: "mean")',
      builderConfig: {
        buckets: ['engine'],
        tags: [{ key: '_field', values: ['v'] }],
        functions: [{ name: 'mean' }],
      },
    },
    thresholds: [{ type: 'greater', allValues: false, level: 'CRIT', value: 1 }],
  }
}
