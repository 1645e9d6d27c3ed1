/** Every route by every role, in its own and in foreign organizations (ASVS 5.0 8.2.1 to 8.2.3, 8.4.1, 15.3.3). */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { fillIn } from '../conformance/matching.ts'
import { type OpenApi, operationsOf } from '../conformance/openapi.ts'
import { basic } from '../support/http.ts'
import { PASSWORD } from '../support/populate.ts'
import { type Attacked, cookie, startAttacked } from './attack.ts'
import { ENDS_SESSIONS, ROLES, type Role, RULES, SHOWS_TOKEN, SPEAKS_OAUTH } from './matrix.ts'
import { registeredRoutes } from './registered-routes.ts'

type Headers = Record<string, string>

let server: Attacked
let document: OpenApi
const people: Partial<Record<Role, Headers>> = {}
const ids = new Map<string, string>()
/** Operations whose response shows a token once. */
const answers: string[] = []
const secrets = new Set<string>()
const SESSIONS = ['member', 'owner', 'stranger'] as const
let n = 0

before(async () => {
  secrets.add(PASSWORD)
  server = await startAttacked()
  document = (await server.ask('GET', '/api/v2/openapi.json')).json
  for (const role of SESSIONS) ids.set(role, await server.addUser(role))
  await signInAgain()
  ids.set('own', await make('/api/v2/orgs', { name: 'of the stranger' }))
  await make('/api/v2/orgs/{{own}}/owners', { id: '{{stranger}}' })
  Object.assign(people, { nobody: {}, operator: server.operator })
})
after(() => server.stop())

async function make(path: string, json: unknown, who: Headers = server.operator): Promise<string> {
  const received = await server.ask('POST', fillIn(path, ids), fillIn<unknown>(json, ids), who)
  assert.equal(received.status, 201, received.text)
  if (received.json.token) secrets.add(received.json.token)
  return received.json.id
}

/** A fully furnished organization for a request that may change or delete it. */
async function makeTarget(): Promise<void> {
  n += 1
  ids.set('n', String(n))
  ids.set('user', await server.addUser(`target ${n}`))
  ids.set('org', await make('/api/v2/orgs', { name: `target ${n}` }))
  await make('/api/v2/orgs/{{org}}/members', { id: '{{member}}' })
  await make('/api/v2/orgs/{{org}}/owners', { id: '{{owner}}' })
  ids.set('bucket', await make('/api/v2/buckets', { name: 'target', orgID: '{{org}}' }))
  const bucket = { type: 'buckets', id: '{{bucket}}', orgID: '{{org}}' }
  const body = { orgID: '{{org}}', userID: '{{owner}}', permissions: [{ action: 'read', resource: bucket }] }
  const owner = people.owner ?? {}
  ids.set('token', await make('/api/v2/authorizations', body, owner))
  // Its name is no secret, though InfluxDB calls it token.
  const named = { ...body, token: `legacy ${n}` }
  const legacy = await server.ask(
    'POST',
    '/private/legacy/authorizations',
    fillIn<unknown>(named, ids),
    owner,
  )
  assert.equal(legacy.status, 201, legacy.text)
  ids.set('legacy', legacy.json.id)
  const { userID, ...own } = body
  const narrow = await server.ask('POST', '/api/v2/authorizations', fillIn<unknown>(own, ids), owner)
  assert.equal(narrow.status, 201, narrow.text)
  people.narrow = { authorization: `Token ${narrow.json.token}` }
  secrets.add(narrow.json.token)
}

/** The path of an operation on the target's resources. */
function pathOf(template: string): string {
  const kind = { users: 'user', orgs: 'org', buckets: 'bucket', authorizations: 'token' }
  if (template.startsWith('/private/legacy/')) return template.replace('{id}', '{{legacy}}')
  const type = template.split('/')[3] as keyof typeof kind
  const last = template.includes('/members/') ? '{{member}}' : '{{owner}}'
  return template
    .replace(/\{id\}/, template.includes('/me/') ? '0000000000000009' : `{{${kind[type]}}}`)
    .replace(/\{userID\}/, last)
    .replace(/\{(?:sessionID|invitationID|identityID)\}/, '0000000000000009')
}

