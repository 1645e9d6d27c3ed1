/** A server in front of an InfluxDB that both have the first user `root`, organization `o1` and bucket `b1`. */
import assert from 'node:assert/strict'
import { type Received, send } from '../support/http.ts'
import { ROOT } from '../support/influxd/set-up.ts'
import type { Upstream } from '../support/influxd/upstream.ts'
import { type RunningServer, startServer } from '../support/server.ts'

type Ask = (method: string, path: string, json?: unknown) => Promise<Received>

export interface MirroredServer extends RunningServer {
  readonly upstream: Upstream
  readonly userID: string
  readonly orgID: string
  readonly bucketID: string
  readonly token: string
  /** A request to the server as its operator. */
  readonly ask: Ask
  /** A request to the InfluxDB itself as its operator. */
  readonly there: Ask
}

export function upstreamFlags({ url, operatorToken }: Pick<Upstream, 'url' | 'operatorToken'>): string[] {
  return ['--upstream-url', url, '--upstream-token', operatorToken]
}

export function asker(url: string, token: string): Ask {
  return (method, path, json) =>
    send(url, {
      ...{ method, path, headers: { authorization: `Token ${token}` } },
      body: json === undefined ? undefined : JSON.stringify(json),
    })
}

export async function startMirrored(
  upstream: Upstream,
  argv: readonly string[] = [],
): Promise<MirroredServer> {
  const server = await startServer([...upstreamFlags(upstream), ...argv])
  const { name: username, ...rest } = ROOT
  const body = JSON.stringify({ username, ...rest })
  const made = await send(server.url, { method: 'POST', path: '/api/v2/setup', body })
  assert.equal(made.status, 201, made.text)
  const { token } = made.json.auth
  return {
    ...{ ...server, upstream, token },
    ...{ userID: made.json.user.id, orgID: made.json.org.id, bucketID: made.json.bucket.id },
    ask: asker(server.url, token),
    there: asker(upstream.url, upstream.operatorToken),
  }
}
