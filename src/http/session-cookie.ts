/** InfluxDB's session cookie. */

export const SESSION_COOKIE = 'influxdb-oss-session'

/**
 * A `Set-Cookie` for a session key. `Path=/api/` keeps it from everything but the API, `HttpOnly` from
 * scripts (ASVS 5.0 3.3.4), `SameSite=Strict` from other sites' requests (3.3.2), `Secure` from plain text.
 */
export function sessionCookie(key: string, expiresAt: number, options: { secure: boolean }): string {
  const expires = new Date(expiresAt).toUTCString()
  return `${SESSION_COOKIE}=${key}; Path=/api/; Expires=${expires}; HttpOnly${options.secure ? '; Secure' : ''}; SameSite=Strict`
}
