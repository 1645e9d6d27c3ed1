import Type, { type Static } from 'typebox'
import type { Audit } from '../../../domain/audit/audit.ts'
import type { FoundEvent } from '../../../domain/audit/current-names.ts'
import { pageRequest, toID } from '../../request/page-query.ts'
import { CREDENTIALS, errors, IDShape, named, PageQuery, ref, TimeShape } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'
import type { RouteSummaries } from '../frame/route-summaries.ts'

const AuditEventShape = named(
  'AuditEvent',
  Type.Object({
    id: IDShape,
    time: TimeShape,
    event: Type.String({ examples: ['signin', 'user.create'] }),
    outcome: Type.String({ description: '`success`, `refused`, `throttled`, `expired` or `failed`' }),
    actor: Type.Object({
      userID: Type.Optional(IDShape),
      userName: Type.Optional(Type.String({ description: 'As of then, as are all names' })),
      sessionID: Type.Optional(IDShape),
      authorizationID: Type.Optional(IDShape),
      authorizationDescription: Type.Optional(
        Type.String({
          description: 'Of the token; for operators, and for the owners of the organization of the token',
        }),
      ),
    }),
    target: Type.Object({
      type: Type.String(),
      id: Type.Optional(IDShape),
      name: Type.Optional(
        Type.String({ description: 'Of a token its description, of a route its operation id' }),
      ),
      summary: Type.Optional(Type.String({ description: 'Of a route: what it does, in words' })),
      orgID: Type.Optional(IDShape),
      orgName: Type.Optional(Type.String()),
      userID: Type.Optional(IDShape),
      userName: Type.Optional(Type.String()),
    }),
    address: Type.String(),
    userAgent: Type.String(),
    requestId: Type.String(),
    count: Type.Integer({ description: 'How often, where events are counted by the minute' }),
    statement: Type.Optional(
      Type.String({ description: 'Of a query or delete of data: the first 4 KiB of what was sent' }),
    ),
    durationMs: Type.Optional(
      Type.Integer({ description: 'Of a query or delete of data: until the end of the answer' }),
    ),
    status: Type.Optional(
      Type.Integer({ description: 'Of a query or delete of data: the HTTP status of the answer' }),
    ),
    currentNames: Type.Optional(
      Type.Array(Type.String({ examples: ['actor.userName', 'target.name'] }), {
        description:
          'Which of these names are those of now, since the event was written without them by an earlier version',
      }),
    ),
  }),
)
const AuditEventsShape = named(
  'AuditEvents',
  Type.Object({
    links: Type.Object({ self: Type.String(), next: Type.Optional(Type.String()) }),
    events: Type.Array(ref(AuditEventShape)),
  }),
)
export const auditShapes = [AuditEventShape, AuditEventsShape]

const { offset, limit, after } = PageQuery

function eventBody(
  { currentNames, statement, durationMs, status, ...event }: FoundEvent,
  summaries: RouteSummaries,
): Static<typeof AuditEventShape> {
  const { type, name = '' } = event.target
  const summary = type === 'route' ? summaries.get(name) : undefined
  return {
    ...event,
    actor: defined(event.actor),
    target: { ...defined({ ...event.target, summary }), type },
    ...defined({ statement, durationMs, status }),
    ...(currentNames ? { currentNames: [...currentNames] } : {}),
  }
}

function defined<T extends object>(value: T) {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}

export function registerAudit(api: Api, { audit }: { audit: Audit }, summaries: RouteSummaries): void {
  const self = '/api/v2/audit'
  api.get(
    self,
    {
      schema: {
        operationId: 'GetAudit',
        summary: 'Read the audit log: an operator all of it, owners what lies in their organizations',
        tags: ['Audit'],
        querystring: Type.Object({
          limit,
          offset,
          after,
          descending: Type.Optional(Type.Boolean({ description: 'The newest first unless false' })),
          userID: Type.Optional(
            Type.String({ format: 'id', description: 'Who did it, or whom it concerns' }),
          ),
          event: Type.Optional(Type.String()),
          outcome: Type.Optional(Type.String()),
          search: Type.Optional(
            Type.String({
              maxLength: 100,
              description:
                'A part of a name (of then), an address, a browser or an id, in any case. One answer looks at 50,000 events at the most: `links.next` goes on, also after an answer without events',
            }),
          ),
          start: Type.Optional(Type.String({ description: 'RFC 3339: from this time on' })),
          stop: Type.Optional(Type.String({ description: 'RFC 3339: before this time' })),
        }),
        response: { 200: ref(AuditEventsShape), ...errors(...CREDENTIALS, 400) },
      },
    },
    async ({ principal, query }) => {
      const { event, outcome, search, start, stop } = query
      const page = { ...pageRequest(query), descending: query.descending ?? true }
      const filter = { userID: toID(query.userID), event, outcome, search, start, stop }
      const { events, next } = await audit.list(principal, filter, page)
      return {
        links: { self, ...(next ? { next: nextLink(self, query, next) } : {}) },
        events: events.map((event) => eventBody(event, summaries)),
      }
    },
  )
}

function nextLink(self: string, query: Readonly<Record<string, unknown>>, after: string): string {
  const pairs = Object.entries({ ...query, after }).filter(
    ([key, value]) => key !== 'offset' && value !== undefined,
  )
  return `${self}?${new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]))}`
}
