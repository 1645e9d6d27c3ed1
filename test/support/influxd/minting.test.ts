/** Minting and the life of tokens, on the stand-in and, if INFLUXD names it, on the real server. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { permission } from './core/permissions.ts'
import { refusal, type Scene, startScene } from './scene.ts'

const MISSING = '0000000000000abc'

describe('minting', () => {
  let scene: Scene
  let other: string
  let foreign: string
  before(async () => {
    scene = await startScene()
    other = await scene.makeOrg('o2')
    foreign = await scene.makeBucket(other, 'x1')
  })
  after(() => scene?.stop())

  const mint = (body: object) => scene.ask('POST', '/api/v2/authorizations', body)
  const one = (resource: object, action = 'read') => ({
    orgID: scene.orgID,
    permissions: [{ action, resource }],
  })

  test('refusals name their reason', async () => {
    const org = scene.orgID
    const cases: readonly [object, string][] = [
      [
        one({ type: 'buckets', orgID: other }),
        `400 permission read:orgs/${other}/buckets is not for org id ${org}`,
      ],
      [
        one({ type: 'nonsense' }),
        '400 invalid resource type for permission: unknown resource type for permission',
      ],
      [
        one({ type: 'buckets' }, 'own'),
        '400 invalid action type for permission: unknown action for permission',
      ],
      [{ orgID: org, permissions: [] }, '400 authorization must include permissions'],
      [{ orgID: org }, '400 authorization must include permissions'],
      [{ permissions: one({ type: 'buckets' }).permissions }, '400 org id required: invalid ID'],
      [{ ...one({ type: 'buckets' }), orgID: MISSING }, '400 unable to create token'],
      [{ ...one({ type: 'buckets' }), userID: MISSING }, '400 unable to create token'],
      [
        { ...one({ type: 'buckets' }), userID: 'abc' },
        '400 invalid json structure: id must have a length of 16 bytes',
      ],
      [{ ...one({ type: 'buckets' }), userID: '0000000000000000' }, '400 invalid json structure: invalid ID'],
      [{ ...one({ type: 'buckets' }), status: 'asleep' }, '400 invalid status: must be active or inactive'],
      [
        one({ type: 'instance' }),
        '403 permission read:instance is not allowed: read:instance is unauthorized',
      ],
    ]
    for (const [body, expected] of cases) assert.equal(refusal(await mint(body)), expected)
  })

  test('accepted: foreign ids without organization, types alone, missing buckets, duplicates', async () => {
    for (const resource of [
      { type: 'buckets', id: foreign },
      { type: 'orgs', id: other },
      { type: 'buckets' },
      { type: 'orgs', id: scene.orgID, orgID: scene.orgID },
      { type: 'users', id: scene.userID },
      { type: 'buckets', id: MISSING, orgID: scene.orgID },
    ]) {
      assert.equal((await mint(one(resource))).status, 201, JSON.stringify(resource))
    }
    const twice = one({ type: 'buckets', orgID: scene.orgID })
    const { json } = await mint({ ...twice, permissions: [...twice.permissions, ...twice.permissions] })
    assert.equal(json.permissions.length, 2)
  })

  test('the chosen token is ignored, names are dropped, and the user is the caller by default', async () => {
    const resource = { type: 'buckets', id: scene.bucketID, orgID: scene.orgID, name: 'mine', org: 'mine' }
    const { status, json } = await mint({ ...one(resource), token: 'chosen', description: 'd' })
    assert.equal(status, 201)
    assert.notEqual(json.token, 'chosen')
    assert.equal(json.userID, scene.userID)
    assert.deepEqual([json.description, json.status, json.org, json.user], ['d', 'active', 'o1', 'root'])
    assert.deepEqual(json.permissions[0].resource, { ...resource, name: 'b1', org: 'o1' })
  })

  test('a token is shown once, and works until its deletion', async () => {
    const { json } = await mint(one({ type: 'buckets', orgID: scene.orgID }))
    const path = `/api/v2/authorizations/${json.id}`
    const shown = (await scene.ask('GET', path)).json.token
    assert.ok(!shown || shown === '', 'the token is shown again')
    assert.equal((await scene.ask('GET', '/api/v2/flags', undefined, { token: json.token })).status, 200)
    assert.equal((await scene.ask('DELETE', path)).status, 204)
    const later = await scene.ask('GET', '/api/v2/flags', undefined, { token: json.token })
    assert.equal(refusal(later), '401 unauthorized access')
    assert.equal(refusal(await scene.ask('DELETE', path)), '404 authorization not found')
  })

  test('an inactive token is refused differently for writes and reads, and still reads by id', async () => {
    await scene.write('b1', 'inactive v=1 1700000000000000000')
    const permissions = [
      permission('write', 'buckets', { orgID: scene.orgID }),
      permission('read', 'users', { id: scene.userID }),
    ]
    const { json } = await mint({ orgID: scene.orgID, permissions, status: 'inactive' })
    const { token } = json
    const write = await scene.ask('POST', `/api/v2/write?org=o1&bucket=b1`, 'm v=1', { token })
    assert.equal(refusal(write), '403 insufficient permissions for write: token is inactive')
    const me = await scene.ask('GET', '/api/v2/me', undefined, { token })
    assert.equal(refusal(me), '401 token is inactive')
    const script = `from(bucketID: "${scene.bucketID}") |> range(start: 0)`
    assert.match((await scene.flux(script, token)).text, /inactive/)
    const v1 = await scene.ask('GET', '/query?db=b1&q=SHOW+DATABASES', undefined, { token })
    assert.equal(refusal(v1), '401 Unauthorized')
  })

  test('the tokens of inactive and deleted users are refused', async () => {
    const userID = await scene.makeUser('carol')
    const permissions = [permission('read', 'buckets', { orgID: scene.orgID })]
    const token = await scene.mint(permissions, { userID })
    const ask = () => scene.ask('GET', '/api/v2/flags', undefined, { token })
    assert.equal((await ask()).status, 200)
    await scene.ask('PATCH', `/api/v2/users/${userID}`, { status: 'inactive' })
    assert.equal(refusal(await ask()), '403 User is inactive')
    await scene.ask('DELETE', `/api/v2/users/${userID}`)
    assert.equal(refusal(await ask()), '403 User is inactive')
    const v1 = await scene.ask('GET', '/query?db=b1&q=SHOW+DATABASES', undefined, { token })
    assert.equal(v1.status, 401)
  })

  test('a token hands on only what it holds', async () => {
    const permissions = [
      permission('write', 'authorizations', { orgID: scene.orgID }),
      permission('write', 'users', { id: scene.userID }),
    ]
    const token = await scene.mint(permissions)
    const wanted = one({ type: 'buckets', orgID: scene.orgID })
    const refused = await scene.ask('POST', '/api/v2/authorizations', wanted, { token })
    const name = `read:orgs/${scene.orgID}/buckets`
    assert.equal(refusal(refused), `403 permission ${name} is not allowed: ${name} is unauthorized`)
    const none = await scene.mint([permission('read', 'buckets', { orgID: scene.orgID })])
    const unable = await scene.ask('POST', '/api/v2/authorizations', wanted, { token: none })
    assert.equal(refusal(unable), `401 write:orgs/${scene.orgID}/authorizations is unauthorized`)
  })
})
