/** The notation of ids, and the refusal of malformed ones. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type SetUpServer, startSetUp } from '../support/populate.ts'

let server: SetUpServer
before(async () => {
  server = await startSetUp()
})
after(() => server.stop())

describe('an id is refused that', () => {
  const LENGTH = 'id must have a length of 16 bytes'
  const malformed: [string, string, string][] = [
    ['is too short', 'abc', LENGTH],
    ['is too long', '00000000000000001', LENGTH],
    ['has 16 characters and more bytes', 'äääääääääääääääé', LENGTH],
    ['has a sign', '-000000000000001', 'invalid ID'],
    ['is not hexadecimal', 'xyzxyzxyzxyzxyzx', 'invalid ID'],
    ['is zero', '0000000000000000', 'invalid ID'],
    ['has 16 bytes in fewer characters', 'ääääääää', 'invalid ID'],
  ]
  const places: [string, string][] = [
    ['GET', '/api/v2/users/{id}'],
    ['DELETE', '/api/v2/orgs/{id}'],
    ['GET', '/api/v2/buckets/{id}'],
    ['GET', '/api/v2/authorizations/{id}'],
    ['GET', '/api/v2/orgs/{id}/members'],
    ['DELETE', '/api/v2/orgs/0000000000000001/owners/{id}'],
    ['GET', '/api/v2/users?id={id}'],
    ['GET', '/api/v2/buckets?orgID={id}'],
    ['GET', '/api/v2/authorizations?userID={id}'],
  ]
  for (const [name, id, message] of malformed) {
    test(name, async () => {
      for (const [method, place] of places) {
        const path = place.replace('{id}', encodeURIComponent(id))
        const { status, json } = await server.ask(method, path)
        assert.deepEqual([status, json], [400, { code: 'invalid', message }], `${method} ${path}`)
      }
      const bodies: [string, object][] = [
        ['buckets', { orgID: id, name: 'x' }],
        [`orgs/${server.orgID}/members`, { id }],
        ['authorizations', { orgID: id, permissions: [] }],
        [
          'authorizations',
          { orgID: server.orgID, permissions: [{ action: 'read', resource: { type: 'users', id } }] },
        ],
      ]
      for (const [path, body] of bodies) {
        const { status, json } = await server.ask('POST', `/api/v2/${path}`, body)
        assert.equal(status, 400, path)
        // Some routes prefix the message with what the body was parsed as.
        assert.ok(json.message.endsWith(message), `${path}: ${json.message}`)
      }
    })
  }
})

describe('an id in upper case is accepted', () => {
  test('in paths and queries', async () => {
    const [user, org, bucket] = [server.userID, server.orgID, server.bucketID].map((id) => id.toUpperCase())
    for (const path of [
      `users/${user}`,
      `users/${user}/permissions`,
      `orgs/${org}`,
      `orgs/${org}/owners`,
      `buckets/${bucket}`,
      `buckets/${bucket}/members`,
      `users?id=${user}`,
      `users?after=${user}`,
      `orgs?orgID=${org}`,
      `buckets?orgID=${org}`,
      `authorizations?userID=${user}&orgID=${org}`,
    ]) {
      const upper = await server.ask('GET', `/api/v2/${path}`)
      const lower = await server.ask(
        'GET',
        `/api/v2/${path.replaceAll(/[0-9A-F]{16}/g, (id) => id.toLowerCase())}`,
      )
      assert.deepEqual([upper.status, upper.text], [200, lower.text], path)
    }
  })

  test('in bodies, and is returned in lower case', async () => {
    const orgID = server.orgID.toUpperCase()
    const bucket = await server.ask('POST', '/api/v2/buckets', { orgID, name: 'upper' })
    assert.equal(bucket.json.orgID, server.orgID)
    const resource = { type: 'buckets', id: server.bucketID.toUpperCase(), orgID }
    const input = { orgID, userID: server.userID.toUpperCase(), permissions: [{ action: 'read', resource }] }
    const { json } = await server.ask('POST', '/api/v2/authorizations', input)
    assert.deepEqual([json.orgID, json.userID], [server.orgID, server.userID])
    assert.deepEqual(
      [json.permissions[0].resource.id, json.permissions[0].resource.name],
      [server.bucketID, 'engine'],
    )
  })
})

test('ids ascend with creation', async () => {
  const ids: string[] = []
  for (let n = 0; n < 20; n += 1)
    ids.push((await server.ask('POST', '/api/v2/users', { name: `u${n}` })).json.id)
  assert.deepEqual(ids, ids.toSorted())
  assert.ok(ids.every((id) => id > server.userID && /^[0-9a-f]{16}$/.test(id)))
})
