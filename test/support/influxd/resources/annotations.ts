/** Annotations and their streams, which belong to the organization in the query. */
import { InfluxError } from '../core/errors.ts'
import { type Answer, type Exchange, idOf, json, NO_CONTENT, type Sent, sentJSON } from '../core/exchange.ts'
import { mustBeID } from '../core/ids.ts'
import { permission } from '../core/permissions.ts'
import { type Route, route } from '../core/router.ts'
import { nowText, type Record_, recordsOf } from '../core/state.ts'

const PATH = '/api/v2private/annotations'
const STREAMS = '/api/v2private/streams'

export const ANNOTATION_ROUTES: readonly Route[] = [
  route('GET', PATH, (exchange) => json(200, groupedByStream(inOrg(exchange, 'annotations', 'read')))),
  route('POST', PATH, create),
  route('DELETE', PATH, (exchange) => {
    for (const { id } of inOrg(exchange, 'annotations', 'write'))
      recordsOf(exchange.state, 'annotations').delete(id)
    return NO_CONTENT
  }),
  route('GET', `${PATH}/:id`, (exchange) => json(200, found(exchange, 'read'))),
  route('PUT', `${PATH}/:id`, (exchange) => {
    const { id, orgID } = found(exchange, 'write')
    return json(200, Object.assign(found(exchange, 'write'), sentJSON(exchange), { id, orgID }))
  }),
  route('DELETE', `${PATH}/:id`, (exchange) => {
    recordsOf(exchange.state, 'annotations').delete(found(exchange, 'write').id)
    return NO_CONTENT
  }),
  route('GET', STREAMS, (exchange) => json(200, inOrg(exchange, 'streams', 'read'))),
  route('PUT', STREAMS, createStream),
]

function orgIDOf({ query }: Exchange): string {
  const orgID = query.get('orgID')
  if (!orgID) throw new InfluxError('invalid', 'invalid or missing org ID')
  return mustBeID(orgID)
}

function inOrg(exchange: Exchange, collection: string, action: 'read' | 'write'): Record_[] {
  const orgID = orgIDOf(exchange)
  exchange.caller.need(permission(action, 'annotations', { orgID }))
  return [...recordsOf(exchange.state, collection).values()].filter((each) => each.orgID === orgID)
}

function groupedByStream(annotations: readonly Record_[]): Sent {
  return [...Map.groupBy(annotations, ({ stream }) => stream)].map(([stream, own]) => ({
    stream,
    annotations: own,
  }))
}

function create(exchange: Exchange): Answer {
  const { state } = exchange
  inOrg(exchange, 'annotations', 'write')
  const made: Record_[] = sentJSON(exchange).map((sent: Sent) => ({
    stream: 'default',
    startTime: nowText(),
    ...sent,
    id: state.nextID(),
    orgID: orgIDOf(exchange),
  }))
  for (const each of made) recordsOf(state, 'annotations').set(each.id, each)
  return json(200, made)
}

function found({ state, caller, ...exchange }: Exchange, action: 'read' | 'write'): Record_ {
  const id = idOf({ state, caller, ...exchange })
  const annotation = recordsOf(state, 'annotations').get(id)
  if (!annotation) throw new InfluxError('invalid', 'annotation not found')
  caller.need(permission(action, 'annotations', { id, orgID: annotation.orgID }))
  return annotation
}

function createStream(exchange: Exchange): Answer {
  const { state } = exchange
  inOrg(exchange, 'streams', 'write')
  const now = nowText()
  const { stream, description = '' } = sentJSON(exchange)
  const made = {
    id: state.nextID(),
    orgID: orgIDOf(exchange),
    stream,
    description,
    createdAt: now,
    updatedAt: now,
  }
  recordsOf(state, 'streams').set(made.id, made)
  return json(200, made)
}
