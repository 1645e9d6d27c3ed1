/** Adds the request fields that routes read besides Fastify's own; their types are in `api.ts`. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ClientAddress } from '../../request/client-address.ts'
import { userAgentOf } from '../../request/user-agent.ts'

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
      userAgent: userAgentOf(this.headers),
      traceID: this.span?.traceId ?? this.trace?.traceId,
    }
  })
  app.decorateRequest('caller', function (this: FastifyRequest) {
    return { principal: this.principal, session: this.session, origin: this.origin() }
  })
}
