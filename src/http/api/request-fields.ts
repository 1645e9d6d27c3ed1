/** What the routes read of a request besides Fastify's own fields; the types are in `api.ts`. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ClientAddress } from '../request/client-address.ts'

export function decorateRequests(app: FastifyInstance, clientAddress: ClientAddress): void {
  app.decorateRequest('principal', null as never)
  app.decorateRequest('session', undefined)
  app.decorateRequest('clientAddress', function (this: FastifyRequest) {
    return clientAddress(this.socket.remoteAddress, this.headers)
  })
  app.decorateRequest('origin', function (this: FastifyRequest) {
    return {
      requestID: this.id,
      address: this.clientAddress(),
      userAgent: shortened(this.headers['user-agent'] ?? ''),
      traceID: this.span?.traceId ?? this.trace?.traceId,
    }
  })
  app.decorateRequest('caller', function (this: FastifyRequest) {
    return { principal: this.principal, session: this.session, origin: this.origin() }
  })
}

/** More than any browser says of itself. What is longer would only fill the store. */
const LONGEST_USER_AGENT = 256

/** A copy, since a part of a text would keep all of it in memory for as long as a session lives. */
function shortened(userAgent: string): string {
  if (userAgent.length <= LONGEST_USER_AGENT) return userAgent
  return Buffer.from(userAgent.slice(0, LONGEST_USER_AGENT), 'latin1').toString('latin1')
}
