/** What is noted of every request: a metric, a line at `debug`, a span. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readTraceContext } from '../telemetry/trace-context.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import { pathOf } from './not-found.ts'

export interface RequestLog {
  readonly debugEnabled: boolean
  debug(message: string, fields: Readonly<Record<string, unknown>>): void
}

export interface Observation {
  /** Counts a request; `route` is the pattern, so that ids make no series of their own. */
  readonly countRequest: (method: string, route: string, status: number, seconds: number) => void
  readonly log: RequestLog
  readonly tracing: Tracing | undefined
}

/** Adds the hooks; must be called before the routes are registered. */
export function observeRequests(app: FastifyInstance, { countRequest, log, tracing }: Observation): void {
  app.decorateRequest('trace', undefined)
  app.decorateRequest('span', undefined)

  app.addHook('onRequest', (request, _reply, done) => {
    const { headers } = request
    if (headers.traceparent !== undefined || headers['zap-trace-span'] !== undefined) {
      request.trace = readTraceContext(headers as Record<string, string>)
    }
    if (tracing) {
      request.span = tracing.startRequestSpan({
        name: request.method,
        parent: request.trace,
        attributes: {
          'http.request.method': request.method,
          'url.path': pathOf(request),
          'url.scheme': request.protocol,
          'user_agent.original': headers['user-agent'],
          'client.address': request.ip,
        },
      })
    }
    done()
  })

  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url
    countRequest(request.method, route ?? 'unknown', reply.statusCode, reply.elapsedTime / 1000)
    request.span?.end({ status: reply.statusCode, route })
    if (log.debugEnabled) log.debug('request', requestFields(request, reply, route))
    done()
  })
}

function requestFields(request: FastifyRequest, reply: FastifyReply, route: string | undefined) {
  const { trace, span, principal } = request
  return {
    requestID: request.id,
    method: request.method,
    route,
    status: reply.statusCode,
    durationMs: Math.round(reply.elapsedTime * 1000) / 1000,
    userID: principal?.user.id,
    address: request.ip,
    traceID: span?.traceId ?? trace?.traceId,
    ...(trace ? { parentSpanID: trace.spanId, baggage: trace.baggage } : {}),
  }
}
