import type { FastifyReply, FastifyRequest } from 'fastify'
import { pathOf } from '../../request/path.ts'

/**
 * A hook for routes where InfluxDB treats a path with a trailing slash as another path: that path is answered as
 * unknown. Elsewhere a trailing slash makes no difference.
 */
export function exactPath(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  if (pathOf(request).endsWith('/')) reply.callNotFound()
  else done()
}
