import type { RequestListener } from 'node:http'
import type { IsSecure } from '../request/secure-request.ts'

/**
 * Adds HSTS (RFC 6797) to a response of any handler if a trusted proxy says that the client used TLS. It must not be
 * sent over plain HTTP (7.2).
 */
export function strictTransport({
  isSecure,
  seconds,
}: {
  isSecure: IsSecure
  seconds: number
}): RequestListener {
  return (request, response) => {
    if (isSecure(request)) response.setHeader('strict-transport-security', `max-age=${seconds}`)
  }
}
