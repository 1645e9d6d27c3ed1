/** The credentials of the 1.x API, in the order in which InfluxDB 2 looks for them. */
import type { IncomingHttpHeaders } from 'node:http'
import { readBasic, readToken } from '../request/credentials.ts'

/** With a name, `secret` is a password of a 1.x authorization, or a token whatever the name. */
export interface LegacyCredentials {
  readonly name: string | undefined
  readonly secret: string
}

/**
 * `u` and `p` of the query or form, else `Authorization`: `Token T`, `Token NAME:PASSWORD`, `Bearer T` or Basic. A
 * session cookie does not count (influxd/http/legacy takes none).
 */
export function readLegacyCredentials(
  headers: IncomingHttpHeaders,
  { u, p }: Readonly<Record<string, string | undefined>>,
): LegacyCredentials | undefined {
  // Clients without a password of their own send both empty, beside a header.
  if (u && p) return { name: u, secret: p }
  const token = readToken(headers.authorization)
  if (token !== undefined) {
    const colon = token.indexOf(':')
    // For `Token NAME:PASSWORD` too InfluxDB reads the password as a token here, whatever the name is.
    return { name: undefined, secret: token.slice(colon + 1) }
  }
  const basic = readBasic(headers.authorization)
  return basic && { name: basic.name, secret: basic.password.toString() }
}
