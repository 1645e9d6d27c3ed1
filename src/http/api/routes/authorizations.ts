import Type, { type Static } from 'typebox'
import type { AuthorizationDetails } from '../../../domain/authorizations/authorization-details.ts'
import type { Authorizations } from '../../../domain/authorizations/authorizations.ts'
import type { TokenUsage } from '../../../domain/authorizations/token-usage.ts'
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
import { PermissionInput, PermissionShape } from './permissions.ts'

export const AuthorizationLinksShape = Type.Object({ self: Type.String(), user: Type.String() })

export const AuthorizationShape = named(
  'Authorization',
  Type.Object({
    id: IDShape,
    token: Type.String({ description: 'Shown once, in the answer that creates it; else empty' }),
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
    expiresAt: Type.Optional(TimeShape),
    lastUsedAt: Type.Optional(TimeShape),
    graceUntil: Type.Optional(
      Type.String({ description: 'When the secret before the last rotation stops working (RFC 3339, UTC)' }),
    ),
  }),
)
export const AuthorizationsShape = named(
  'Authorizations',
  Type.Object({
    links: Type.Object({ self: Type.String() }),
    authorizations: Type.Array(ref(AuthorizationShape)),
  }),
)

const AuthorizationUpdate = {
  status: Type.Optional(StatusShape),
  description: Type.Optional(Type.String()),
}

/** What a client may send back as it read it; 400 if it differs. 1.x authorizations have them too. */
export const Unchangeable = {
  permissions: Type.Optional(Type.Array(PermissionInput, { description: 'Only as they are' })),
  token: Type.Optional(Type.String({ description: 'Only as it is' })),
  orgID: Type.Optional(Type.String({ description: 'Only as it is' })),
  userID: Type.Optional(Type.String({ description: 'Only as it is' })),
}

const Changeable = {
  expiresAt: Type.Optional(
    Type.String({
      description:
        'RFC 3339, or `never`. A later one needs the permissions of the token, as creating it does',
    }),
  ),
  graceUntil: Type.Optional(
    Type.String({ description: '`now` revokes the secret before the last rotation; else only as it is' }),
  ),
}

const UsageQuery = {
  usage: Type.Optional(Type.Boolean({ description: 'Show `lastUsedAt`, where there is one' })),
}

function authorizationBody(
  { authorization, org, user, permissions }: AuthorizationDetails,
  shown: { token?: string; lastUsedAt?: string | undefined } = {},
): Static<typeof AuthorizationShape> {
  const { id, userID } = authorization
  return {
    id,
    token: shown.token ?? '',
    status: authorization.status,
    description: authorization.description,
    orgID: authorization.orgID,
    org,
    userID,
    user,
    permissions: [...permissions],
    links: { self: `/api/v2/authorizations/${id}`, user: `/api/v2/users/${userID}` },
    createdAt: authorization.createdAt,
    updatedAt: authorization.updatedAt,
    ...(authorization.expiresAt ? { expiresAt: authorization.expiresAt } : {}),
    ...(shown.lastUsedAt ? { lastUsedAt: shown.lastUsedAt } : {}),
    ...(authorization.previous ? { graceUntil: authorization.previous.until } : {}),
  }
}

