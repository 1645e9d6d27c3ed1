import Type, { type Static } from 'typebox'
import type { TrafficOf, TrafficSince } from '../../../domain/traffic/traffic-of.ts'
import type { TrafficCounts, TrafficSpan } from '../../../domain/traffic/traffic-series.ts'
import { toID } from '../../request/page-query.ts'
import { CREDENTIALS, errors, IDParams, named, ref, TimeShape, timeOf } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'

const counts = {
  requests: Type.Integer(),
  refused: Type.Integer({ description: 'Answered 401, 403 or 429' }),
  errors: Type.Integer({ description: 'Other answers from 400 on, and answers that were cut off' }),
  bytesIn: Type.Integer({ description: 'Of request bodies, as they were sent' }),
  bytesOut: Type.Integer({ description: 'Of answers, as InfluxDB sent them' }),
}

export const TrafficCountsShape = named('TrafficCounts', Type.Object(counts))

const TrafficSpanShape = named(
  'TrafficSpan',
  Type.Object({
    bucketSeconds: Type.Integer(),
    total: ref(TrafficCountsShape),
    points: Type.Array(Type.Object({ start: TimeShape, ...counts }), {
      description: 'Oldest first, without gaps; the last one goes on',
    }),
  }),
)

const TrafficShape = named(
  'Traffic',
  Type.Object(
    {
      links: Type.Object({ self: Type.String() }),
      since: Type.String({ description: 'When the node that answers began to count (RFC 3339, UTC)' }),
      forwards: Type.Boolean({ description: 'Whether this server guards an InfluxDB' }),
      lastHour: ref(TrafficSpanShape),
      lastDay: ref(TrafficSpanShape),
    },
    {
      description:
        'Requests that the node that answers forwarded to InfluxDB, or refused to. Each node counts its own, in memory, from its start on',
    },
  ),
)

export const trafficShapes = [TrafficCountsShape, TrafficSpanShape, TrafficShape]

/** The traffic of a user and of a token, for those who may read it. */
export function registerTraffic(api: Api, { trafficOf }: { trafficOf: TrafficOf }): void {
  const response = { 200: ref(TrafficShape), ...errors(...CREDENTIALS, 400, 404) }

  api.get(
    '/api/v2/users/:id/traffic',
    {
      schema: {
        operationId: 'GetUsersIDTraffic',
        summary: 'See what a user sent to InfluxDB through this node, by sessions and tokens',
        tags: ['Users'],
        params: IDParams,
        response,
      },
    },
    async ({ principal, params }) => {
      const id = toID(params.id)
      return trafficBody(`/api/v2/users/${id}/traffic`, await trafficOf.user(principal, id))
    },
  )

  api.get(
    '/api/v2/authorizations/:id/traffic',
    {
      schema: {
        operationId: 'GetAuthorizationsIDTraffic',
        summary: 'See what was sent to InfluxDB through this node with a token',
        tags: ['Authorizations'],
        params: IDParams,
        response,
      },
    },
    async ({ principal, params }) => {
      const id = toID(params.id)
      return trafficBody(`/api/v2/authorizations/${id}/traffic`, await trafficOf.token(principal, id))
    },
  )
}

function trafficBody(
  self: string,
  { since, forwards, lastHour, lastDay }: TrafficSince,
): Static<typeof TrafficShape> {
  return {
    links: { self },
    since: timeOf(since),
    forwards,
    lastHour: spanBody(lastHour),
    lastDay: spanBody(lastDay),
  }
}

function spanBody({ bucketMs, total, points }: TrafficSpan): Static<typeof TrafficSpanShape> {
  return {
    bucketSeconds: bucketMs / 1000,
    total: countsBody(total),
    points: points.map(({ start, ...counted }) => ({ start: timeOf(start), ...counted })),
  }
}

const countsBody = (counted: TrafficCounts): Static<typeof TrafficCountsShape> => ({ ...counted })
