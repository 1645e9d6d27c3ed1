import type { FastifyReply, FastifyRequest } from 'fastify'
import { pathOf } from '../request/path.ts'

/**
 * A hook for routes where InfluxDB takes a path with a trailing slash for another one: it is answered as unknown.
 * Everywhere else it is the same route.
 */
export function exactPath(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  if (pathOf(request).endsWith('/')) reply.callNotFound()
  else done()
}
