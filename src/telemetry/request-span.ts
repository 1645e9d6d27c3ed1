/** The spans of requests, named and described by OpenTelemetry's semantic conventions for HTTP servers. */
import type * as Api from '@opentelemetry/api'
import type { TraceContext } from './trace-context.ts'

export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>

export interface RequestSpanStart {
  /** Until the route is known; a method, never a path, since names are grouped by. */
  readonly name: string
  /** From `readTraceContext`; without it a new trace begins. */
  readonly parent?: TraceContext | undefined
  /**
   * By the conventions: `http.request.method`, `url.path`, `url.scheme`, `user_agent.original`,
   * `client.address`. A query string is cut off and `url.query` and `url.full` are left out: they hold secrets.
   */
  readonly attributes: SpanAttributes
}

export interface RequestSpanEnd {
  /** The HTTP status sent; from 500 up the span counts as failed. */
  readonly status: number
  /** The route's pattern, such as `/api/v2/users/:id`; undefined if none matched. */
  readonly route: string | undefined
  /** What made it fail. Only its code or name is exported: messages are for the log, which has the trace id. */
  readonly error?: unknown
}

export interface ChildSpan {
  /** Ends it, as failed if an error is given. Ending twice does nothing. */
  end(error?: unknown): void
}

export interface RequestSpan {
  /** 32 lower-case hex digits: the caller's, or new. Set even if the span is not recorded. */
  readonly traceId: string
  /** 16 lower-case hex digits: this span's own. */
  readonly spanId: string
  /** Ends it. Ending twice does nothing. */
  end(end: RequestSpanEnd): void
  /** A step inside the request, such as a password check. */
  child(name: string, attributes?: SpanAttributes): ChildSpan
}

export interface RequestSpansDeps {
  readonly api: Pick<
    typeof Api,
    'createTraceState' | 'ROOT_CONTEXT' | 'SpanKind' | 'SpanStatusCode' | 'trace'
  >
  readonly tracer: Api.Tracer
}

/** RFC 9110, PATCH and QUERY; any other method is written `_OTHER`, or clients could make up names without end. */
const METHODS = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'QUERY',
  'TRACE',
])

/** A function that starts the span of a request (`SERVER`), as a child of the caller's if there is one. */
export function createRequestSpans({ api, tracer }: RequestSpansDeps) {
  const { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = api

  function fail(span: Api.Span, errorType: string) {
    span.setAttribute('error.type', errorType)
    span.setStatus({ code: SpanStatusCode.ERROR })
  }

  function contextOf(parent: TraceContext | undefined): Api.Context {
    if (parent === undefined) return ROOT_CONTEXT
    return trace.setSpanContext(ROOT_CONTEXT, {
      traceId: parent.traceId,
      spanId: parent.spanId,
      traceFlags: parent.sampled ? 1 : 0,
      isRemote: true,
      ...(parent.traceState === undefined ? {} : { traceState: api.createTraceState(parent.traceState) }),
    })
  }

  function startChild(parent: Api.Span, name: string, attributes: SpanAttributes): ChildSpan {
    const span = tracer.startSpan(
      name,
      { attributes: { ...attributes } },
      trace.setSpan(ROOT_CONTEXT, parent),
    )
    let ended = false
    return {
      end(error) {
        if (ended) return
        ended = true
        if (error !== undefined) fail(span, errorTypeOf(error) ?? '_OTHER')
        span.end()
      },
    }
  }

  return ({ name, parent, attributes }: RequestSpanStart): RequestSpan => {
    const described = describeRequest(attributes, parent?.baggage)
    const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes: described }, contextOf(parent))
    const { traceId, spanId } = span.spanContext()
    let ended = false
    return {
      traceId,
      spanId,
      child: (childName, childAttributes = {}) => startChild(span, childName, childAttributes),
      end({ status, route, error }) {
        if (ended) return
        ended = true
        span.setAttribute('http.response.status_code', status)
        if (route !== undefined) {
          const method = described['http.request.method']
          span.setAttribute('http.route', route)
          span.updateName(`${method === undefined || method === '_OTHER' ? 'HTTP' : method} ${route}`)
        }
        // A refusal (4xx) is the client's failure, so a server's span says nothing about it.
        if (status >= 500) fail(span, errorTypeOf(error) ?? String(status))
        span.end()
      },
    }
  }
}

function describeRequest(given: SpanAttributes, baggage: Readonly<Record<string, string>> = {}) {
  const { 'url.query': _query, 'url.full': _full, ...described } = given
  const { 'http.request.method': method, 'url.path': path } = given
  const attributes: Record<string, string | number | boolean | undefined> = described
  if (typeof path === 'string') attributes['url.path'] = path.replace(/[?#].*$/s, '')
  if (typeof method === 'string' && !METHODS.has(method)) {
    attributes['http.request.method'] = '_OTHER'
    attributes['http.request.method_original'] = method
  }
  // Prefixed, so that a client's baggage cannot pass for an attribute of ours.
  for (const [key, value] of Object.entries(baggage)) attributes[`baggage.${key}`] = value
  return attributes
}

/** Low-cardinality by the conventions: a code, such as `unavailable` or `ECONNREFUSED`, else the class. */
function errorTypeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && code !== '' ? code : error.name
}
