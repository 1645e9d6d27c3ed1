/** CORS as InfluxDB answers it: any origin is echoed, credentials are never allowed. */
import type { FastifyReply, FastifyRequest } from 'fastify'

/** `any` is InfluxDB's way; a set narrows it (ASVS 5.0 3.4.2). */
export type AllowedCorsOrigins = 'any' | ReadonlySet<string>

const PREFLIGHT = {
  'access-control-allow-methods': 'POST, GET, OPTIONS, PUT, DELETE, PATCH',
  'access-control-allow-headers':
    'Accept, Content-Type, Content-Length, Accept-Encoding, Authorization, User-Agent',
}

/** Sets the headers for a request from another origin; true where that was a preflight, and answered. */
export function answerCrossOrigin(
  request: FastifyRequest,
  reply: FastifyReply,
  allowed: AllowedCorsOrigins,
): boolean {
  const { origin } = request.headers
  if (origin === undefined || origin === '') return false
  if (allowed !== 'any' && !allowed.has(origin)) return answerPlainly(request, reply)
  reply.header('access-control-allow-origin', origin)
  reply.header('vary', 'Origin')
  if (request.method !== 'OPTIONS') return false
  reply.headers(PREFLIGHT).code(204).send()
  return true
}

/** To an origin that is not allowed nothing is said that its browser would take for a yes. */
function answerPlainly(request: FastifyRequest, reply: FastifyReply): boolean {
  reply.header('vary', 'Origin')
  if (request.method !== 'OPTIONS') return false
  reply.code(204).send()
  return true
}