export function registerAuthorizations(
  api: Api,
  deps: { authorizations: Authorizations; tokenUsage: Pick<TokenUsage, 'lastUse'>; inTurn: InTurn },
): void {
  const { authorizations, tokenUsage } = deps

  /** The last use, if the query asks for it: from the last minute's uses in memory, else from the database. */
  function usage({ authorization: { id, lastUsedAt } }: AuthorizationDetails, asked = false) {
    const recent = tokenUsage.lastUse(id)
    return asked ? { lastUsedAt: recent ? new Date(recent).toISOString() : lastUsedAt } : {}
  }
  const tags = ['Authorizations']

  api.get(
    '/api/v2/authorizations',
    {
      schema: {
        operationId: 'GetAuthorizations',
        summary: 'List the tokens that the caller may read, all of them',
        tags,
        querystring: Type.Object({
          id: Type.Optional(IDShape),
          user: Type.Optional(Type.String()),
          userID: Type.Optional(IDShape),
          org: Type.Optional(Type.String()),
          orgID: Type.Optional(IDShape),
          ...UsageQuery,
        }),
        response: { 200: ref(AuthorizationsShape), ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    ({ principal, query, raw: { socket } }) =>
      deps.inTurn(async () => {
        // The client has gone, so the next one in the queue takes its turn.
        if (socket.destroyed) return { links: { self: '/api/v2/authorizations' }, authorizations: [] }
        const { user, org } = query
        const ids = { id: toID(query.id), userID: toID(query.userID), orgID: toID(query.orgID) }
        const found = await authorizations.list(principal, { ...ids, user, org })
        return {
          links: { self: '/api/v2/authorizations' },
          authorizations: found.map((each) => authorizationBody(each, usage(each, query.usage))),
        }
      }),
  )

  api.post(
    '/api/v2/authorizations',
    {
      config: { jsonErrorPrefix: 'invalid json structure: ' },
      schema: {
        operationId: 'PostAuthorizations',
        summary: 'Create a token with permissions that the caller has',
        tags,
        body: Type.Object({
          ...AuthorizationUpdate,
          orgID: Type.Optional(Type.String({ format: 'id', description: 'Needed' })),
          userID: Type.Optional(
            Type.String({ format: 'id', description: "Whose token it is; the caller's if not given" }),
          ),
          permissions: Type.Optional(Type.Array(PermissionInput, { description: 'At least one' })),
          expiresAt: Type.Optional(Type.String({ description: 'RFC 3339; never if not given' })),
          token: Type.Optional(
            Type.String({ description: '32 printable characters or more; a random token if not given' }),
          ),
        }),
        response: { 201: ref(AuthorizationShape), ...errors(...CREDENTIALS, ...BODY, 404, 422) },
      },
    },
    async (request, reply) => {
      const { orgID, userID, ...rest } = request.body
      const input = { ...rest, orgID: toID(orgID), userID: toID(userID) }
      const { details, token } = await authorizations.create(request.caller(), input)
      return reply.code(201).send(authorizationBody(details, { token }))
    },
  )

  api.get(
    '/api/v2/authorizations/:id',
    {
      schema: {
        operationId: 'GetAuthorizationsID',
        summary: 'Retrieve a token, without the token itself',
        tags,
        params: IDParams,
        querystring: Type.Object(UsageQuery),
        response: { 200: ref(AuthorizationShape), ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async ({ principal, params, query }) => {
      const details = await authorizations.get(principal, toID(params.id))
      return authorizationBody(details, usage(details, query.usage))
    },
  )

  api.patch(
    '/api/v2/authorizations/:id',
    {
      schema: {
        operationId: 'PatchAuthorizationsID',
        summary:
          'Change a token: disable or enable it, describe it, change its expiry, or revoke its old secret',
        tags,
        params: IDParams,
        body: Type.Object({ ...AuthorizationUpdate, ...Changeable, ...Unchangeable }),
        response: { 200: ref(AuthorizationShape), ...errors(...CREDENTIALS, ...BODY, 404, 422) },
      },
    },
    async (request) => {
      const id = toID(request.params.id)
      return authorizationBody(await authorizations.update(request.caller(), id, request.body))
    },
  )

  api.delete(
    '/api/v2/authorizations/:id',
    {
      schema: {
        operationId: 'DeleteAuthorizationsID',
        summary: 'Delete a token',
        tags,
        params: IDParams,
        response: { 204: NoContent, ...errors(...CREDENTIALS, 400, 404, 422) },
      },
    },
    async (request, reply) => {
      await authorizations.remove(request.caller(), toID(request.params.id))
      return reply.code(204).send(null)
    },
  )

  api.post(
    '/api/v2/authorizations/:id/rotate',
    {
      schema: {
        operationId: 'PostAuthorizationsIDRotate',
        summary: 'Give a token a new secret; the old one works for the grace period',
        tags,
        params: IDParams,
        body: Type.Object({
          graceSeconds: Type.Optional(Type.Integer({ description: '0, at once, if not given' })),
        }),
        response: { 200: ref(AuthorizationShape), ...errors(...CREDENTIALS, ...BODY, 404) },
      },
      preValidation(request, _reply, done) {
        request.body ??= {}
        done()
      },
    },
    async (request) => {
      const { graceSeconds = 0 } = request.body
      const rotated = await authorizations.rotate(request.caller(), toID(request.params.id), graceSeconds)
      return authorizationBody(rotated.details, { token: rotated.token })
    },
  )
}
