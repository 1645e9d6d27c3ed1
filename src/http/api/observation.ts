/** What is recorded about every request: a metric, a log line at `debug`, a span. */
import type { FastifyInstance, FastifyReply, FastifyRequest, onSendHookHandler } from 'fastify'
import { userIDOf } from '../../domain/access/principal.ts'
import { readTraceContext } from '../../telemetry/trace-context.ts'
import type { Tracing } from '../../telemetry/tracing.ts'
import { pathOf } from '../request/path.ts'

export interface RequestLog {
  readonly debugEnabled: boolean
  debug(message: string, fields: Readonly<Record<string, unknown>>): void
}

export interface Observation {
  /** Counts the requests of one method and route, by status; ids make no series of their own. */
  readonly requestCounter: (method: string, route: string) => (status: number) => void
  readonly log: RequestLog
  readonly tracing: Tracing | undefined
}

/**
 * Adds the hooks; call it before the routes are registered. Hooks that only spans and lines at `debug` need are added
 * only for these: listening for the end of every response costs more than counting it.
 */
export function observeRequests(app: FastifyInstance, observation: Observation): void {
  const { log, tracing } = observation
  app.decorateRequest('trace', undefined)
  app.decorateRequest('span', undefined)
  countRequests(app, observation)
  if (tracing) traceRequests(app, tracing)
  if (log.debugEnabled) {
    app.addHook('onResponse', (request, reply, done) => {
      log.debug('request', requestFields(request, reply))
      done()
    })
  }
}

/** Reads the trace that a request continues, if it names one. */
export function readTrace(request: FastifyRequest): void {
  const { headers } = request
  if (headers.traceparent !== undefined || headers['zap-trace-span'] !== undefined) {
    request.trace = readTraceContext(headers as Record<string, string>)
  }
}

function countRequests(app: FastifyInstance, { requestCounter }: Observation): void {
  app.addHook('onRoute', (route) => {
    const count = requestCounter([route.method].flat().join(), route.url)
    const onSend: onSendHookHandler = (_request, reply, payload, done) => {
      count(reply.statusCode)
      done(null, payload)
    }
    route.onSend = [route.onSend ?? [], onSend].flat()
  })
}

function traceRequests(app: FastifyInstance, tracing: Tracing): void {
  app.addHook('onRequest', (request, _reply, done) => {
    request.span = tracing.startRequestSpan({
      name: request.method,
      parent: request.trace,
      attributes: {
        'http.request.method': request.method,
        'url.path': pathOf(request),
        'url.scheme': request.protocol,
        'user_agent.original': request.headers['user-agent'],
        'client.address': request.clientAddress(),
      },
    })
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    request.span?.end({ status: reply.statusCode, route: request.routeOptions.url })
    done()
  })
}

function requestFields(request: FastifyRequest, reply: FastifyReply) {
  const { trace, span, principal } = request
  return {
    requestID: request.id,
    method: request.method,
    route: request.routeOptions.url,
    status: reply.statusCode,
    durationMs: Math.round(reply.elapsedTime * 1000) / 1000,
    userID: principal && userIDOf(principal),
    address: request.clientAddress(),
    traceID: span?.traceId ?? trace?.traceId,
    ...(trace ? { parentSpanID: trace.spanId, baggage: trace.baggage } : {}),
  }
}
