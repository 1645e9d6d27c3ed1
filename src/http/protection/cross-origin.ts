/** CORS as InfluxDB answers it, any origin echoed and no credentials, but for the origins that settings name. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { REASON_HEADER } from '../request/errors.ts'
import { BACKGROUND_HEADER } from './authentication.ts'

export interface CorsOrigins {
  /** `any` is InfluxDB's way; a set narrows it (ASVS 5.0 3.4.2). */
  readonly echoed: 'any' | ReadonlySet<string>
  /** Those whose pages may act for their users, so that browsers send and take the cookie. */
  readonly withCredentials: ReadonlySet<string>
}

const METHODS = 'POST, GET, OPTIONS, PUT, DELETE, PATCH'
const HEADERS = 'Accept, Content-Type, Content-Length, Accept-Encoding, Authorization, User-Agent'
/** Further headers that are read here. InfluxDB never allows them, so a preflight must ask for each by its name. */
const ON_REQUEST: ReadonlySet<string> = new Set([
  ...['zap-trace-span', 'traceparent', 'tracestate'],
  BACKGROUND_HEADER,
])

/** Sets the headers for a request from another origin; true where that was a preflight, and answered. */
export function answerCrossOrigin(
  request: FastifyRequest,
  reply: FastifyReply,
  { echoed, withCredentials }: CorsOrigins,
): boolean {
  const { origin } = request.headers
  if (origin === undefined || origin === '') return false
  const mayAct = withCredentials.has(origin)
  const isAllowed = mayAct || echoed === 'any' || echoed.has(origin)
  reply.header('vary', 'Origin')
  if (isAllowed) reply.header('access-control-allow-origin', origin)
  if (mayAct) reply.header('access-control-allow-credentials', 'true')
  if (request.method !== 'OPTIONS') {
    if (mayAct) reply.header('access-control-expose-headers', REASON_HEADER)
    return false
  }
  // To an origin that is not allowed nothing is said that its browser would take for a yes.
  if (isAllowed) {
    reply.header('access-control-allow-methods', METHODS)
    reply.header('access-control-allow-headers', allowedHeaders(request))
  }
  reply.code(204).send()
  return true
}

function allowedHeaders({ headers }: FastifyRequest): string {
  const asked = headers['access-control-request-headers']
  if (asked === undefined) return HEADERS
  const names = new Set(asked.split(',').map((name) => name.trim().toLowerCase()))
  return [HEADERS, ...[...ON_REQUEST].filter((name) => names.has(name))].join(', ')
}