/** Members, owners and strangers use sessions; each gets a new one. */
async function signInAgain(): Promise<void> {
  for (const role of SESSIONS) {
    people[role] = cookie(await server.enter({ name: role }))
    secrets.add(people[role].cookie?.split('=')[1] ?? '')
  }
}

test('every route answers every role by the rules', async () => {
  ids.set('password', PASSWORD)
  const wrong: string[] = []
  await makeTarget()
  for (const { method, path, operation } of operationsOf(document)) {
    const { operationId } = operation
    const rule = RULES[operationId]
    assert.ok(rule, `no rule for ${operationId}`)
    for (const [index, role] of ROLES.entries()) {
      const json = rule.json === undefined ? undefined : fillIn<unknown>(rule.json, ids)
      const bySession = rule.password && SESSIONS.some((each) => each === role)
      const headers = { ...people[role], ...(bySession ? { authorization: basic(role, PASSWORD) } : {}) }
      const received = await server.ask(method, fillIn(pathOf(path), ids), json, headers)
      const { status, text } = received
      if (status !== rule.statuses[index]) wrong.push(`${operationId} ${role}: ${status} ${text}`)
      if (status >= 400) {
        const members = SPEAKS_OAUTH.test(operationId) ? ['code', 'message', 'error'] : ['code', 'message']
        assert.deepEqual(Object.keys(received.json), members)
      }
      if (operationId !== 'PostSignin') answers.push(JSON.stringify(withoutOwnCookie(received.headers)))
      if (SHOWS_TOKEN.test(operationId) && status < 300) secrets.add(received.json.token)
      else answers.push(text)
      if (ENDS_SESSIONS.test(operationId) && status < 300) await signInAgain()
      else if (method !== 'GET' && status < 300) await makeTarget()
    }
  }
  assert.deepEqual(wrong, [])
})

/** The cookie of a renewed session is sent again, to its owner. */
function withoutOwnCookie({ 'set-cookie': _own, ...headers }: Record<string, unknown>) {
  return headers
}

test('no route is missing', () => {
  const named = registeredRoutes().map(({ method, url, operationId }) => operationId ?? `${method} ${url}`)
  // The check for Envoy answers trusted proxies only; test/forward-auth tries it.
  const envoy = ['', '/*'].map((end) => `GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS /api/v2/auth/ext-authz${end}`)
  const known = ['HeadPing', 'GET /api/v2/openapi.json', ...envoy, ...Object.keys(RULES)]
  assert.deepEqual(named.toSorted(), known.toSorted())
})

describe('a stranger', () => {
  const lists = (who: string) => [
    'users?limit=100',
    'orgs?limit=100',
    'buckets?limit=100',
    'authorizations',
    'orgs?orgID={{org}}',
    'buckets?orgID={{org}}',
    'buckets?id={{bucket}}',
    'authorizations?orgID={{org}}',
    `authorizations?userID={{${who}}}`,
    'users?id={{owner}}',
    'orgs?userID={{owner}}',
  ]

  test('sees nothing of another organization in any list', async () => {
    for (const path of lists('owner')) {
      const { text } = await server.ask('GET', `/api/v2/${fillIn(path, ids)}`, undefined, people.stranger)
      answers.push(text)
      // Links may repeat the query.
      const { links, ...rest } = JSON.parse(text)
      for (const name of ['bucket', 'token', 'user', 'owner', 'member']) {
        assert.ok(!JSON.stringify(rest).includes(`"id":"${ids.get(name)}"`), `${path}: ${name}`)
      }
      assert.ok(!text.includes('target'), `${path}: ${text}`)
    }
  })

  test('cannot change a foreign password, even with the right old one', async () => {
    const path = `/api/v2/users/${ids.get('owner')}/password`
    const headers = { ...people.stranger, authorization: basic('owner', PASSWORD) }
    const body = { password: 'a fine new horse' }
    assert.equal((await server.ask('PUT', path, body, headers)).status, 401)
    assert.equal((await server.enter({ name: 'owner' })).status, 204)
  })

  test('cannot grant themselves access to foreign resources', async () => {
    const own = ids.get('own')
    for (const resource of [
      { type: 'buckets', orgID: '{{org}}' },
      { type: 'buckets', id: '{{bucket}}' },
      { type: 'buckets', id: '{{bucket}}', orgID: own },
      { type: 'users', id: '{{owner}}', orgID: own },
      { type: 'orgs', id: '{{org}}', orgID: own },
      { type: 'authorizations', id: '{{token}}', orgID: own },
      { type: 'instance' },
      { type: 'users' },
    ]) {
      const body = { orgID: own, permissions: [{ action: 'write', resource }] }
      const { status } = await server.ask(
        'POST',
        '/api/v2/authorizations',
        fillIn(body, ids),
        people.stranger,
      )
      assert.equal(status, 403, JSON.stringify(resource))
    }
  })
})

