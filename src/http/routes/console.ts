/** What the console needs besides InfluxDB's routes: what is switched on, why a user may do what, an overview. */
import Type, { type Static } from 'typebox'
import type { ReadOverview } from '../../domain/overview/overview.ts'
import type { GrantsOf, UserGrants } from '../../domain/users/user-grants.ts'
import type { Api } from '../api.ts'
import { constantDocument } from '../constant-document.ts'
import { toId } from '../page-query.ts'
import { errors, IdParams, IdShape, NoContent, named, ref, TimeShape } from '../shapes.ts'
import { PermissionShape } from './permissions.ts'
import type { SystemStatus } from './system.ts'

const FeaturesShape = named(
  'Features',
  Type.Object({
    rememberSeconds: Type.Integer({ description: 'How long "keep me signed in" lasts; 0 where it is off' }),
    passwordPolicy: Type.String({ description: '`none`, `common` or `strong`' }),
    deployment: Type.String({ description: '`oss` or `cloud`' }),
  }),
)
export type Features = Static<typeof FeaturesShape>

const GrantShape = named(
  'Grant',
  Type.Object({
    kind: Type.String({ description: '`self`, `membership` or `token`' }),
    role: Type.Optional(Type.String({ description: 'Of a membership: `member` or `owner`' })),
    resource: Type.Optional(
      Type.Object({
        type: Type.String({ description: '`orgs`, `buckets` or `instance`' }),
        id: IdShape,
        name: Type.String(),
      }),
    ),
    authorization: Type.Optional(Type.Object({ id: IdShape, description: Type.String() })),
    permissions: Type.Array(ref(PermissionShape)),
  }),
)
const GrantsShape = named(
  'Grants',
  Type.Object({
    links: Type.Object({ self: Type.String(), user: Type.String() }),
    operator: Type.Boolean({ description: 'Whether the user may change anything' }),
    grants: Type.Array(ref(GrantShape)),
  }),
)

const OverviewShape = named(
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
        scope: Type.String({ description: 'What has too many failures: `pair`, `user` or `address`' }),
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
export const consoleShapes = [FeaturesShape, GrantShape, GrantsShape, OverviewShape]

export function registerFeatures(api: Api, { features }: { features: Features }): void {
  api.get(
    '/api/v2/features',
    {
      schema: {
        operationId: 'GetFeatures',
        summary: 'What a sign-in page must know before anybody is signed in',
        tags: ['System'],
        security: [],
        response: { 200: ref(FeaturesShape), 304: NoContent, ...errors },
      },
    },
    constantDocument(() => features),
  )
}

export function registerConsole(
  api: Api,
  deps: { grantsOf: GrantsOf; overview: ReadOverview; status: SystemStatus; storeName: string },
): void {
  api.get(
    '/api/v2/users/:id/grants',
    {
      schema: {
        operationId: 'GetUsersIDGrants',
        summary: 'What a user may do by session, and why: by membership, by token',
        tags: ['Users'],
        params: IdParams,
        response: { 200: ref(GrantsShape), ...errors },
      },
    },
    async ({ principal, params }) =>
      grantsBody(toId(params.id), await deps.grantsOf(principal, toId(params.id))),
  )

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
        response: { 200: ref(OverviewShape), ...errors },
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

function grantsBody(id: string, { grants, operator }: UserGrants): Static<typeof GrantsShape> {
  const user = `/api/v2/users/${id}`
  return {
    links: { self: `${user}/grants`, user },
    operator,
    grants: grants.map((grant) => ({ ...grant, permissions: [...grant.permissions] })),
  }
}
