import type { IsSecure } from '../request/secure-request.ts'
import type { Listener } from '../server/listener.ts'

/**
 * A listener whose answers, the console's too, carry HSTS (RFC 6797) where a trusted proxy says that the request
 * came to it by TLS. Over plain HTTP it must not be sent (7.2).
 */
export function withStrictTransport(
  listener: Listener,
  { isSecure, seconds }: { isSecure: IsSecure; seconds: number },
): Listener {
  return {
    ...listener,
    attach(handler) {
      listener.attach((request, response) => {
        if (isSecure(request)) response.setHeader('strict-transport-security', `max-age=${seconds}`)
        handler(request, response)
      })
    },
  }
}
