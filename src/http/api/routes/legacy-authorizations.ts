import Type, { type Static } from 'typebox'
import type {
  LegacyAuthorizationDetails,
  LegacyAuthorizations,
} from '../../../domain/legacy-authorizations/legacy-authorizations.ts'
import type { InTurn } from '../../request/in-turn.ts'
import { toID } from '../../request/page-query.ts'
import {
  BODY,
  CREDENTIALS,
  errors,
  IDParams,
  IDShape,
  NoContent,
  named,
  ref,
  StatusShape,
  TimeShape,
} from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'
import { AuthorizationLinksShape, Unchangeable } from './authorizations.ts'
import { PermissionInput, PermissionShape } from './permissions.ts'

const PATH = '/private/legacy/authorizations'

export const LegacyAuthorizationShape = named(
  'LegacyAuthorization',
  Type.Object({
    id: IDShape,
    token: Type.String({ description: 'The 1.x user name; it is not secret' }),
    status: StatusShape,
    description: Type.String(),
    orgID: IDShape,
    org: Type.String(),
    userID: IDShape,
    user: Type.String(),
    permissions: Type.Array(ref(PermissionShape)),
    links: AuthorizationLinksShape,
    createdAt: TimeShape,
    updatedAt: TimeShape,
  }),
)
export const LegacyAuthorizationsShape = named(
  'LegacyAuthorizations',
  Type.Object({
    links: Type.Object({ self: Type.String() }),
    authorizations: Type.Array(ref(LegacyAuthorizationShape)),
  }),
)

function bodyOf(details: LegacyAuthorizationDetails): Static<typeof LegacyAuthorizationShape> {
  const { name, id, userID, status, description, orgID, createdAt, updatedAt } = details.authorization
  return {
    ...{ id, token: name, status, description, orgID, org: details.org, userID, user: details.user },
    permissions: [...details.permissions],
    links: { self: `${PATH}/${id}`, user: `/api/v2/users/${userID}` },
    ...{ createdAt, updatedAt },
  }
}

/** The names and passwords of clients of the 1.x API. */
export function registerLegacyAuthorizations(
  api: Api,
  { legacyAuthorizations, inTurn }: { legacyAuthorizations: LegacyAuthorizations; inTurn: InTurn },
): void {
  const tags = ['1.x authorizations']

  api.get(
    PATH,
    {
      schema: {
        operationId: 'GetLegacyAuthorizations',
        summary: 'List the 1.x authorizations that the caller may read, all of them',
        tags,
        querystring: Type.Object({
          id: Type.Optional(IDShape),
          token: Type.Optional(Type.String({ description: 'The 1.x user name' })),
          user: Type.Optional(Type.String()),
          userID: Type.Optional(IDShape),
          org: Type.Optional(Type.String()),
          orgID: Type.Optional(IDShape),
        }),
        response: { 200: ref(LegacyAuthorizationsShape), ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    ({ principal, query }) =>
      inTurn(async () => {
        const { token: name, user, org } = query
        const ids = { id: toID(query.id), userID: toID(query.userID), orgID: toID(query.orgID) }
        const found = await legacyAuthorizations.list(principal, { ...ids, name, user, org })
        return { links: { self: PATH }, authorizations: found.map(bodyOf) }
      }),
  )

  api.post(
    PATH,
    {
      schema: {
        operationId: 'PostLegacyAuthorizations',
        summary: 'Create a 1.x authorization with permissions that the caller has',
        tags,
        body: Type.Object({
          token: Type.Optional(Type.String({ description: 'The 1.x user name; needed' })),
          orgID: Type.Optional(Type.String({ format: 'id', description: 'Needed' })),
          userID: Type.Optional(Type.String({ format: 'id', description: "The caller's if not given" })),
          status: Type.Optional(StatusShape),
          description: Type.Optional(Type.String()),
          permissions: Type.Optional(Type.Array(PermissionInput, { description: 'At least one' })),
        }),
        response: { 201: ref(LegacyAuthorizationShape), ...errors(...CREDENTIALS, ...BODY, 404, 422) },
      },
    },
    async (request, reply) => {
      const { token: name, orgID, userID, ...rest } = request.body
      const input = { ...rest, name, orgID: toID(orgID), userID: toID(userID) }
      return reply.code(201).send(bodyOf(await legacyAuthorizations.create(request.caller(), input)))
    },
  )

  api.get(
    `${PATH}/:id`,
    {
      schema: {
        operationId: 'GetLegacyAuthorizationsID',
        summary: 'Retrieve a 1.x authorization',
        tags,
        params: IDParams,
        response: { 200: ref(LegacyAuthorizationShape), ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async ({ principal, params }) => bodyOf(await legacyAuthorizations.get(principal, toID(params.id))),
  )

  api.patch(
    `${PATH}/:id`,
    {
      schema: {
        operationId: 'PatchLegacyAuthorizationsID',
        summary: 'Change a 1.x authorization: disable or enable it, or describe it',
        tags,
        params: IDParams,
        body: Type.Object({
          status: Type.Optional(StatusShape),
          description: Type.Optional(Type.String()),
          ...Unchangeable,
        }),
        response: { 200: ref(LegacyAuthorizationShape), ...errors(...CREDENTIALS, ...BODY, 404) },
      },
    },
    async (request) => {
      const id = toID(request.params.id)
      return bodyOf(await legacyAuthorizations.update(request.caller(), id, request.body))
    },
  )

  api.delete(
    `${PATH}/:id`,
    {
      schema: {
        operationId: 'DeleteLegacyAuthorizationsID',
        summary: 'Delete a 1.x authorization',
        tags,
        params: IDParams,
        response: { 204: NoContent, ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async (request, reply) => {
      await legacyAuthorizations.remove(request.caller(), toID(request.params.id))
      return reply.code(204).send(null)
    },
  )

  api.post(
    `${PATH}/:id/password`,
    {
      schema: {
        operationId: 'PostLegacyAuthorizationsIDPassword',
        summary: 'Set the password of a 1.x authorization',
        tags,
        params: IDParams,
        body: Type.Object({ password: Type.Optional(Type.String({ description: '8 to 72 bytes' })) }),
        response: { 204: NoContent, ...errors(...CREDENTIALS, ...BODY, 404) },
      },
    },
    async (request, reply) => {
      const { password = '' } = request.body
      await legacyAuthorizations.setPassword(request.caller(), toID(request.params.id), password)
      return reply.code(204).send(null)
    },
  )
}
