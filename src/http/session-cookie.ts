/** The session cookie: InfluxDB's, unless settings say otherwise. */

export interface SessionCookie {
  readonly name: string
  /** A `Set-Cookie` for a session key that ends at that time, in milliseconds since 1970. */
  write(key: string, expiresAt: number): string
}

/**
 * `Path=/api/` keeps it from everything but the API, `HttpOnly` from scripts (ASVS 5.0 3.3.4), `SameSite` from
 * other sites' requests (3.3.2), `Secure` from plain text (3.3.1).
 */
export function createSessionCookie(options: {
  name: string
  path: string
  sameSite: 'strict' | 'lax' | 'none'
  secure: boolean
}): SessionCookie {
  const { name, path, secure } = options
  const sameSite = options.sameSite[0]?.toUpperCase() + options.sameSite.slice(1)
  const attributes = `HttpOnly${secure ? '; Secure' : ''}; SameSite=${sameSite}`
  return {
    name,
    write: (key, expiresAt) =>
      `${name}=${key}; Path=${path}; Expires=${new Date(expiresAt).toUTCString()}; ${attributes}`,
  }
}
