/** A server after setup, and requests to it in one line. */
import assert from 'node:assert/strict'
import { basic, cookieOf, type Received, send } from './http.ts'
import { type RunningServer, startServer } from './server.ts'

export const PASSWORD = 'correct horse 1'

export interface SetUpServer extends RunningServer {
  readonly operator: { readonly authorization: string }
  readonly userID: string
  readonly orgID: string
  readonly bucketID: string
  /** Sends a request as the operator, unless `headers` override that. */
  ask(
    method: string,
    path: string,
    json?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Received>
  /** Signs in as `ada` or as the given user. */
  signIn(name?: string, password?: string): Promise<Received>
  /** The session cookie from a sign-in that must succeed. */
  session(name?: string, password?: string): Promise<{ cookie: string }>
}

/** Starts a server with the user `ada`, the organization `analytics` and the bucket `engine`. */
export async function startSetUp(...parameters: Parameters<typeof startServer>): Promise<SetUpServer> {
  const server = await startServer(...parameters)
  const { url } = server
  const first = { username: 'ada', password: PASSWORD, org: 'analytics', bucket: 'engine' }
  const setup = await send(url, { method: 'POST', path: '/api/v2/setup', body: JSON.stringify(first) })
  assert.equal(setup.status, 201, setup.text)
  const operator = { authorization: `Token ${setup.json.auth.token}` }

  function signIn(name = 'ada', password = PASSWORD): Promise<Received> {
    const headers = { authorization: basic(name, password) }
    return send(url, { method: 'POST', path: '/api/v2/signin', headers })
  }

  return {
    ...server,
    operator,
    userID: setup.json.user.id,
    orgID: setup.json.org.id,
    bucketID: setup.json.bucket.id,
    ask: (method, path, json, headers = operator) =>
      send(url, { method, path, headers, body: json === undefined ? undefined : JSON.stringify(json) }),
    signIn,
    async session(name, password) {
      const received = await signIn(name, password)
      assert.equal(received.status, 204, received.text)
      return { cookie: cookieOf(received) }
    },
  }
}
