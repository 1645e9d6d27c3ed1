/** A server with an upstream, and requests through its gateway. */
import assert from 'node:assert/strict'
import type { AuditEvent } from '../../src/domain/records/audit-event.ts'
import { type Received, send } from '../support/http.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'
import { type StubUpstream, startStubUpstream } from '../support/stub-upstream.ts'

type Headers = Readonly<Record<string, string>>

export interface TrafficWorld extends SetUpServer {
  readonly upstream: StubUpstream
  write(lines?: string, headers?: Headers): Promise<Received>
  query(flux?: string, headers?: Headers): Promise<Received>
  /** Deletes data of the bucket. */
  erase(predicate?: string, headers?: Headers): Promise<Received>
  /** All events of that kind that the log has, oldest first. */
  events(event: string, headers?: Headers): Promise<readonly AuditEvent[]>
  /** A token of `ada`. */
  makeToken(permissions: readonly object[], description?: string): Promise<{ id: string; headers: Headers }>
  stopAll(): Promise<void>
}

export async function startTraffic(
  argv: readonly string[] = [],
  options: Parameters<typeof startSetUp>[1] = {},
): Promise<TrafficWorld> {
  const upstream = await startStubUpstream()
  const server = await startSetUp([...upstream.argv, ...argv], options)
  const { url, operator, orgID, bucketID } = server
  const post = (path: string, body: string, headers: Headers) =>
    send(url, { method: 'POST', path, headers, body })
  return {
    ...{ ...server, upstream },
    write: (lines = 'm f=1', headers = operator) =>
      post(`/api/v2/write?orgID=${orgID}&bucket=${bucketID}`, lines, headers),
    query: (flux = 'buckets()', headers = operator) =>
      post(`/api/v2/query?orgID=${orgID}`, JSON.stringify({ query: flux }), {
        'content-type': 'application/json',
        ...headers,
      }),
    erase: (predicate = '_measurement="m"', headers = operator) =>
      post(
        `/api/v2/delete?orgID=${orgID}&bucketID=${bucketID}`,
        JSON.stringify({ start: '2026-01-01T00:00:00Z', stop: '2026-01-02T00:00:00Z', predicate }),
        headers,
      ),
    async events(event, headers) {
      const { status, json, text } = await server.ask(
        ...(['GET', `/api/v2/audit?event=${event}&descending=false&limit=100`, undefined, headers] as const),
      )
      assert.equal(status, 200, text)
      return json.events
    },
    async makeToken(permissions, description = '') {
      const body = { orgID, permissions, description }
      const { status, json, text } = await server.ask('POST', '/api/v2/authorizations', body)
      assert.equal(status, 201, text)
      return { id: json.id, headers: { authorization: `Token ${json.token}` } }
    },
    async stopAll() {
      await server.stop()
      await upstream.stop()
    },
  }
}
