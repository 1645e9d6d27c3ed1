/** The session cookie: InfluxDB's, unless settings say otherwise. */
import type { Clock } from '../../domain/base/clock.ts'
import { hashSecret } from '../../domain/base/secrets.ts'
import type { ActiveSession } from '../../domain/sessions/session-admission.ts'
import { readSessionKeys } from './credentials.ts'
import type { IsSecure, ReceivedRequest } from './secure-request.ts'

export interface SessionCookie {
  readonly name: string
  /**
   * A `Set-Cookie`, in answer to that request, for a session key that ends at that time, in milliseconds since 1970.
   */
  write(key: string, expiresAt: number, request: ReceivedRequest): string
}

/**
 * `Path=/api/` keeps it from everything but the API, `HttpOnly` from scripts (ASVS 5.0 3.3.4), `SameSite` from
 * other sites' requests (3.3.2), `Secure` from plain text (3.3.1). `Max-Age` decides before `Expires` (RFC 6265,
 * 5.3), so that a client whose clock is wrong keeps it as long as the session lasts.
 */
export function createSessionCookie(options: {
  name: string
  path: string
  /** Every host of it gets the cookie; undefined for the host of the request only. */
  domain?: string | undefined
  sameSite: 'strict' | 'lax' | 'none'
  isSecure: IsSecure
  now: Clock
}): SessionCookie {
  const { name, path, isSecure, now } = options
  const domain = options.domain === undefined ? '' : `; Domain=${options.domain}`
  const sameSite = options.sameSite[0]?.toUpperCase() + options.sameSite.slice(1)
  return {
    name,
    write(key, expiresAt, request) {
      const expires = new Date(expiresAt).toUTCString()
      const maxAge = Math.max(0, Math.ceil((expiresAt - now()) / 1000))
      const secure = isSecure(request) ? '; Secure' : ''
      return `${name}=${key}; Path=${path}${domain}; Expires=${expires}; Max-Age=${maxAge}; HttpOnly${secure}; SameSite=${sameSite}`
    },
  }
}

/**
 * The `Set-Cookie` for a response whose request extended the session; undefined if the client's cookie need not
 * change. Of several cookies it renews the one of that session.
 */
export function renewedCookie(
  { session, cookieExpiresAt }: ActiveSession,
  request: ReceivedRequest,
  cookie: SessionCookie,
): string | undefined {
  if (cookieExpiresAt === undefined) return undefined
  const keys = readSessionKeys(request.headers.cookie, cookie.name)
  const key = keys.length === 1 ? keys[0] : keys.find((each) => hashSecret(each) === session.keyHash)
  return cookie.write(key ?? '', cookieExpiresAt, request)
}
