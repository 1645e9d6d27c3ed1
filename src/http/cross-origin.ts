/** CORS as InfluxDB answers it: any origin is echoed, credentials are never allowed. */
import type { FastifyReply, FastifyRequest } from 'fastify'

const PREFLIGHT = {
  'access-control-allow-methods': 'POST, GET, OPTIONS, PUT, DELETE, PATCH',
  'access-control-allow-headers':
    'Accept, Content-Type, Content-Length, Accept-Encoding, Authorization, User-Agent',
}

/** Sets the headers for a request from another origin; true where that was a preflight, and answered. */
export function answerCrossOrigin(request: FastifyRequest, reply: FastifyReply): boolean {
  const { origin } = request.headers
  if (origin === undefined || origin === '') return false
  reply.header('access-control-allow-origin', origin)
  reply.header('vary', 'Origin')
  if (request.method !== 'OPTIONS') return false
  reply.headers(PREFLIGHT).code(204).send()
  return true
}
