/** Three organizations and their users, created through the API, for the tests of both deployments. */
import assert from 'node:assert/strict'
import { operatorPermissions } from '../../src/domain/access/grants.ts'
import { fillIn } from '../conformance/matching.ts'
import { basic, cookieOf, type Received, send } from '../support/http.ts'
import { type RunningServer, startServer } from '../support/server.ts'

export const DEPLOYMENTS = ['oss', 'cloud'] as const
export type Deployment = (typeof DEPLOYMENTS)[number]

export interface Ask {
  readonly method: string
  /** May contain names of ids, such as `{{second}}`; so may `json`. */
  readonly path: string
  readonly json?: unknown
}

export interface World {
  /** Ids of organizations, users, buckets and tokens by name, and the tokens themselves as `NAME.token`. */
  readonly ids: Map<string, string>
  readonly operator: Credentials
  ask(who: Credentials, ask: Ask): Promise<Received>
  /** Signs in with `password of NAME`, every user's password; `query` begins with a question mark. */
  signIn(name: string, query?: string, password?: string): Promise<Received>
  /** The same, for sign-ins that must succeed. */
  session(name: string, query?: string): Promise<Credentials>
  stop(): Promise<void>
}

export type Credentials = Readonly<Record<string, string>>

/**
 * Ada owns the instance and created all organizations, but left `third`. Bob is a member of `analytics` and owns
 * `second`, and has a token in each. Dora is a member of `analytics` and of one bucket of `second`. Frank belongs only
 * to that bucket, Eve to nothing. Mia is a member of `analytics` with an all-access token.
 */
export async function createWorld(deployment: Deployment): Promise<World> {
  const server = await startServer(['--deployment', deployment])
  try {
    return await populate(server)
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function populate(server: RunningServer): Promise<World> {
  const ids = new Map<string, string>()

  function ask(who: Credentials, { method, path, json }: Ask): Promise<Received> {
    const body = json === undefined ? undefined : JSON.stringify(fillIn(json, ids))
    return send(server.url, { method, path: fillIn(path, ids), headers: who, body })
  }

  async function made(who: Credentials, path: string, json: unknown): Promise<{ id: string; token: string }> {
    const received = await ask(who, { method: 'POST', path, json })
    assert.ok(received.status < 300, `POST ${path}: ${received.text}`)
    return received.json
  }

  function signIn(name: string, query = '', password = `password of ${name}`): Promise<Received> {
    const headers = { authorization: basic(name, password) }
    return send(server.url, { method: 'POST', path: `/api/v2/signin${fillIn(query, ids)}`, headers })
  }

  async function session(name: string, query?: string): Promise<Credentials> {
    const received = await signIn(name, query)
    assert.equal(received.status, 204, `${name} signs in: ${received.text}`)
    return { cookie: cookieOf(received) }
  }

  const first = { username: 'ada', password: 'password of ada', org: 'analytics', bucket: 'engine' }
  const setup = await send(server.url, { method: 'POST', path: '/api/v2/setup', body: JSON.stringify(first) })
  const { user, org, bucket, auth } = setup.json
  for (const [name, id] of [
    ['ada', user.id],
    ['analytics', org.id],
    ['engine', bucket.id],
  ])
    ids.set(name, id)
  const operator = { authorization: `Token ${auth.token}` }

  for (const name of ['bob', 'dora', 'frank', 'eve', 'mia']) {
    ids.set(name, (await made(operator, '/api/v2/users', { name })).id)
    const json = { password: `password of ${name}` }
    await ask(operator, { method: 'POST', path: `/api/v2/users/{{${name}}}/password`, json })
  }
  for (const name of ['second', 'third']) ids.set(name, (await made(operator, '/api/v2/orgs', { name })).id)
  await ask(operator, { method: 'DELETE', path: '/api/v2/orgs/{{third}}/owners/{{ada}}' })
  const metrics = { name: 'metrics', orgID: '{{second}}' }
  ids.set('metrics', (await made(operator, '/api/v2/buckets', metrics)).id)

  for (const [path, name] of [
    ['/api/v2/orgs/{{analytics}}/members', 'bob'],
    ['/api/v2/orgs/{{second}}/owners', 'bob'],
    ['/api/v2/orgs/{{analytics}}/members', 'dora'],
    ['/api/v2/orgs/{{analytics}}/members', 'mia'],
    ['/api/v2/buckets/{{metrics}}/members', 'dora'],
    ['/api/v2/buckets/{{metrics}}/members', 'frank'],
  ] as const) {
    await made(operator, path, { id: `{{${name}}}` })
  }
  const readsBuckets = (org: string) => [
    { action: 'read', resource: { type: 'buckets', orgID: `{{${org}}}` } },
  ]
  for (const [name, userID, orgID, permissions] of [
    ['token in analytics', '{{bob}}', '{{analytics}}', readsBuckets('analytics')],
    ['token in second', '{{bob}}', '{{second}}', readsBuckets('second')],
    ['token for anything', '{{mia}}', '{{analytics}}', operatorPermissions()],
  ] as const) {
    const input = { orgID, userID, description: name, permissions }
    const { id, token } = await made(operator, '/api/v2/authorizations', input)
    ids.set(name.replaceAll(' ', ''), id).set(`${name}.token`, token)
  }
  return { ids, operator, ask, signIn, session, stop: server.stop }
}

/** The names in a response: of the items of a list, or of the organizations in permissions. */
export function namesIn({ json }: Received, ids: ReadonlyMap<string, string>): string[] {
  const items = Array.isArray(json) ? json : Object.values(json).find(Array.isArray)
  assert.ok(items, 'the response is not a list')
  const names: string[] = items.flatMap((item: Record<string, never>) => nameOf(item, ids) ?? [])
  return [...new Set(names)].sort()
}

type Item = { name?: string; description?: string; resource?: { type: string; id?: string; orgID?: string } }

function nameOf({ name, description, resource }: Item, ids: ReadonlyMap<string, string>): string | undefined {
  if (!resource) return name ?? description
  const { type, id, orgID } = resource
  const about = orgID ?? (type === 'orgs' || type === 'buckets' ? id : undefined)
  if (type === 'instance') return 'instance'
  return about && [...ids].find(([, each]) => each === about)?.[0]
}
