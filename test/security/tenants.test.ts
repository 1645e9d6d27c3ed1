/** Foreign ids in bodies, queries and paths of a caller's own routes (ASVS 5.0 8.2.2, 8.2.3, 8.4.1, 15.3.3). */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { basic } from '../support/http.ts'
import { PASSWORD } from '../support/populate.ts'
import { type Attacked, cookie, startAttacked } from './attack.ts'

type Headers = Record<string, string>

interface Tenant {
  readonly user: string
  readonly org: string
  readonly bucket: string
  readonly token: string
  readonly session: string
  readonly ways: readonly Headers[]
}

let server: Attacked
let own: Tenant
let foreign: Tenant

before(async () => {
  server = await startAttacked()
  own = await makeTenant('ben')
  foreign = await makeTenant('ann')
})
after(() => server.stop())

async function make(path: string, json: unknown, who?: Headers) {
  const received = await server.ask('POST', `/api/v2/${path}`, json, who)
  assert.equal(received.status, 201, received.text)
  return received.json
}

/** An owner of a fully furnished organization, with a session and an all-access token. */
async function makeTenant(name: string): Promise<Tenant> {
  const user = await server.addUser(name)
  const org = (await make('orgs', { name: `of ${name}` })).id
  await make(`orgs/${org}/owners`, { id: user })
  const who = cookie(await server.enter({ name }))
  const bucket = (await make('buckets', { name: 'theirs', orgID: org }, who)).id
  const permissions = ['buckets', 'authorizations', 'orgs'].flatMap((type) =>
    ['read', 'write'].map((action) => ({
      action,
      resource: type === 'orgs' ? { type, id: org } : { type, orgID: org },
    })),
  )
  const { id, token } = await make('authorizations', { orgID: org, permissions }, who)
  const { json } = await server.ask('GET', '/api/v2/me/sessions', undefined, who)
  const ways = [who, { authorization: `Token ${token}` }]
  return { user, org, bucket, token: id, session: json.sessions[0].id, ways }
}

/** Everything an operator sees of a tenant, without update times. */
async function stateOf({ user, org, bucket, token }: Tenant): Promise<string> {
  const paths = [`users/${user}`, `users/${user}/sessions`, `orgs/${org}`, `orgs/${org}/members`]
  paths.push(
    `orgs/${org}/owners`,
    `buckets/${bucket}`,
    `buckets/${bucket}/members`,
    `buckets/${bucket}/owners`,
  )
  paths.push(`buckets?orgID=${org}`, `authorizations/${token}`, `authorizations?orgID=${org}`)
  paths.push(`authorizations?userID=${user}`)
  const answers = await Promise.all(paths.map((path) => server.ask('GET', `/api/v2/${path}`)))
  return answers.map(({ text }) => text).join('\n')
}

