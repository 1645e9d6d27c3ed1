/** Sign-in and sign-out; the cookie is `influxdb-oss-session`. */
import { randomBytes } from 'node:crypto'
import { InfluxError, UNAUTHORIZED_ACCESS } from '../core/errors.ts'
import { type Answer, type Exchange, NO_CONTENT } from '../core/exchange.ts'
import { openRoute, type Route } from '../core/router.ts'
import { byName } from '../core/state.ts'

export const SESSION_ROUTES: readonly Route[] = [
  openRoute('POST', '/api/v2/signin', signIn),
  openRoute('POST', '/api/v2/signout', signOut),
]

const HOUR_MS = 3_600_000

export function basicCredentials(header: string | undefined) {
  const coded = /^basic (.+)$/i.exec(header ?? '')?.[1]
  if (coded === undefined) return undefined
  const [, name, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(coded, 'base64').toString('utf8')) ?? []
  return name === undefined || password === undefined ? undefined : { name, password }
}

function signIn({ state, headers }: Exchange): Answer {
  const given = basicCredentials(headers.authorization)
  const user = given && byName(state.users, given.name)
  if (!user?.password || user.password !== given?.password) throw UNAUTHORIZED_ACCESS
  if (user.status !== 'active') throw new InfluxError('forbidden', 'User is inactive')
  const session = { id: state.nextID(), key: randomBytes(64).toString('base64url'), userID: user.id }
  state.sessions.set(session.key, session)
  const expires = new Date(Date.now() + HOUR_MS).toUTCString()
  const cookie = `influxdb-oss-session=${session.key}; Path=/api/; Expires=${expires}; HttpOnly; SameSite=Strict`
  return { ...NO_CONTENT, headers: { 'set-cookie': cookie } }
}

function signOut({ state, headers }: Exchange): Answer {
  const key = /influxdb-oss-session=([^;]*)/.exec(headers.cookie ?? '')?.[1]
  if (key === undefined || !state.sessions.delete(key)) throw UNAUTHORIZED_ACCESS
  return NO_CONTENT
}