test('read-only fields cannot be set', async () => {
  const FORGED = {
    id: '0000000000000077',
    createdAt: '2001-01-01T00:00:00Z',
    updatedAt: '2001-01-01T00:00:00Z',
    hashedToken: '$influxdb2-sha256$forged',
    token: 'forged token',
    hash: 'forged hash',
    password: 'forged horse',
    mustChange: false,
    userID: '{{stranger}}',
    orgID: '0000000000000077',
    org: 'forged',
    user: 'forged',
    type: 'system',
    role: 'owner',
    links: { self: 'forged' },
    permissions: [{ action: 'write', resource: { type: 'users' } }],
    expiresAt: '2001-01-01T00:00:00Z',
    lastUsedAt: '2001-01-01T00:00:00Z',
    __proto__: { status: 'forged' },
    constructor: { prototype: { status: 'forged' } },
  }
  for (const [path, name] of [
    ['users', 'user'],
    ['orgs', 'org'],
    ['buckets', 'bucket'],
    ['authorizations', 'token'],
  ] as const) {
    const at = `/api/v2/${path}/${ids.get(name)}`
    const { updatedAt: _before, ...before } = (await server.ask('GET', at)).json
    await server.ask('PATCH', at, fillIn<unknown>(FORGED, ids))
    const { updatedAt, ...after } = (await server.ask('GET', at)).json
    assert.deepEqual(after, before, path)
    assert.ok(!String(updatedAt).startsWith('2001'))
  }
  assert.equal((await server.enter({ name: `target ${n}`, password: FORGED.password })).status, 401)
  const { orgID } = server
  const permissions = [{ action: 'read', resource: { type: 'buckets', orgID } }]
  for (const [path, more] of [
    ['users', { name: 'forged user' }],
    ['orgs', { name: 'forged org' }],
    ['buckets', { name: 'forged bucket', orgID }],
    ['authorizations', { orgID, userID: server.userID, permissions, token: undefined, expiresAt: undefined }],
  ] as const) {
    const { status, json, text } = await server.ask('POST', `/api/v2/${path}`, { ...FORGED, ...more })
    assert.equal(status, 201, text)
    assert.notEqual(json.id, FORGED.id)
    for (const [key, value] of Object.entries(json)) {
      if (['name', 'orgID', 'userID', 'permissions'].includes(key)) continue
      assert.notDeepEqual(value, (FORGED as Record<string, unknown>)[key], `${path}.${key}`)
    }
  }
  const who = { authorization: `Token ${FORGED.token}` }
  assert.equal((await server.ask('GET', '/api/v2/me', undefined, who)).status, 401)
  assert.equal((await server.enter({ name: 'forged user', password: FORGED.password })).status, 401)
})

test('no response contains a secret or the hash of one', () => {
  secrets.add(server.operator.authorization.slice(6))
  assert.ok(answers.length > 600)
  for (const text of answers) {
    assert.doesNotMatch(text, /argon2|\$2[aby]\$|influxdb2-sha256|hashedToken|keyHash|"hash"/)
    for (const secret of secrets) assert.ok(!text.includes(secret), text)
  }
})