describe('an owner of another organization', () => {
  const permissions = () => [{ action: 'read', resource: { type: 'buckets', orgID: own.org } }]
  const refused: [string, () => [string, string, object?]][] = [
    ['cannot create a bucket there', () => ['POST', 'buckets', { name: 'b', orgID: foreign.org }]],
    [
      'cannot create a token there',
      () => ['POST', 'authorizations', { orgID: foreign.org, permissions: permissions() }],
    ],
    [
      'cannot create a token of its user',
      () => ['POST', 'authorizations', { orgID: own.org, userID: foreign.user, permissions: permissions() }],
    ],
    [
      'cannot create a token for its resources',
      () => [
        'POST',
        'authorizations',
        {
          orgID: own.org,
          permissions: [
            { action: 'read', resource: { type: 'buckets', id: foreign.bucket, orgID: own.org } },
          ],
        },
      ],
    ],
    ['cannot join the organization', () => ['POST', `orgs/${foreign.org}/members`, { id: own.user }]],
    ['cannot become an owner', () => ['POST', `orgs/${foreign.org}/owners`, { id: own.user }]],
    ['cannot join a bucket', () => ['POST', `buckets/${foreign.bucket}/owners`, { id: own.user }]],
    ['cannot remove an owner', () => ['DELETE', `orgs/${foreign.org}/owners/${foreign.user}`]],
    ['cannot address a bucket as an organization', () => ['GET', `orgs/${foreign.bucket}/members`]],
    ['cannot rotate a token', () => ['POST', `authorizations/${foreign.token}/rotate`]],
    ['cannot end a session as their own', () => ['DELETE', `me/sessions/${foreign.session}`]],
    ['cannot end one by their own user', () => ['DELETE', `users/${own.user}/sessions/${foreign.session}`]],
    ['cannot end one by its user', () => ['DELETE', `users/${foreign.user}/sessions/${foreign.session}`]],
  ]
  for (const [what, request] of refused) {
    test(what, async () => {
      const before = await stateOf(foreign)
      for (const way of own.ways) {
        const [method, path, json] = request()
        const { status, text } = await server.ask(method, `/api/v2/${path}`, json, way)
        assert.ok([401, 403, 404].includes(status), `${status} ${text}`)
        assert.ok(!text.includes('ann'), text)
      }
      assert.equal(await stateOf(foreign), before)
    })
  }

  test('cannot move their own resources there, by any field of a body', async () => {
    const before = await stateOf(foreign)
    const there = {
      ...{ id: foreign.bucket, orgID: foreign.org, org: 'of ann', organizationID: foreign.org },
      ...{ userID: foreign.user, user: 'ann', ownerID: foreign.user, owner: foreign.user },
      links: { org: `/api/v2/orgs/${foreign.org}` },
    }
    const changes: [string, string, object][] = [
      ['PATCH', `buckets/${own.bucket}`, { description: 'b' }],
      ['PATCH', `orgs/${own.org}`, { description: 'b' }],
      ['POST', `authorizations/${own.token}/rotate`, { graceSeconds: 3600 }],
    ]
    for (const [method, path, json] of changes) {
      const {
        status,
        text,
        json: shown,
      } = await server.ask(method, `/api/v2/${path}`, { ...there, ...json }, own.ways[0])
      assert.equal(status, 200, text)
      assert.ok(!text.includes(foreign.org) && !text.includes(foreign.user) && !text.includes('ann'), text)
      assert.equal(shown.id, path.split('/')[1])
    }
    for (const moved of [
      { permissions: [{ action: 'write', resource: { type: 'buckets', orgID: foreign.org } }] },
      { orgID: foreign.org },
      { userID: foreign.user },
    ]) {
      const body = { description: 'b', ...moved }
      const refused = await server.ask('PATCH', `/api/v2/authorizations/${own.token}`, body, own.ways[0])
      assert.deepEqual([refused.status, refused.json.code], [400, 'invalid'], refused.text)
    }
    assert.equal(await stateOf(foreign), before)
  })

  test('cannot remove a foreign member through their own organization, where removing a non-member succeeds', async () => {
    const before = await stateOf(foreign)
    const path = `/api/v2/orgs/${own.org}/owners/${foreign.user}`
    assert.equal((await server.ask('DELETE', path, undefined, own.ways[0])).status, 204)
    assert.equal(await stateOf(foreign), before)
  })

  test('learns nothing of them by any filter', async () => {
    for (const filter of [
      `buckets?orgID=${foreign.org}`,
      'buckets?org=of%20ann',
      `buckets?id=${foreign.bucket}`,
      `authorizations?orgID=${foreign.org}`,
      `authorizations?userID=${foreign.user}`,
      `authorizations?id=${foreign.token}`,
      `orgs?orgID=${foreign.org}`,
      `orgs?userID=${foreign.user}`,
      'orgs?org=of%20ann',
      `users?id=${foreign.user}`,
      'users?name=ann',
      `audit?userID=${foreign.user}`,
    ]) {
      for (const way of own.ways) {
        const { status, json } = await server.ask('GET', `/api/v2/${filter}`, undefined, way)
        const { links, ...rest } = json
        if (status === 200) assert.deepEqual(Object.values(rest), [[]], filter)
        else assert.ok(status === 401 || status === 404, `${filter}: ${status}`)
      }
    }
  })

  test('may add a foreign user, as in InfluxDB, and gains no rights over that user', async () => {
    const taken = await make(`orgs/${own.org}/members`, { id: foreign.user }, own.ways[0])
    assert.equal(taken.role, 'member')
    for (const [method, path, json] of [
      ['GET', `users/${foreign.user}`],
      ['PATCH', `users/${foreign.user}`, { name: 'eve' }],
      ['POST', `users/${foreign.user}/password`, { password: 'chosen by ben' }],
      ['POST', 'authorizations', { orgID: own.org, userID: foreign.user, permissions: permissions() }],
    ] as const) {
      for (const way of own.ways) {
        const { status } = await server.ask(method, `/api/v2/${path}`, json, way)
        assert.ok(status === 401 || status === 403, `${method} ${path}: ${status}`)
      }
    }
  })
})

