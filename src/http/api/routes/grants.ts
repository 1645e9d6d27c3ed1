import Type, { type Static } from 'typebox'
import type { GrantsOf, UserGrants } from '../../../domain/users/user-grants.ts'
import type { InTurn } from '../../request/in-turn.ts'
import { toID } from '../../request/page-query.ts'
import { CREDENTIALS, errors, IDParams, IDShape, named, ref } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'
import { PermissionShape } from './permissions.ts'

export const GrantShape = named(
  'Grant',
  Type.Object({
    kind: Type.String({ description: '`self`, `membership` or `token`' }),
    role: Type.Optional(Type.String({ description: 'Of a membership: `member` or `owner`' })),
    providers: Type.Optional(
      Type.Array(Type.Object({ name: Type.String(), group: Type.String(), role: Type.String() }), {
        description: 'Of a membership that rules give to groups of providers',
      }),
    ),
    byHand: Type.Optional(
      Type.Boolean({ description: 'Of such a membership: whether it was given by hand too' }),
    ),
    bounded: Type.Optional(
      Type.Boolean({ description: 'Of a token that gives at most what the memberships give' }),
    ),
    resource: Type.Optional(
      Type.Object({
        type: Type.String({ description: '`orgs`, `buckets` or `instance`' }),
        id: IDShape,
        name: Type.String(),
      }),
    ),
    authorization: Type.Optional(Type.Object({ id: IDShape, description: Type.String() })),
    permissions: Type.Array(ref(PermissionShape)),
  }),
)
export const GrantsShape = named(
  'Grants',
  Type.Object({
    links: Type.Object({ self: Type.String(), user: Type.String() }),
    operator: Type.Boolean({ description: 'Whether the user may change anything' }),
    grants: Type.Array(ref(GrantShape)),
  }),
)

export function registerGrants(api: Api, { grantsOf, inTurn }: { grantsOf: GrantsOf; inTurn: InTurn }): void {
  api.get(
    '/api/v2/users/:id/grants',
    {
      schema: {
        operationId: 'GetUsersIDGrants',
        summary: 'See what a user may do by session, and why: by membership, by token',
        tags: ['Users'],
        params: IDParams,
        response: { 200: ref(GrantsShape), ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    ({ principal, params }) =>
      inTurn(async () => grantsBody(toID(params.id), await grantsOf(principal, toID(params.id)))),
  )
}

function grantsBody(id: string, { grants, operator }: UserGrants): Static<typeof GrantsShape> {
  const user = `/api/v2/users/${id}`
  return {
    links: { self: `${user}/grants`, user },
    operator,
    grants: grants.map(({ providers, ...grant }) => ({
      ...grant,
      ...(providers ? { providers: [...providers] } : {}),
      permissions: [...grant.permissions],
    })),
  }
}
