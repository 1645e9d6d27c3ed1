/** CORS as in InfluxDB: any origin is echoed, without credentials, unless the settings name origins. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { REASON_HEADER } from '../request/errors.ts'
import { BACKGROUND_HEADER } from './authentication.ts'

export interface CorsOrigins {
  /** `any` is InfluxDB's way; a set narrows it (ASVS 5.0 3.4.2). */
  readonly echoed: 'any' | ReadonlySet<string>
  /** The origins whose pages may act for their users: for these, browsers send and accept the cookie. */
  readonly withCredentials: ReadonlySet<string>
}

const METHODS = 'POST, GET, OPTIONS, PUT, DELETE, PATCH'
const HEADERS = 'Accept, Content-Type, Content-Length, Accept-Encoding, Authorization, User-Agent'
/**
 * Request headers that only Sluice reads. InfluxDB does not list them, so they are allowed only if the preflight
 * names them.
 */
const ON_REQUEST: ReadonlySet<string> = new Set([
  ...['zap-trace-span', 'traceparent', 'tracestate'],
  BACKGROUND_HEADER,
])

/** Sets the headers for a request from another origin; true if it was a preflight, which is then answered. */
export function answerCrossOrigin(request: FastifyRequest, reply: FastifyReply, cors: CorsOrigins): boolean {
  const { origin } = request.headers
  if (origin === undefined || origin === '') return false
  const isPreflight = request.method === 'OPTIONS'
  const headers = crossOriginHeaders(origin, cors)
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string
    if (!isPreflight || name !== EXPOSED) reply.header(name, headers[at + 1])
  }
  if (!isPreflight) return false
  const isAllowed = headers.includes('access-control-allow-origin')
  // An origin that is not allowed gets no header that its browser would take as permission.
  if (isAllowed) {
    reply.header('access-control-allow-methods', METHODS)
    reply.header('access-control-allow-headers', allowedHeaders(request))
  }
  reply.code(204).send()
  return true
}

/** The headers of an answer to a request from that origin: names and values in turn. */
export function crossOriginHeaders(
  origin: string | undefined,
  { echoed, withCredentials }: CorsOrigins,
): string[] {
  if (origin === undefined || origin === '') return []
  const mayAct = withCredentials.has(origin)
  const isAllowed = mayAct || echoed === 'any' || echoed.has(origin)
  return [
    ...['vary', 'Origin'],
    ...(isAllowed ? ['access-control-allow-origin', origin] : []),
    ...(mayAct ? ['access-control-allow-credentials', 'true', EXPOSED, REASON_HEADER] : []),
  ]
}

const EXPOSED = 'access-control-expose-headers'

function allowedHeaders({ headers }: FastifyRequest): string {
  const asked = headers['access-control-request-headers']
  if (asked === undefined) return HEADERS
  const names = new Set(asked.split(',').map((name) => name.trim().toLowerCase()))
  return [HEADERS, ...[...ON_REQUEST].filter((name) => names.has(name))].join(', ')
}
