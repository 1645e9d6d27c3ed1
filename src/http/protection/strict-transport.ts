import type { RequestListener } from 'node:http'
import type { IsSecure } from '../request/secure-request.ts'

/**
 * Gives an answer HSTS (RFC 6797), whichever handler it comes from, where a trusted proxy says that the request came
 * to it by TLS. Over plain HTTP it must not be sent (7.2).
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
