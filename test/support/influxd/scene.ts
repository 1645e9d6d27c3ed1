/** What the conformance suite asks of an upstream, real or stand-in: requests, tokens, organizations, queries. */
import { type Received, send } from '../http.ts'
import type { Permission } from './core/permissions.ts'
import { startUpstream, type Upstream } from './upstream.ts'

type Body = string | Buffer | object

export interface Scene extends Upstream {
  /** With the operator token, unless `token` or `headers.authorization` says otherwise; null for none. */
  ask(
    method: string,
    path: string,
    body?: Body,
    more?: { token?: string | null; headers?: Record<string, string> },
  ): Promise<Received>
  /** A token of the first user in `o1` with these permissions. */
  mint(permissions: readonly Permission[], more?: { userID?: string; orgID?: string }): Promise<string>
  makeOrg(name: string): Promise<string>
  makeBucket(orgID: string, name: string): Promise<string>
  makeUser(name: string): Promise<string>
  /** The answer to a script in `o1` as CSV, or the refusal. */
  flux(script: string, token?: string): Promise<Received>
  /** Lines into a bucket of `o1`, by the operator. */
  write(bucket: string, lines: string): Promise<void>
}

export async function startScene(): Promise<Scene> {
  const upstream = await startUpstream()
  const { url, operatorToken, orgID } = upstream

  const ask: Scene['ask'] = (method, path, body, { token = operatorToken, headers = {} } = {}) =>
    send(url, {
      method,
      path,
      headers: { ...(token !== null && { authorization: `Token ${token}` }), ...headers },
      body:
        body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    })

  async function made(path: string, body: object): Promise<Received['json']> {
    const { status, json, text } = await ask('POST', path, body)
    if (status !== 201) throw new Error(`POST ${path} answered ${status} ${text}`)
    return json
  }

  return {
    ...upstream,
    ask,
    async mint(permissions, more = {}) {
      return (await made('/api/v2/authorizations', { orgID, permissions, ...more })).token
    },
    makeOrg: async (name) => (await made('/api/v2/orgs', { name })).id,
    makeBucket: async (org, name) => (await made('/api/v2/buckets', { orgID: org, name })).id,
    makeUser: async (name) => (await made('/api/v2/users', { name })).id,
    flux: (script, token = operatorToken) =>
      ask('POST', `/api/v2/query?orgID=${orgID}`, script, {
        token,
        headers: { 'content-type': 'application/vnd.flux' },
      }),
    async write(bucket, lines) {
      const { status, text } = await ask('POST', `/api/v2/write?orgID=${orgID}&bucket=${bucket}`, lines)
      if (status !== 204) throw new Error(`the write answered ${status} ${text}`)
    },
  }
}

/** Status and message of a refusal, for one comparison. */
export function refusal({ status, json }: Received): string {
  return `${status} ${json?.message}`
}
