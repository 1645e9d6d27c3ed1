import Type from 'typebox'
import type { ReadOverview } from '../../../domain/overview/overview.ts'
import { CREDENTIALS, errors, named, ref, TimeShape } from '../../request/shapes.ts'
import type { Api } from '../api.ts'
import type { SystemStatus } from './system.ts'

export const OverviewShape = named(
  'Overview',
  Type.Object({
    version: Type.String(),
    influxVersion: Type.String(),
    startedAt: TimeShape,
    store: Type.String({ description: 'What keeps the data' }),
    status: Type.String({ description: '`pass` or `fail`' }),
    message: Type.String(),
    users: Type.Integer(),
    organizations: Type.Integer(),
    liveSessions: Type.Integer(),
    throttled: Type.Array(
      Type.Object({
        address: Type.String(),
        scope: Type.String({
          description:
            'What has too many failures: `pair`, `user`, `address`, or `token` for wrong tokens of an address',
        }),
        until: TimeShape,
      }),
    ),
    signIns: Type.Object({
      bucketSeconds: Type.Number(),
      points: Type.Array(
        Type.Object({
          start: TimeShape,
          success: Type.Integer(),
          refused: Type.Integer(),
          throttled: Type.Integer(),
        }),
      ),
    }),
  }),
)

/** The state of the server and of its users, for operators. */
export function registerOverview(
  api: Api,
  deps: { overview: ReadOverview; status: SystemStatus; storeName: string },
): void {
  api.get(
    '/api/v2/overview',
    {
      schema: {
        operationId: 'GetOverview',
        summary: 'How the server is doing, for an operator',
        tags: ['System'],
        querystring: Type.Object({
          hours: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 720,
              description: 'How far back sign-ins go; 24 if not given',
            }),
          ),
        }),
        response: { 200: ref(OverviewShape), ...errors(...CREDENTIALS, 400) },
      },
    },
    async ({ principal, query }) => {
      const { throttled, ...rest } = await deps.overview(principal, query.hours ?? 24)
      const { status } = deps
      const failed = (await status.checks()).find((each) => each.status === 'fail')
      return {
        version: status.version,
        influxVersion: status.influxVersion,
        startedAt: status.startedAt,
        store: deps.storeName,
        status: failed ? 'fail' : 'pass',
        message: failed ? (failed.message ?? `${failed.name} fails`) : 'healthy',
        ...rest,
        signIns: { ...rest.signIns, points: [...rest.signIns.points] },
        throttled: throttled.map(({ until, ...each }) => ({ ...each, until: new Date(until).toISOString() })),
      }
    },
  )
}
