/** Routes that report the server's state; none needs credentials. */
import Type from 'typebox'
import { anyError, errors, NoContent, named, ref, TimeShape } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'

export interface SystemStatus {
  /** InfluxDB's version, for clients that choose by it. */
  readonly influxVersion: string
  readonly version: string
  /** When the server was started, RFC 3339. */
  readonly startedAt: string
  /** Milliseconds since the start. */
  uptimeMs(): number
  /** The state of each part; `message` if there is something to report. */
  checks(): Promise<readonly Check[]>
  /** Prometheus' text format; undefined if metrics are switched off. */
  metrics: { readonly contentType: string; read(): Promise<string> } | undefined
}

export interface Check {
  readonly name: string
  readonly status: 'pass' | 'fail'
  readonly message?: string
}

const CheckShape = Type.Object({
  name: Type.String(),
  status: Type.String(),
  message: Type.Optional(Type.String()),
})
export const HealthShape = named(
  'HealthCheck',
  Type.Object({
    name: Type.String(),
    status: Type.String({ description: '`pass` or `fail`' }),
    message: Type.String(),
    checks: Type.Array(CheckShape),
    version: Type.String(),
    commit: Type.String(),
  }),
)
export const ReadyShape = named(
  'Ready',
  Type.Object({
    status: Type.String({ description: '`ready`, `starting`, or `not ready` where a part is missing' }),
    started: Type.Optional(TimeShape),
    up: Type.Optional(Type.String({ examples: ['2.91s'] })),
    checks: Type.Optional(
      Type.Array(CheckShape, { description: 'Every part, where one of them is missing' }),
    ),
  }),
)

export function registerSystem(api: Api, { status }: { status: SystemStatus }): void {
  const tags = ['System']
  const security: never[] = []

  api.get(
    '/health',
    {
      schema: {
        operationId: 'GetHealth',
        summary: 'Check whether the server can do its work',
        tags,
        security,
        response: { 200: ref(HealthShape), ...errors(), 503: ref(HealthShape) },
      },
    },
    async (_request, reply) => {
      const checks = [...(await status.checks())]
      const failed = checks.find((each) => each.status === 'fail')
      return reply.code(failed ? 503 : 200).send({
        name: 'influxdb',
        status: failed ? 'fail' : 'pass',
        message: failed ? (failed.message ?? `${failed.name} fails`) : 'healthy',
        checks,
        version: status.influxVersion,
        commit: `sluice-${status.version}`,
      })
    },
  )

  api.get(
    '/ready',
    {
      schema: {
        operationId: 'GetReady',
        summary: 'Check whether the server takes requests',
        tags,
        security,
        response: { 200: ref(ReadyShape), ...errors(), 503: ref(ReadyShape) },
      },
    },
    async (_request, reply) => {
      const checks = [...(await status.checks())]
      const about = { started: status.startedAt, up: durationText(status.uptimeMs()) }
      if (checks.every((each) => each.status === 'pass')) return { status: 'ready', ...about }
      return reply.code(503).send({ status: 'not ready', ...about, checks })
    },
  )

  for (const method of ['GET', 'HEAD'] as const) {
    api.route({
      method,
      url: '/ping',
      exposeHeadRoute: false,
      schema: {
        operationId: method === 'GET' ? 'GetPing' : 'HeadPing',
        summary: 'Check that the server answers, without a body; its headers name the version',
        tags,
        security,
        response: { 204: NoContent, ...(method === 'GET' ? errors() : anyError) },
      },
      handler: async (_request, reply) => reply.code(204).send(null),
    })
  }

  const { metrics } = status
  if (metrics) {
    api.get(
      '/metrics',
      {
        schema: {
          operationId: 'GetMetrics',
          summary: "Read metrics in Prometheus' text format",
          tags,
          security,
          produces: ['text/plain'],
          response: { 200: Type.String(), ...errors() },
        },
        serializerCompiler: () => String,
      },
      async (_request, reply) => reply.type(metrics.contentType).send(await metrics.read()),
    )
  }
}

/** A duration as Go writes it: `2.91s`, `4m2.5s`, `27h0m1s`. */
export function durationText(ms: number): string {
  const seconds = Number(((ms % 60_000) / 1000).toFixed(3))
  const minutes = Math.floor(ms / 60_000)
  if (minutes === 0) return `${seconds}s`
  const hours = Math.floor(minutes / 60)
  return hours === 0 ? `${minutes}m${seconds}s` : `${hours}h${minutes % 60}m${seconds}s`
}
