import Type, { type Static } from 'typebox'
import type { ReadOverview } from '../../../domain/overview/overview.ts'
import type { TokenTraffic, TrafficSummary } from '../../../domain/traffic/traffic-summary.ts'
import type { UpstreamState } from '../../../domain/traffic/upstream-state.ts'
import { CREDENTIALS, errors, IDShape, named, ref, TimeShape } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'
import type { SystemStatus } from './system.ts'
import { TrafficCountsShape } from './traffic.ts'

const totals = { lastHour: ref(TrafficCountsShape), lastDay: ref(TrafficCountsShape) }

const TrafficSummaryShape = Type.Object(
  {
    since: Type.String({ description: 'When the node that answers began to count (RFC 3339, UTC)' }),
    total: Type.Object(totals),
    organizations: Type.Array(
      Type.Object({
        orgID: IDShape,
        org: Type.Optional(Type.String({ description: 'Missing if it was deleted' })),
        ...totals,
      }),
      { description: 'The ten most active ones of either time' },
    ),
    tokens: Type.Array(
      Type.Object({
        id: IDShape,
        description: Type.Optional(
          Type.String({ description: 'Missing, as are the rest, if it was deleted' }),
        ),
        orgID: Type.Optional(IDShape),
        org: Type.Optional(Type.String()),
        userID: Type.Optional(IDShape),
        user: Type.Optional(Type.String()),
        ...totals,
      }),
      { description: 'The ten most active ones of either time' },
    ),
  },
  { description: 'What the node that answers forwarded to InfluxDB; each node counts its own' },
)

const UpstreamStateShape = Type.Object(
  {
    configured: Type.Boolean({ description: 'Whether this server guards an InfluxDB' }),
    up: Type.Boolean({ description: 'Whether that answers' }),
    lastAnswerAt: Type.Optional(TimeShape),
    differences: Type.Optional(
      Type.Integer({ description: 'How many records differ there; missing if they are not compared' }),
    ),
  },
  { description: 'The InfluxDB that this server guards, as the node that answers sees it' },
)

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
        userID: Type.Optional(IDShape),
        userName: Type.Optional(Type.String({ description: 'Who is throttled; missing for unknown names' })),
        until: TimeShape,
      }),
    ),
    refused: Type.Object(
      {
        users: Type.Array(
          Type.Object({ userID: IDShape, name: Type.Optional(Type.String()), count: Type.Integer() }),
        ),
        addresses: Type.Array(Type.Object({ address: Type.String(), count: Type.Integer() })),
      },
      { description: 'The users and addresses with most refused and throttled sign-ins, most first' },
    ),
    tokens: Type.Object(
      {
        expiring: Type.Integer({ description: 'Active ones that expire within 30 days' }),
        neverUsed: Type.Integer({ description: 'Active ones; a first use counts within a minute' }),
      },
      { description: 'How many tokens need a look' },
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
    traffic: TrafficSummaryShape,
    upstream: UpstreamStateShape,
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
        summary: 'See how the server is doing, for an operator',
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
      const { throttled, refused, traffic, upstream, ...rest } = await deps.overview(
        principal,
        query.hours ?? 24,
      )
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
        traffic: trafficBody(traffic),
        upstream: upstreamBody(upstream),
        signIns: { ...rest.signIns, points: [...rest.signIns.points] },
        refused: {
          users: refused.users.map(({ userID, name, count }) => ({
            ...{ userID, count },
            ...(name === undefined ? {} : { name }),
          })),
          addresses: [...refused.addresses],
        },
        throttled: throttled.map(({ until, user, address, scope, userID }) => ({
          ...{ address, scope, until: new Date(until).toISOString() },
          ...(userID ? { userID } : {}),
          ...(user ? { userName: user.name } : {}),
        })),
      }
    },
  )
}

function trafficBody({
  since,
  total,
  organizations,
  tokens,
}: TrafficSummary): Static<typeof TrafficSummaryShape> {
  return {
    since: new Date(since).toISOString(),
    total: { ...total },
    organizations: organizations.map(({ org, ...each }) => ({
      ...each,
      ...(org === undefined ? {} : { org }),
    })),
    tokens: tokens.map(({ token, ...each }) => ({ ...each, ...(token ? tokenBody(token) : {}) })),
  }
}

function upstreamBody({
  configured,
  up,
  lastAnswerAt,
  differences,
}: UpstreamState): Static<typeof UpstreamStateShape> {
  return {
    ...{ configured, up },
    ...(lastAnswerAt === undefined ? {} : { lastAnswerAt: new Date(lastAnswerAt).toISOString() }),
    ...(differences === undefined ? {} : { differences }),
  }
}

function tokenBody({ org, user, ...token }: NonNullable<TokenTraffic['token']>) {
  return { ...token, ...(org === undefined ? {} : { org }), ...(user === undefined ? {} : { user }) }
}
