/** The API calls that process tests need. */
import assert from 'node:assert/strict'
import { send } from '../support/http.ts'

export const PASSWORD = 'correct horse battery'
const SETUP = { username: 'ada', password: PASSWORD, org: 'works', bucket: 'points' }

export interface SetUp {
  readonly token: string
  readonly userID: string
  readonly orgID: string
}

/** Sets up a server; `ada` has the password above. */
export async function setUpServer(url: string): Promise<SetUp> {
  const { status, json, text } = await post(url, '/api/v2/setup', {}, SETUP)
  assert.equal(status, 201, text)
  return { token: json.auth.token, userID: json.user.id, orgID: json.org.id }
}

export const bearer = (token: string) => ({ authorization: `Token ${token}` })

export const basic = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
})

export function post(url: string, path: string, headers: Record<string, string> = {}, body?: object) {
  return send(url, { method: 'POST', path, headers, body: body && JSON.stringify(body) })
}

export function get(url: string, path: string, headers: Record<string, string> = {}) {
  return send(url, { method: 'GET', path, headers })
}

/** The response to a sign-in, and the cookie header for later requests. */
export async function signIn(url: string, name = 'ada', password = PASSWORD) {
  const { status, headers, json } = await post(url, '/api/v2/signin', basic(name, password))
  const line = headers['set-cookie']?.[0] ?? ''
  return { status, json, line, cookie: { cookie: line.split(';')[0] ?? '' } }
}
