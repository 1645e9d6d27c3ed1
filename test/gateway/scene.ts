/**
 * A server before an InfluxDB 2 (the binary that INFLUXD names, else the stand-in), both set up by one setup. There are
 * two organizations, A with the buckets `b1` and `b2`, and B with `bb`; and the databases d1 and d2 for `b1` and `b2`.
 */
import assert from 'node:assert/strict'
import { type Received, send } from '../support/http.ts'
import { startUpstream, type Upstream } from '../support/influxd/upstream.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'

export interface GatewayScene extends SetUpServer {
  readonly upstream: Upstream
  /** The ids behind the names that cases use. */
  readonly ids: Readonly<Record<'A' | 'B' | 'B1' | 'B2' | 'BB', string>>
  /** A new token of the first user with permissions such as `write:orgs/A/buckets/B1`, in the organization A. */
  tokenWith(permissions: readonly string[]): Promise<string>
  /** Replaces the names of organizations in a query, and `<id B1>` and the like, by what they are here. */
  resolved(text: string): string
  /** Asks upstream itself, as its operator. */
  askUpstream(method: string, path: string, body?: unknown): Promise<Received>
  /** How many rows of `m` a bucket has upstream. */
  rowsIn(bucketID: string, orgID?: string): Promise<number>
}

export async function startGateway(argv: readonly string[] = []): Promise<GatewayScene> {
  const upstream = await startUpstream({ isSetUp: false })
  const { url, operatorToken } = upstream
  const server = await startSetUp(['--upstream-url', url, '--upstream-token', operatorToken, ...argv])
  const { ask, orgID: A } = server

  async function made(path: string, body: object): Promise<string> {
    const { status, json, text } = await ask('POST', path, body)
    assert.equal(status, 201, text)
    return json.id
  }
  const B = await made('/api/v2/orgs', { name: 'B' })
  const [B1, B2, BB] = [
    await made('/api/v2/buckets', { orgID: A, name: 'b1' }),
    await made('/api/v2/buckets', { orgID: A, name: 'b2' }),
    await made('/api/v2/buckets', { orgID: B, name: 'bb' }),
  ]
  for (const [database, bucketID] of [['d1', B1] as const, ['d2', B2] as const]) {
    const mapping = { orgID: A, bucketID, database, retention_policy: 'autogen', default: true }
    assert.equal((await ask('POST', '/api/v2/dbrps', mapping)).status, 201)
  }
  const ids = { A, B, B1, B2, BB }

  function permissionOf(text: string): object {
    const [action, path = ''] = text.split(':')
    const parts = path.split('/')
    const inOrganization = parts[0] === 'orgs' && parts.length > 2
    const org = inOrganization ? { orgID: idOf(parts[1]) } : {}
    const [type, id] = inOrganization ? parts.slice(2) : parts
    return { action, resource: { type, ...(id ? { id: idOf(id) } : {}), ...org } }
  }
  const idOf = (name = ''): string => ids[name as keyof typeof ids] ?? name

  const askUpstream: GatewayScene['askUpstream'] = (method, path, body) =>
    send(url, {
      method,
      path,
      headers: { authorization: `Token ${operatorToken}` },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    })

  return {
    ...server,
    ...{ upstream, ids, askUpstream },
    async tokenWith(permissions) {
      const body = { orgID: A, permissions: permissions.map(permissionOf) }
      const { status, json, text } = await ask('POST', '/api/v2/authorizations', body)
      assert.equal(status, 201, text)
      return json.token
    },
    resolved: (text) =>
      text
        .replaceAll(/<id (A|B|B1|B2|BB)(?: of org B)?>/g, (_, name) => idOf(name))
        .replaceAll(/\borg=A\b/g, 'org=analytics'),
    async rowsIn(bucketID, orgID = A) {
      const flux = `from(bucketID: "${bucketID}") |> range(start: 0)`
      const { text } = await askUpstream('POST', `/api/v2/query?orgID=${orgID}`, { query: flux })
      return text.split('\r\n').filter((line) => line.startsWith(',_result')).length
    },
    async stop() {
      await server.stop()
      await upstream.stop()
    },
  }
}
