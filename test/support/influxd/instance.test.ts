/** Identity, paths and diagnostics of the whole server. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { basic } from '../http.ts'
import { operatorPermissions, permission } from './core/permissions.ts'
import { refusal, type Scene, startScene } from './scene.ts'

describe('the server', () => {
  let scene: Scene
  before(async () => {
    scene = await startScene()
  })
  after(() => scene?.stop())

  test('some paths answer without credentials, all others 401', async () => {
    const ask = (path: string) => scene.ask('GET', path, undefined, { token: null })
    for (const path of ['/health', '/ready', '/metrics', '/metrics/x', '/api/v2', '/api/v2/setup']) {
      assert.equal((await ask(path)).status, 200, path)
    }
    assert.equal((await ask('/debug/pprof/cmdline')).status, 200)
    assert.equal((await ask('/ping')).status, 204)
    for (const path of ['/api/v2/orgs', '/api/v2/nothing', '/api/v2private/notebooks', '/private/x']) {
      assert.equal(refusal(await ask(path)), '401 unauthorized access', path)
    }
  })

  test('answers name the build', async () => {
    for (const path of ['/health', '/api/v2/orgs', '/api/v2/nothing']) {
      const { headers } = await scene.ask('GET', path)
      assert.equal(headers['x-influxdb-build'], 'OSS')
      assert.match(String(headers['x-influxdb-version']), /^v2\./)
      assert.equal(headers['content-type'], 'application/json; charset=utf-8')
    }
  })

  test('paths are exact', async () => {
    assert.equal(refusal(await scene.ask('GET', '/api/v2/nothing')), '404 path not found')
    assert.equal((await scene.ask('GET', '/api/v2/orgs/')).status, 200)
    for (const path of ['/api/v2/%6frgs', '//api/v2/orgs', '/api/v2/./orgs']) {
      assert.equal((await scene.ask('GET', path)).status, 404, path)
    }
    assert.equal((await scene.ask('PUT', '/api/v2/orgs')).status, 405)
    const wrong = await scene.ask('GET', '/api/v2/write')
    assert.equal(refusal(wrong), '405 allow: OPTIONS, POST')
    assert.equal(wrong.headers['x-platform-error-code'], 'method not allowed')
  })

  test('setup happens once', async () => {
    assert.deepEqual((await scene.ask('GET', '/api/v2/setup')).json, { allowed: false })
    const body = { username: 'a', password: 'correct horse', org: 'a', bucket: 'a' }
    const again = await scene.ask('POST', '/api/v2/setup', body)
    assert.equal(refusal(again), '422 onboarding has already been completed')
  })

  test('a new organization has its system buckets and its maker as owner', async () => {
    const id = await scene.makeOrg('fresh')
    const { json } = await scene.ask('GET', `/api/v2/buckets?orgID=${id}`)
    const names = json.buckets.map(({ name, type }: Record<string, string>) => `${name} ${type}`).sort()
    assert.deepEqual(names, ['_monitoring system', '_tasks system'])
    const owners = await scene.ask('GET', `/api/v2/orgs/${id}/owners`)
    assert.deepEqual(
      owners.json.users.map(({ name }: { name: string }) => name),
      ['root'],
    )
    const taken = await scene.ask('POST', '/api/v2/orgs', { name: 'fresh' })
    assert.equal(refusal(taken), '422 organization with name fresh already exists')
  })

  test('memberships take any user, once', async () => {
    const id = await scene.makeUser('erin')
    const path = `/api/v2/orgs/${scene.orgID}/members`
    const added = await scene.ask('POST', path, { id })
    assert.deepEqual([added.status, added.json.role, added.json.name], [201, 'member', 'erin'])
    assert.equal((await scene.ask('POST', path, { id })).status, 500)
    // A second removal answers the same.
    for (let time = 0; time < 2; time++)
      assert.equal((await scene.ask('DELETE', `${path}/${id}`)).status, 204)
  })

  test('sessions: cookie, own rights, end', async () => {
    const headers = { authorization: basic('root', 'correct horse') }
    const wrong = { authorization: basic('root', 'wrong') }
    const refused = await scene.ask('POST', '/api/v2/signin', undefined, { token: null, headers: wrong })
    assert.equal(refusal(refused), '401 unauthorized access')
    const entered = await scene.ask('POST', '/api/v2/signin', undefined, { token: null, headers })
    assert.equal(entered.status, 204)
    const cookie = entered.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    const ask = (method: string, path: string) =>
      scene.ask(method, path, undefined, { token: null, headers: { cookie } })
    assert.equal((await ask('GET', '/api/v2/me')).json.name, 'root')
    assert.equal((await ask('GET', '/api/v2/config')).status, 200)
    assert.equal((await ask('POST', '/api/v2/signout')).status, 204)
    assert.equal((await ask('GET', '/api/v2/me')).status, 401)
  })

  test('configuration and backup need all permissions of the operator', async () => {
    const all = await scene.mint(operatorPermissions())
    const fewer = await scene.mint(operatorPermissions().slice(1))
    assert.equal((await scene.ask('GET', '/api/v2/config', undefined, { token: all })).status, 200)
    const config = await scene.ask('GET', '/api/v2/config', undefined, { token: fewer })
    assert.equal(refusal(config), '401 access to /api/v2/config requires operator permissions')
    for (const [method, path] of [
      ['GET', '/api/v2/backup/kv'],
      ['POST', '/api/v2/restore/kv'],
    ] as const) {
      const refused = await scene.ask(method, path, undefined, { token: fewer })
      assert.equal(refusal(refused), '401 read:authorizations is unauthorized')
    }
  })

  test('hole: a restore tells any caller whether a bucket of that name is there', async () => {
    const token = await scene.mint([permission('read', 'labels', { orgID: scene.orgID })])
    const ask = (bucketName: string) =>
      scene.ask(
        'POST',
        '/api/v2/restore/bucketMetadata',
        { organizationID: scene.orgID, bucketName, retentionPolicies: [] },
        { token },
      )
    assert.equal(refusal(await ask('b1')), '422 bucket with name b1 already exists')
    assert.equal(refusal(await ask('other')), '401 read:authorizations is unauthorized')
  })

  test('lists leave out what may not be read', async () => {
    const token = await scene.mint([
      permission('read', 'buckets', { id: scene.bucketID, orgID: scene.orgID }),
    ])
    const ask = async (path: string) => (await scene.ask('GET', path, undefined, { token })).json
    assert.deepEqual(
      (await ask('/api/v2/buckets')).buckets.map(({ name }: { name: string }) => name),
      ['b1'],
    )
    assert.deepEqual((await ask('/api/v2/orgs')).orgs, [])
    assert.deepEqual((await ask('/api/v2/users')).users, [])
    assert.deepEqual((await ask('/api/v2/authorizations')).authorizations, [])
    const me = await scene.ask('GET', '/api/v2/me', undefined, { token })
    assert.equal(refusal(me), `401 read:users/${scene.userID} is unauthorized`)
  })
})