describe('unknown fields at routes with few parameters', () => {
  const FORGED = {
    ...{ role: 'owner', status: 'inactive', name: 'forged', createdAt: '2001-01-01T00:00:00Z' },
    ...{ token: 'forged token', hashedToken: 'forged', lastUsedAt: '2001-01-01T00:00:00Z' },
  }

  test('do not make a member an owner', async () => {
    const id = await server.addUser('carol')
    const added = await make(`orgs/${own.org}/members`, { ...FORGED, id, userID: own.user }, own.ways[0])
    assert.deepEqual([added.role, added.id, added.name, added.status], ['member', id, 'carol', 'active'])
    const { json } = await server.ask('GET', `/api/v2/orgs/${own.org}/owners`)
    assert.ok(json.users.every((each: { id: string }) => each.id !== id))
  })

  test('do not affect a rotated token', async () => {
    const path = `/api/v2/authorizations/${own.token}`
    const before = (await server.ask('GET', path)).json
    const { json } = await server.ask('POST', `${path}/rotate`, {
      ...FORGED,
      expiresAt: '2001-01-01T00:00:00Z',
    })
    assert.notEqual(json.token, FORGED.token)
    // An earlier rotation may have left a grace period, which ends with this one.
    const { updatedAt: _then, graceUntil: _ended, ...kept } = before
    const { updatedAt: _now, token: _new, ...rotated } = json
    assert.deepEqual({ ...rotated, token: '' }, kept)
  })

  test('do not make a password change affect anything else', async () => {
    const id = await server.addUser('dora')
    const json = { ...FORGED, id: own.user, userID: own.user, password: 'a fine new horse' }
    assert.equal((await server.ask('POST', `/api/v2/users/${id}/password`, json)).status, 204)
    const { name, status } = (await server.ask('GET', `/api/v2/users/${id}`)).json
    assert.deepEqual([name, status], ['dora', 'active'])
    assert.equal((await server.enter({ name: 'ben' })).status, 204)
    assert.equal((await server.enter({ name: 'dora', password: json.password })).status, 204)
  })

  test('do not affect a sign-in, which goes by its credentials', async () => {
    const received = await server.ask(
      'POST',
      '/api/v2/signin?userID=1&user=ada',
      { ...FORGED, userID: server.userID, remember: true, expiresAt: '2199-01-01T00:00:00Z' },
      { authorization: basic('ben', PASSWORD) },
    )
    const { json } = await server.ask('GET', '/api/v2/me', undefined, cookie(received))
    assert.equal(json.name, 'ben')
    const mine = await server.ask('GET', '/api/v2/me/sessions', undefined, cookie(received))
    const { remembered, createdAt } = mine.json.sessions.find((each: { current: boolean }) => each.current)
    assert.deepEqual([remembered, createdAt.slice(0, 4)], [false, '2026'])
  })
})
