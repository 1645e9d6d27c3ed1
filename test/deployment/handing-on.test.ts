/** A token never allows what its creator may not do, and lost or gained rights apply at once. In both deployments. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Credentials, createWorld, DEPLOYMENTS, namesIn, type World } from './world.ts'

/** The permission names one of Bob's organizations together with an id outside of it. */
const ELSEWHERE = [
  {
    does: 'set the password of anybody',
    type: 'users',
    id: '{{ada}}',
    path: 'users/{{ada}}/password',
    method: 'POST',
  },
  { does: 'rename anybody', type: 'users', id: '{{ada}}', path: 'users/{{ada}}', method: 'PATCH' },
  {
    does: 'rename a bucket of another organization',
    type: 'buckets',
    id: '{{engine}}',
    path: 'buckets/{{engine}}',
    method: 'PATCH',
  },
  {
    does: 'rename another organization',
    type: 'orgs',
    id: '{{analytics}}',
    path: 'orgs/{{analytics}}',
    method: 'PATCH',
  },
] as const

for (const deployment of DEPLOYMENTS) {
  describe(`deployment ${deployment}:`, () => {
    let world: World
    let bob: Credentials
    before(async () => {
      world = await createWorld(deployment)
      bob = await world.session('bob', '?org=second')
    })
    after(() => world.stop())

    async function createToken(permissions: object[]): Promise<Credentials | undefined> {
      const json = { orgID: '{{second}}', permissions }
      const received = await world.ask(bob, { method: 'POST', path: '/api/v2/authorizations', json })
      assert.ok([201, 403].includes(received.status), received.text)
      return received.status === 201 ? { authorization: `Token ${received.json.token}` } : undefined
    }

    for (const { does, type, id, path, method } of ELSEWHERE) {
      test(`the owner of one organization cannot, by a token or with it, ${does}`, async () => {
        const resource = { type, id, orgID: '{{second}}' }
        const token = await createToken([
          { action: 'write', resource },
          { action: 'read', resource },
        ])
        const json = method === 'POST' ? { password: 'password of bob' } : { name: 'mine' }
        for (const who of [bob, ...(token ? [token] : [])]) {
          const received = await world.ask(who, { method, path: `/api/v2/${path}`, json })
          assert.equal(received.status, 401, received.text)
        }
      })
    }

    test('a token for one bucket of the organization gives access to that bucket', async () => {
      const resource = { type: 'buckets', id: '{{metrics}}', orgID: '{{second}}' }
      const token = await createToken([{ action: 'read', resource }])
      assert.ok(token)
      const buckets = await world.ask(token, { method: 'GET', path: '/api/v2/buckets' })
      assert.deepEqual(namesIn(buckets, world.ids), ['metrics'])
    })

    test('a token is not confined like a session: it gives access to its own organization', async () => {
      const token = { authorization: `Token ${world.ids.get('token in analytics.token')}` }
      const buckets = await world.ask(token, {
        method: 'GET',
        path: '/api/v2/buckets?org=analytics&name=engine',
      })
      assert.deepEqual(namesIn(buckets, world.ids), ['engine'])
    })

    test('the session of a removed member sees nothing of the organization from then on', async () => {
      const path = '/api/v2/orgs/{{second}}/owners/{{bob}}'
      assert.equal((await world.ask(world.operator, { method: 'DELETE', path })).status, 204)
      assert.equal((await world.ask(bob, { method: 'GET', path: '/api/v2/orgs/{{second}}' })).status, 401)
      const orgs = await world.ask(bob, { method: 'GET', path: '/api/v2/orgs' })
      assert.deepEqual(namesIn(orgs, world.ids), deployment === 'oss' ? ['analytics'] : [])
      const me = await world.ask(bob, { method: 'GET', path: '/api/v2/me' })
      assert.equal(me.json.name, 'bob')
    })

    test('new rights in the session’s organization apply at once, and new rights elsewhere only in oss', async () => {
      for (const name of ['analytics', 'third']) {
        const path = `/api/v2/orgs/{{${name}}}/owners`
        await world.ask(world.operator, { method: 'DELETE', path: `${path}/{{bob}}` })
        await world.ask(world.operator, { method: 'POST', path, json: { id: '{{bob}}' } })
        const change = { method: 'PATCH', path: `/api/v2/orgs/{{${name}}}`, json: { description: 'ours' } }
        assert.equal((await world.ask(bob, change)).status, deployment === 'oss' ? 200 : 401)
      }
      const dora = await world.session('dora')
      const create = {
        method: 'POST',
        path: '/api/v2/buckets',
        json: { orgID: '{{analytics}}', name: 'hers' },
      }
      assert.equal((await world.ask(dora, create)).status, 401)
      const owners = '/api/v2/orgs/{{analytics}}/owners'
      await world.ask(world.operator, { method: 'DELETE', path: `${owners}/{{dora}}` })
      await world.ask(world.operator, { method: 'POST', path: owners, json: { id: '{{dora}}' } })
      assert.equal((await world.ask(dora, create)).status, 201)
    })
  })
}
