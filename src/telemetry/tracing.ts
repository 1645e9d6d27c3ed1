/**
 * Export of request spans to an OpenTelemetry collector, by OTLP over HTTP (protobuf). Off, and none of its
 * packages loaded, unless the standard variables name an endpoint. Nothing is registered globally.
 */
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type * as Sdk from '@opentelemetry/sdk-trace'
import { createFailureReporter } from './failure-reporter.ts'
import { createRequestSpans, type RequestSpan, type RequestSpanStart } from './request-span.ts'
import { readTracingSettings, type TracingEnvironment, type TracingSettings } from './tracing-settings.ts'

export type {
  ChildSpan,
  RequestSpan,
  RequestSpanEnd,
  RequestSpanStart,
  SpanAttributes,
} from './request-span.ts'

export interface TracingDeps {
  /** The process's environment, or a test's. */
  readonly env: TracingEnvironment
  /** `service.name`, unless the environment says otherwise. */
  readonly serviceName: string
  readonly serviceVersion: string
  /** Called, at most once a minute, with the reason why spans are not exported: a line without secrets, for the log. */
  readonly onError: (message: string) => void
  /** Milliseconds on a clock that does not go backwards. */
  readonly now?: () => number
  /** Milliseconds that `shutdown` waits for the collector. */
  readonly shutdownTimeoutMs?: number
}

export interface Tracing {
  /** Starts the span of a request. Never throws, and never waits for the collector. */
  startRequestSpan(start: RequestSpanStart): RequestSpan
  /** Exports what has ended. Never rejects; gives up after `shutdownTimeoutMs`. Later spans are dropped. */
  shutdown(): Promise<void>
}

/**
 * Starts tracing, or does nothing and gives `undefined` if the environment does not switch it on
 * (`OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`; see `readTracingSettings`). Settings
 * that cannot be used are reported and leave tracing off: a server must start without its collector. Spans
 * leave in batches, every five seconds; those that a slow collector leaves behind beyond 2048 are dropped.
 */
export async function startTracing(deps: TracingDeps): Promise<Tracing | undefined> {
  const { now = () => performance.now(), onError } = deps
  const report = createFailureReporter({ onError, now })
  try {
    const settings = readTracingSettings(deps.env)
    return settings === undefined ? undefined : await start(settings, deps, report)
  } catch (error) {
    report('tracing is off', error)
    return undefined
  }
}

type Report = ReturnType<typeof createFailureReporter>

async function start(settings: TracingSettings, deps: TracingDeps, report: Report): Promise<Tracing> {
  const { serviceName, serviceVersion, shutdownTimeoutMs = 5000 } = deps
  const [api, sdk, resources, tls] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/resources'),
    readTlsFiles(settings.tlsFiles),
  ])
  const exporter = reportFailures(await createExporter(settings, tls), report)
  const provider = new sdk.TracerProvider({
    resource: resources.defaultResource().merge(
      resources.resourceFromAttributes({
        'service.name': serviceName,
        'service.version': serviceVersion,
        ...settings.resource,
      }),
    ),
    sampler: createSampler(sdk, settings.sampler),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter })],
    // What a client sends (path, user agent) is exported; this bounds what it can make the collector store.
    spanLimits: { attributeValueLengthLimit: 1024 },
  })
  return {
    startRequestSpan: createRequestSpans({ api, tracer: provider.getTracer(serviceName, serviceVersion) }),
    async shutdown() {
      const waiting = new AbortController()
      const flushed = provider.shutdown().catch((error: unknown) => report('trace export failed', error))
      const gaveUp = delay(shutdownTimeoutMs, undefined, { signal: waiting.signal }).then(
        () => report('trace export failed', new Error(`not finished ${shutdownTimeoutMs} ms after the end`)),
        () => undefined,
      )
      await Promise.race([flushed, gaveUp])
      waiting.abort()
    },
  }
}

async function createExporter(settings: TracingSettings, tls: object): Promise<Sdk.SpanExporter> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto')
  type Options = NonNullable<ConstructorParameters<typeof OTLPTraceExporter>[0]>
  return new OTLPTraceExporter({
    url: settings.url,
    headers: { ...settings.headers },
    timeoutMillis: settings.timeoutMs,
    // The exporter's package does not export its enumeration; the values are the specification's.
    compression: settings.compression as NonNullable<Options['compression']>,
    httpAgentOptions: { keepAlive: true, ...tls },
  })
}

async function readTlsFiles(files: TracingSettings['tlsFiles']) {
  const entries = Object.entries(files).map(async ([name, file]) => [name, await readFile(file)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

/** `ExportResultCode.SUCCESS`, which lives in a package that nothing else here needs. */
const EXPORTED = 0

/**
 * Passes to `report` what the SDK would write to its global diagnostics, which have no listener. The SDK is told that
 * the export succeeded: on a failure it would only stop waiting, at the end, for batches still under way.
 */
function reportFailures(exporter: Sdk.SpanExporter, report: Report): Sdk.SpanExporter {
  return {
    export(spans, done) {
      try {
        exporter.export(spans, ({ code, error }) => {
          if (code !== EXPORTED) report('trace export failed', error)
          done({ code: EXPORTED })
        })
      } catch (error) {
        report('trace export failed', error)
        done({ code: EXPORTED })
      }
    },
    shutdown: () => exporter.shutdown(),
  }
}

function createSampler(
  sdk: typeof Sdk,
  { kind, parentBased, ratio }: TracingSettings['sampler'],
): Sdk.Sampler {
  const root =
    kind === 'always_on'
      ? new sdk.AlwaysOnSampler()
      : kind === 'always_off'
        ? new sdk.AlwaysOffSampler()
        : new sdk.TraceIdRatioBasedSampler(ratio)
  return parentBased ? new sdk.ParentBasedSampler({ root }) : root
}
