/** Concurrent requests: what may happen once happens once, and a change is visible at once. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Received, send } from '../support/http.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'
import { startServer } from '../support/server.ts'

const MANY = 20

function times(count: number, ask: (n: number) => Promise<Received>): Promise<Received[]> {
  return Promise.all(Array.from({ length: count }, (_, n) => ask(n)))
}

function countOf(received: readonly Received[], status: number): number {
  return received.filter((each) => each.status === status).length
}

test('exactly one of many concurrent setups succeeds', async () => {
  const server = await startServer()
  try {
    const received = await times(8, (n) =>
      send(server.url, {
        method: 'POST',
        path: '/api/v2/setup',
        body: JSON.stringify({
          username: `user ${n}`,
          password: 'correct horse 1',
          org: `org ${n}`,
          bucket: 'b',
        }),
      }),
    )
    assert.deepEqual([countOf(received, 201), countOf(received, 422)], [1, 7])
    const made = received.find(({ status }) => status === 201)
    const headers = { authorization: `Token ${made?.json.auth.token}` }
    const users = await send(server.url, { method: 'GET', path: '/api/v2/users', headers })
    assert.deepEqual(
      users.json.users.map(({ id }: { id: string }) => id),
      [made?.json.user.id],
    )
  } finally {
    await server.stop()
  }
})

describe('on a server that is set up', () => {
  let server: SetUpServer
  before(async () => {
    server = await startSetUp()
  })
  after(() => server.stop())

  test('exactly one of many concurrent requests gets a name', async () => {
    for (const [path, body] of [
      ['users', { name: 'taken' }],
      ['orgs', { name: 'taken' }],
      ['buckets', { name: 'taken', orgID: server.orgID }],
    ] as const) {
      const received = await times(MANY, () => server.ask('POST', `/api/v2/${path}`, body))
      assert.deepEqual([countOf(received, 201), countOf(received, 422)], [1, MANY - 1], path)
    }
  })

  test('concurrent creations all get different ids', async () => {
    const received = await times(MANY, (n) => server.ask('POST', '/api/v2/users', { name: `user ${n}` }))
    assert.equal(new Set(received.map(({ json }) => json.id)).size, MANY)
  })

  test('exactly one of many concurrent sign-outs of a session succeeds', async () => {
    const session = await server.session()
    const received = await times(MANY, () => server.ask('POST', '/api/v2/signout', undefined, session))
    assert.deepEqual([countOf(received, 204), countOf(received, 401)], [1, MANY - 1])
  })

  test('a removed member has no access from the next request on, even under load', async () => {
    const bob = (await server.ask('POST', '/api/v2/users', { name: 'bob' })).json.id
    await server.ask('POST', `/api/v2/users/${bob}/password`, { password: 'password of bob' })
    const session = await server.session('bob', 'password of bob')
    const members = `/api/v2/orgs/${server.orgID}/members`
    const look = () => server.ask('GET', `/api/v2/buckets/${server.bucketID}`, undefined, session)
    for (let round = 0; round < 10; round += 1) {
      await server.ask('POST', members, { id: bob })
      assert.equal((await look()).status, 200)
      const meanwhile = times(MANY, look)
      assert.equal((await server.ask('DELETE', `${members}/${bob}`)).status, 204)
      assert.equal((await look()).status, 401, `round ${round}`)
      await meanwhile
      assert.equal((await look()).status, 401, `round ${round}, afterwards`)
    }
  })

  test('no session of a user survives deactivation, not even one that is just starting', async () => {
    const carol = (await server.ask('POST', '/api/v2/users', { name: 'carol' })).json.id
    await server.ask('POST', `/api/v2/users/${carol}/password`, { password: 'password of carol' })
    const signingIn = times(5, () => server.signIn('carol', 'password of carol'))
    await server.ask('PATCH', `/api/v2/users/${carol}`, { status: 'inactive' })
    for (const { status, headers } of await signingIn) {
      assert.ok(status === 204 || status === 403, String(status))
      const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? 'influxdb-oss-session=none'
      assert.equal((await server.ask('GET', '/api/v2/me', undefined, { cookie })).status, 401)
    }
  })
})
