/**
 * A server before a real InfluxDB 1.x that knows one administrator and no other user. The organization `analytics` has
 * the buckets a, b, c and a/second, whose databases hold marks of their own.
 */
import assert from 'node:assert/strict'
import {
  INFLUXDB1_ADMIN,
  INFLUXDB1_PASSWORD,
  type Influxdb1,
  influxdb1Program,
  startInfluxdb1,
} from '../../scripts/engines/influxdb1.ts'
import { type Received, send } from '../support/http.ts'
import { type SetUpServer, startSetUp } from '../support/populate.ts'

export const withoutInfluxdb1 =
  influxdb1Program() || process.env.CI === 'true' ? false : 'InfluxDB 1.x is missing (Debian: influxdb)'

export interface Influxdb1World extends SetUpServer {
  readonly influxdb: Influxdb1
  /** Ids by the bucket's name. */
  readonly buckets: Readonly<Record<string, string>>
  /** A new token with rights such as `read:a` and `write:a/second`; `manage` may create and delete buckets. */
  tokenWith(rights: readonly string[]): Promise<string>
  /** Sends InfluxQL by POST form with a token. */
  query(token: string, q: string, parameters?: Readonly<Record<string, string>>): Promise<Received>
  write(token: string, parameters: string, lines: string): Promise<Received>
}

export async function startInfluxdb1World(argv: readonly string[] = []): Promise<Influxdb1World> {
  const influxdb = await startInfluxdb1({ hasUsers: true })
  const server = await startSetUp([
    ...['--upstream-kind', 'influxdb1', '--upstream-url', influxdb.url, '--upstream-org', 'analytics'],
    ...['--upstream-username', INFLUXDB1_ADMIN, '--upstream-password', INFLUXDB1_PASSWORD, ...argv],
  ])
  const { ask, orgID, url } = server
  const buckets: Record<string, string> = { engine: server.bucketID }
  for (const name of ['a', 'b', 'c', 'a/second']) {
    const { status, json, text } = await ask('POST', '/api/v2/buckets', { orgID, name })
    assert.equal(status, 201, text)
    buckets[name] = json.id
  }
  for (const db of ['a', 'b', 'c']) {
    await influxdb.write(db, `m,mark=mark_${db} v=1,secret_${db}=2 1\nonly_${db},mark=mark_${db} v=3 2`)
  }
  await influxdb.write('a', 'm,mark=mark_second v=4 1', 'second')

  return {
    ...server,
    ...{ influxdb, buckets },
    async tokenWith(rights) {
      const permissions = rights.map((right) => {
        if (right === 'manage') return { action: 'write', resource: { type: 'buckets', orgID } }
        const [action, name = ''] = right.split(':')
        return { action, resource: { type: 'buckets', id: buckets[name], orgID } }
      })
      const { status, json, text } = await ask('POST', '/api/v2/authorizations', { orgID, permissions })
      assert.equal(status, 201, text)
      return json.token
    },
    query: (token, q, parameters = {}) =>
      send(url, {
        method: 'POST',
        path: '/query',
        headers: { authorization: `Token ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ ...parameters, q }).toString(),
      }),
    write: (token, parameters, lines) =>
      send(url, {
        method: 'POST',
        path: `/write?${parameters}`,
        headers: { authorization: `Token ${token}` },
        body: lines,
      }),
    async stop() {
      await server.stop()
      await influxdb.stop()
    },
  }
}
