/** A server before a real VictoriaMetrics. The organization `analytics` has the buckets a, b and `c d."x|y`, with a series each. */
import assert from 'node:assert/strict'
import {
  startVictoriaMetrics,
  type VictoriaMetrics,
  victoriaMetricsProgram,
} from '../../scripts/engines/victoria-metrics.ts'
import { type Received, send } from '../support/http.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'

export const withoutVictoriaMetrics =
  victoriaMetricsProgram() || process.env.CI === 'true'
    ? false
    : 'VictoriaMetrics is missing (Debian: victoria-metrics)'

/** A name that means more in a filter than itself. */
export const STRANGE = 'c d.x|y\\'

export interface VictoriaMetricsWorld extends SetUpServer {
  readonly metrics: VictoriaMetrics
  readonly buckets: Readonly<Record<string, string>>
  /** A new token with rights such as `read:a` and `write:a`. */
  tokenWith(rights: readonly string[]): Promise<string>
  send(
    token: string,
    method: string,
    path: string,
    body?: string | Buffer,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Received>
  /** Makes what was written visible. */
  flush(): Promise<void>
}

export async function startVictoriaMetricsWorld(argv: readonly string[] = []): Promise<VictoriaMetricsWorld> {
  const metrics = await startVictoriaMetrics()
  const server = await startSetUp([
    ...['--upstream-kind', 'victoriametrics', '--upstream-url', metrics.url, '--upstream-org', 'analytics'],
    ...argv,
  ])
  const { ask, orgID, url } = server
  const buckets: Record<string, string> = {}
  // Queries see nothing of the last second.
  const at = `${Date.now() - 30_000}000000`
  for (const name of ['a', 'b', STRANGE]) {
    const { status, json, text } = await ask('POST', '/api/v2/buckets', { orgID, name })
    assert.equal(status, 201, text)
    buckets[name] = json.id
    const written = await metrics.ask(
      'POST',
      `/write?extra_label=${encodeURIComponent(`db=${name}`)}`,
      `cpu,mark=mark_${name[0]} v=1 ${at}\nonly_${name[0]},host=host_${name[0]} v=2 ${at}`,
    )
    assert.equal(written.status, 204, written.text)
  }
  const flush = async () => void (await metrics.ask('GET', '/internal/force_flush'))
  await flush()
  return {
    ...server,
    ...{ metrics, buckets, flush },
    async tokenWith(rights) {
      const permissions = rights.map((right) => {
        const [action, name = ''] = right.split(':')
        return { action, resource: { type: 'buckets', id: buckets[name], orgID } }
      })
      const { status, json, text } = await ask('POST', '/api/v2/authorizations', { orgID, permissions })
      assert.equal(status, 201, text)
      return json.token
    },
    send: (token, method, path, body, headers = {}) =>
      send(url, { method, path, body, headers: { authorization: `Token ${token}`, ...headers } }),
    async stop() {
      await server.stop()
      await metrics.stop()
    },
  }
}
