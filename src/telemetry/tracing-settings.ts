/**
 * The standard OpenTelemetry variables that tracing understands, read from the environment handed in. The SDK
 * leaves all of them but the exporter's to its caller, and the exporter would go to `process.env` itself.
 */

export type TracingEnvironment = Readonly<Record<string, string | undefined>>

/** Names of the specification ("Known values for OTEL_TRACES_SAMPLER"). */
const SAMPLERS = ['always_on', 'always_off', 'traceidratio'] as const

export interface TracingSettings {
  /** Where spans are posted: http or https, path included. */
  readonly url: string
  /** Sent with every export; may hold credentials, so it goes into no message. */
  readonly headers: Readonly<Record<string, string>>
  /** Milliseconds that one export may take, its retries included. */
  readonly timeoutMs: number
  readonly compression: 'none' | 'gzip'
  /** PEM files for an https collector. */
  readonly tlsFiles: { readonly ca?: string; readonly cert?: string; readonly key?: string }
  /** Attributes of the resource; they win over the program's own. */
  readonly resource: Readonly<Record<string, string>>
  readonly sampler: {
    readonly kind: (typeof SAMPLERS)[number]
    /** Whether the caller's decision comes first. */
    readonly parentBased: boolean
    /** Between 0 and 1; for `traceidratio` only. */
    readonly ratio: number
  }
}

/**
 * The settings, or `undefined` if tracing is off: no endpoint is set, `OTEL_SDK_DISABLED` is true or
 * `OTEL_TRACES_EXPORTER` is `none`. An empty variable counts as unset; an unknown sampler or compression does too (OpenTelemetry
 * Environment Variable Specification).
 *
 * @throws Error when the endpoint is no http(s) URL or the protocol is another one than `http/protobuf`. The
 *   message names the variable and never shows its value, which may hold a password.
 */
export function readTracingSettings(env: TracingEnvironment): TracingSettings | undefined {
  const read = (name: string) => env[name]?.trim() || undefined
  /** A variable for traces wins over the one for all signals (OTLP Exporter specification). */
  const otlp = (name: string) =>
    read(`OTEL_EXPORTER_OTLP_TRACES_${name}`) ?? read(`OTEL_EXPORTER_OTLP_${name}`)

  const endpoint = otlp('ENDPOINT')
  if (endpoint === undefined || read('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return undefined
  if (read('OTEL_TRACES_EXPORTER') === 'none') return undefined
  if ((otlp('PROTOCOL') ?? 'http/protobuf') !== 'http/protobuf')
    throw new Error(
      `${read('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ? 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL' : 'OTEL_EXPORTER_OTLP_PROTOCOL'}: only http/protobuf is supported`,
    )

  const forTraces = read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT')
  const url = forTraces ?? `${endpoint.replace(/\/$/, '')}/v1/traces`
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    const name = forTraces === undefined ? 'ENDPOINT' : 'TRACES_ENDPOINT'
    throw new Error(`OTEL_EXPORTER_OTLP_${name}: not an http or https URL`)
  }

  const timeoutMs = Number(otlp('TIMEOUT'))
  const ca = otlp('CERTIFICATE')
  const cert = otlp('CLIENT_CERTIFICATE')
  const key = otlp('CLIENT_KEY')
  const serviceName = read('OTEL_SERVICE_NAME')
  return {
    url,
    headers: {
      ...readPairs(read('OTEL_EXPORTER_OTLP_HEADERS')),
      ...readPairs(read('OTEL_EXPORTER_OTLP_TRACES_HEADERS')),
    },
    timeoutMs: Number.isFinite(timeoutMs) && timeoutMs > 0 ? timeoutMs : 10_000,
    compression: otlp('COMPRESSION') === 'gzip' ? 'gzip' : 'none',
    tlsFiles: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) },
    resource: {
      ...readPairs(read('OTEL_RESOURCE_ATTRIBUTES')),
      ...(serviceName && { 'service.name': serviceName }),
    },
    sampler: readSampler(read('OTEL_TRACES_SAMPLER'), read('OTEL_TRACES_SAMPLER_ARG')),
  }
}

function readSampler(name = '', argument?: string): TracingSettings['sampler'] {
  const kind = SAMPLERS.find((sampler) => name === sampler || name === `parentbased_${sampler}`)
  const ratio = Number(argument ?? 1)
  return {
    kind: kind ?? 'always_on',
    parentBased: kind !== name,
    ratio: ratio >= 0 && ratio <= 1 ? ratio : 1,
  }
}

/** `key=value,key=value`, percent-encoded as in W3C Baggage but without its metadata: a `;` is part of a value. */
function readPairs(list = ''): Record<string, string> {
  const pairs: Record<string, string> = {}
  for (const pair of list.split(',')) {
    const split = pair.indexOf('=')
    if (split < 1) continue
    try {
      const key = decodeURIComponent(pair.slice(0, split).trim())
      const value = decodeURIComponent(pair.slice(split + 1).trim())
      if (key !== '' && value !== '') pairs[key] = value
    } catch {
      // One badly encoded entry costs that entry, as in the SDK's reading of headers.
    }
  }
  return pairs
}
