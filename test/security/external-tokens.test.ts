/** Every route of the API with the signed token of an outside issuer: it never does more than its rules say. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fillIn } from '../conformance/matching.ts'
import { operationsOf } from '../conformance/openapi.ts'
import { type ExternalWorld, startExternal } from '../single-sign-on/external-world.ts'
import type { Received } from '../support/http.ts'
import { ROLES, RULES } from './matrix.ts'

const NARROW = 'system:serviceaccount:lab:narrow'
const WIDE = 'system:serviceaccount:lab:wide'

let world: ExternalWorld
const ids = new Map<string, string>()
before(async () => {
  world = await startExternal([
    { subject: NARROW, gives: ['analytics/engine:read'] },
    { subject: WIDE, gives: ['analytics/*:read', 'analytics/*:write'] },
  ])
  const { server } = world
  const user = await server.ask('POST', '/api/v2/users', { name: 'bob' })
  const token = await server.ask('GET', '/api/v2/authorizations')
  const permissions = [{ action: 'read', resource: { type: 'buckets', orgID: server.orgID } }]
  const legacy = await server.ask('POST', '/private/legacy/authorizations', {
    ...{ orgID: server.orgID, token: 'telegraf', permissions },
  })
  for (const [name, id] of [
    ['org', server.orgID],
    ['bucket', server.bucketID],
    ['owner', server.userID],
    ['user', user.json.id],
    ['token', token.json.authorizations[0].id],
    ['legacy', legacy.json.id],
    ['n', '1'],
    ['password', 'a fine new horse'],
  ]) {
    ids.set(name ?? '', id ?? '')
  }
})
after(() => world.stop())

function pathOf(template: string): string {
  const kind = { users: 'owner', orgs: 'org', buckets: 'bucket', authorizations: 'token' }
  const type = template.split('/')[3] as keyof typeof kind
  if (template.startsWith('/private/legacy/')) return template.replace('{id}', '{{legacy}}')
  return template
    .replace(/\{id\}/, template.includes('/me/') || !kind[type] ? '0000000000000009' : `{{${kind[type]}}}`)
    .replace(/\{userID\}/, '{{owner}}')
    .replaceAll(/(?<!\{)\{\w+\}/g, '0000000000000009')
}

async function everywhere(sub: string, see: (operationID: string, method: string, answer: Received) => void) {
  const token = await world.token({ sub })
  const { json: document } = await world.server.ask('GET', '/api/v2/openapi.json')
  for (const { method, path, operation } of operationsOf(document)) {
    const json = RULES[operation.operationId]?.json
    const body = json === undefined ? undefined : JSON.stringify(fillIn<unknown>(json, ids))
    see(operation.operationId, method, await world.as(token, method, fillIn(pathOf(path), ids), body))
  }
}

test('a token that reads one bucket is answered as a token of this server with that right', async () => {
  const at = ROLES.indexOf('narrow')
  const different: string[] = []
  await everywhere(NARROW, (operationID, _method, { status, text }) => {
    const expected = RULES[operationID]?.statuses[at]
    if (status !== expected) different.push(`${operationID} ${status} for ${expected}: ${text}`)
  })
  assert.equal(different.length, 1, different.join('\n'))
  assert.match(different.join(), /^GetMe 403 for 401: .*belongs to no user/)
})

test('a token with all buckets changes nothing else, and gets neither token nor session', async () => {
  const changed: string[] = []
  await everywhere(WIDE, (operationID, method, { status, headers, json }) => {
    assert.equal(headers['set-cookie'], undefined, operationID)
    assert.equal(json?.token, undefined, operationID)
    if (method !== 'GET' && method !== 'HEAD' && status < 300) changed.push(operationID)
  })
  // The last two begin a sign-in, as they do without any token; a person has to approve it.
  const begun = ['PostSigninCommandLine', 'PostSigninDevice']
  assert.deepEqual(changed.toSorted(), ['DeleteBucketsID', 'PatchBucketsID', 'PostBuckets', ...begun])
})
