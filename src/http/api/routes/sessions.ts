/** Live sessions: listing and ending them. */
import Type, { type Static } from 'typebox'
import { type Session, sessionID } from '../../../domain/records/session.ts'
import { type ListAllSessions, MOST_EXAMINED } from '../../../domain/sessions/all-sessions.ts'
import type { Sessions } from '../../../domain/sessions/sessions.ts'
import { pageRequest, toID } from '../../request/page-query.ts'
import {
  CREDENTIALS,
  errors,
  IDParams,
  IDShape,
  NoContent,
  named,
  PageQuery,
  ref,
  TimeShape,
  timeOf,
} from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'

export const SessionShape = named(
  'Session',
  Type.Object({
    id: IDShape,
    createdAt: TimeShape,
    lastUsedAt: TimeShape,
    expiresAt: TimeShape,
    address: Type.String({ description: 'Where its user signed in from' }),
    userAgent: Type.String(),
    method: Type.String({ description: 'How its user signed in, such as `password` or `oidc`' }),
    level: Type.String({
      description:
        '`one-factor`, or `two-factors` if a second one was used here or the provider answers for it',
    }),
    remembered: Type.Boolean({ description: 'Whether it was signed in to be kept' }),
    current: Type.Boolean({ description: 'Whether it is the one that asks' }),
  }),
)
export const SessionsShape = named(
  'Sessions',
  Type.Object({ links: Type.Object({ self: Type.String() }), sessions: Type.Array(ref(SessionShape)) }),
)

export const ListedSessionShape = named(
  'ListedSession',
  Type.Object({
    ...SessionShape.properties,
    userID: IDShape,
    userName: Type.Optional(Type.String()),
  }),
)
export const ListedSessionsShape = named(
  'ListedSessions',
  Type.Object({
    links: Type.Object({ self: Type.String() }),
    sessions: Type.Array(ref(ListedSessionShape)),
    total: Type.Integer({ description: 'How many match' }),
    complete: Type.Boolean({
      description: `Whether every session was examined; if there are more than ${MOST_EXAMINED}, these were`,
    }),
  }),
)

function sessionBody(session: Session, current: string | undefined): Static<typeof SessionShape> {
  return {
    id: sessionID(session),
    createdAt: timeOf(session.createdAt),
    lastUsedAt: timeOf(session.lastUsedAt),
    expiresAt: timeOf(session.expiresAt),
    address: session.address,
    userAgent: session.userAgent,
    method: session.method,
    level: session.level,
    remembered: session.remembered,
    current: session.keyHash === current,
  }
}

export function registerSessions(
  api: Api,
  { sessions, listAllSessions }: { sessions: Sessions; listAllSessions: ListAllSessions },
): void {
  const tags = ['Sessions']

  api.get(
    '/api/v2/sessions',
    {
      schema: {
        operationId: 'GetSessions',
        summary: "List everybody's live sessions, for an operator",
        tags,
        querystring: Type.Object({
          limit: PageQuery.limit,
          offset: PageQuery.offset,
          search: Type.Optional(
            Type.String({ description: "A part of the user's name, the address, the browser or the id" }),
          ),
        }),
        response: { 200: ref(ListedSessionsShape), ...errors(...CREDENTIALS, 400) },
      },
    },
    async ({ principal, session, query }) => {
      const { limit, offset } = pageRequest(query)
      const found = await listAllSessions(principal, { search: query.search, limit, offset })
      return {
        links: { self: '/api/v2/sessions' },
        sessions: found.sessions.map((each) => ({
          ...sessionBody(each.session, session?.keyHash),
          userID: each.session.userID,
          ...(each.user ? { userName: each.user.name } : {}),
        })),
        total: found.total,
        complete: found.isComplete,
      }
    },
  )

  api.get(
    '/api/v2/me/sessions',
    {
      schema: {
        operationId: 'GetMeSessions',
        summary: "List one's own sessions",
        tags,
        response: { 200: ref(SessionsShape), ...errors(...CREDENTIALS) },
      },
    },
    async ({ principal, session }) => {
      const found = await sessions.list(principal)
      return {
        links: { self: '/api/v2/me/sessions' },
        sessions: found.map((each) => sessionBody(each, session?.keyHash)),
      }
    },
  )

  api.delete(
    '/api/v2/me/sessions',
    {
      schema: {
        operationId: 'DeleteMeSessions',
        summary: "End all of one's own sessions but this one",
        tags,
        response: { 204: NoContent, ...errors(...CREDENTIALS) },
      },
    },
    async (request, reply) => {
      const caller = request.caller()
      await sessions.endAllOf(caller, caller.principal.user.id, { keepOwn: true })
      return reply.code(204).send(null)
    },
  )

  api.delete(
    '/api/v2/me/sessions/:id',
    {
      schema: {
        operationId: 'DeleteMeSessionsID',
        summary: "End one of one's own sessions",
        tags,
        params: IDParams,
        response: { 204: NoContent, ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async (request, reply) => {
      const caller = request.caller()
      await sessions.endOne(caller, caller.principal.user.id, toID(request.params.id))
      return reply.code(204).send(null)
    },
  )

  api.get(
    '/api/v2/users/:id/sessions',
    {
      schema: {
        operationId: 'GetUsersIDSessions',
        summary: "List a user's sessions, for whoever may write the user",
        tags,
        params: IDParams,
        response: { 200: ref(SessionsShape), ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async ({ principal, session, params }) => {
      const userID = toID(params.id)
      const found = await sessions.listOf(principal, userID)
      return {
        links: { self: `/api/v2/users/${userID}/sessions` },
        sessions: found.map((each) => sessionBody(each, session?.keyHash)),
      }
    },
  )

  api.delete(
    '/api/v2/users/:id/sessions',
    {
      schema: {
        operationId: 'DeleteUsersIDSessions',
        summary: "End all of a user's sessions",
        tags,
        params: IDParams,
        response: { 204: NoContent, ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async (request, reply) => {
      await sessions.endAllOf(request.caller(), toID(request.params.id), { keepOwn: false })
      return reply.code(204).send(null)
    },
  )

  api.delete(
    '/api/v2/users/:id/sessions/:sessionID',
    {
      schema: {
        operationId: 'DeleteUsersIDSessionsID',
        summary: "End one of a user's sessions",
        tags,
        params: Type.Object({ id: IDShape, sessionID: IDShape }),
        response: { 204: NoContent, ...errors(...CREDENTIALS, 400, 404) },
      },
    },
    async (request, reply) => {
      const { id, sessionID } = request.params
      await sessions.endOne(request.caller(), toID(id), toID(sessionID))
      return reply.code(204).send(null)
    },
  )

  api.delete(
    '/api/v2/sessions',
    {
      schema: {
        operationId: 'DeleteSessions',
        summary: "End everybody's sessions, for an operator",
        tags,
        response: { 204: NoContent, ...errors(...CREDENTIALS) },
      },
    },
    async (request, reply) => {
      await sessions.endAllOfInstance(request.caller())
      return reply.code(204).send(null)
    },
  )
}
