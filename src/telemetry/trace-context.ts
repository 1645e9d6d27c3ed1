/**
 * Reads the trace that a request belongs to from its headers. Pure: no I/O, and nothing here throws, since a
 * header that helps with diagnosis must never be the reason why a request fails.
 */

/** Where a request comes from in its caller's trace. */
export interface TraceContext {
  /** 32 lower-case hex digits, never all zero. */
  readonly traceId: string
  /** The caller's span, 16 lower-case hex digits, never all zero: the parent of ours. */
  readonly spanId: string
  /** Whether the caller records its part; `Zap-Trace-Span` has no such flag, so there it is always true. */
  readonly sampled: boolean
  /** What the caller sends along. Chosen by the client: nothing may be decided by it. */
  readonly baggage: Readonly<Record<string, string>>
  readonly source: 'traceparent' | 'zap-trace-span'
  /** `tracestate` as received, at most 512 printable characters; only ever beside a valid `traceparent`. */
  readonly traceState?: string
}

/** The headers as Node hands them over: names in lower case, repeated headers joined by a comma. */
export interface TraceHeaders {
  readonly traceparent?: string | undefined
  readonly tracestate?: string | undefined
  readonly 'zap-trace-span'?: string | undefined
}

const MAX_HEADER_LENGTH = 8192
/** What W3C Trace Context ("tracestate Limits") asks everybody to pass on; OpenTelemetry drops more. */
const MAX_TRACE_STATE_LENGTH = 512
const MAX_BAGGAGE_ENTRIES = 64
const MAX_BAGGAGE_KEY_LENGTH = 128
const MAX_BAGGAGE_VALUE_LENGTH = 1024

const TRACEPARENT_FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/
const TRACEPARENT_LENGTH = 55
const ZAP_TRACE_ID = /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/i
const ZAP_SPAN_ID = /^[0-9a-f]{16}$/i
const ALL_ZEROS = /^0+$/
const PRINTABLE = /^[\x20-\x7e]+$/
/** Controls, line and paragraph separators, direction overrides, lone surrogates: what could forge a log line. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
const NO_BAGGAGE: Readonly<Record<string, string>> = Object.freeze({})

/**
 * The trace context of a request, or `undefined` if it carries none that can be read. Never throws.
 *
 * A valid `traceparent` decides (W3C Trace Context, "Traceparent Header"); otherwise `Zap-Trace-Span`, an OpenTracing
 * span context as JSON: `{"trace_id":"16 hex","span_id":"16 hex","baggage":{"key":"value"}}`, whose trace id
 * may also have 32 digits; one of 16 is padded with zeros on the left. The baggage is that of a readable
 * `Zap-Trace-Span` in both cases. A header of more than 8 KiB is not read. Of the baggage at most 64 entries
 * are kept; one that is no string, too long (key 128, value 1024 characters) or unprintable is left out.
 */
export function readTraceContext(headers: TraceHeaders): TraceContext | undefined {
  const { traceparent, 'zap-trace-span': zapTraceSpan } = headers
  if (traceparent === undefined && zapTraceSpan === undefined) return undefined
  const w3c = readTraceparent(traceparent)
  const zap = readZapTraceSpan(zapTraceSpan)
  if (w3c === undefined) return zap
  const traceState = readTraceState(headers.tracestate)
  return {
    ...w3c,
    baggage: zap?.baggage ?? NO_BAGGAGE,
    source: 'traceparent',
    ...(traceState === undefined ? {} : { traceState }),
  }
}

function readTraceparent(header: unknown): Pick<TraceContext, 'traceId' | 'spanId' | 'sampled'> | undefined {
  if (!isReadable(header)) return undefined
  const [, version, traceId, spanId, flags] = TRACEPARENT_FORM.exec(header) ?? []
  if (version === undefined || traceId === undefined || spanId === undefined || flags === undefined) return
  if (version === 'ff' || ALL_ZEROS.test(traceId) || ALL_ZEROS.test(spanId)) return undefined
  // Version 00 ends here; a later one may go on, but only after another dash ("Versioning of traceparent").
  if (header.length > TRACEPARENT_LENGTH && (version === '00' || header[TRACEPARENT_LENGTH] !== '-')) return
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

function readTraceState(header: unknown): string | undefined {
  if (typeof header !== 'string' || header.length > MAX_TRACE_STATE_LENGTH) return undefined
  return PRINTABLE.test(header) ? header : undefined
}

function readZapTraceSpan(header: unknown): TraceContext | undefined {
  if (!isReadable(header)) return undefined
  const span = parseObject(header)
  const { trace_id: traceId, span_id: spanId, baggage } = span ?? {}
  if (typeof traceId !== 'string' || !ZAP_TRACE_ID.test(traceId) || ALL_ZEROS.test(traceId)) return undefined
  if (typeof spanId !== 'string' || !ZAP_SPAN_ID.test(spanId) || ALL_ZEROS.test(spanId)) return undefined
  return {
    traceId: traceId.toLowerCase().padStart(32, '0'),
    spanId: spanId.toLowerCase(),
    sampled: true,
    baggage: readBaggage(baggage),
    source: 'zap-trace-span',
  }
}

function readBaggage(baggage: unknown): Readonly<Record<string, string>> {
  if (!isObject(baggage)) return NO_BAGGAGE
  const kept: Record<string, string> = {}
  let count = 0
  for (const [key, value] of Object.entries(baggage)) {
    if (count === MAX_BAGGAGE_ENTRIES) break
    if (typeof value !== 'string' || key === '' || key === '__proto__') continue
    if (key.length > MAX_BAGGAGE_KEY_LENGTH || value.length > MAX_BAGGAGE_VALUE_LENGTH) continue
    if (UNSAFE.test(key) || UNSAFE.test(value)) continue
    kept[key] = value
    count += 1
  }
  return Object.freeze(kept)
}

/** The types promise a string, but a header that a proxy or a test hands over may be anything. */
function isReadable(header: unknown): header is string {
  return typeof header === 'string' && header.length <= MAX_HEADER_LENGTH
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseObject(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
