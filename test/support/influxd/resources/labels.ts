/** Labels on resources. InfluxDB checks no permission for most of them (a hole): tasks, checks, telegrafs and so on. */
import { InfluxError } from '../core/errors.ts'
import { type Answer, type Exchange, idOf, json, NO_CONTENT, sentJSON } from '../core/exchange.ts'
import { mustBeID } from '../core/ids.ts'
import { permission, type ResourceType } from '../core/permissions.ts'
import { type Route, route } from '../core/router.ts'
import { type Record_, recordsOf, type State } from '../core/state.ts'

const CHECKED: readonly ResourceType[] = ['buckets', 'dashboards']
const UNCHECKED: readonly ResourceType[] = [
  'tasks',
  'checks',
  'notificationRules',
  'notificationEndpoints',
  'telegrafs',
  'scrapers',
  'variables',
]

export const LABEL_MAPPING_ROUTES: readonly Route[] = [...CHECKED, ...UNCHECKED].flatMap((type) => [
  route('GET', `/api/v2/${type}/:id/labels`, (exchange) => list(exchange, type)),
  route('POST', `/api/v2/${type}/:id/labels`, (exchange) => add(exchange, type)),
  route('DELETE', `/api/v2/${type}/:id/labels/:labelID`, (exchange) => remove(exchange, type)),
])

export function labelsOf(state: State, id: string): Record_[] {
  const labels = recordsOf(state, 'labels')
  return [...(state.labelled.get(id) ?? [])].flatMap((each) => {
    const label = labels.get(each)
    if (!label) return []
    // InfluxDB shows no times of labels.
    const { createdAt, updatedAt, ...shown } = label
    return [shown]
  })
}

function check(exchange: Exchange, action: 'read' | 'write', type: ResourceType): void {
  if (!CHECKED.includes(type)) return
  const { state, caller } = exchange
  const id = idOf(exchange)
  const orgID = type === 'buckets' ? state.buckets.get(id)?.orgID : recordsOf(state, type).get(id)?.orgID
  const mayRead = orgID !== undefined && caller.may(permission('read', type, { id, orgID }))
  if (!mayRead) throw new InfluxError('not found', '404 page not found')
  if (action === 'write') caller.need(permission('write', type, { id, orgID }))
}

function list(exchange: Exchange, type: ResourceType): Answer {
  check(exchange, 'read', type)
  const { state, caller } = exchange
  const labels = labelsOf(state, idOf(exchange)).filter(({ id, orgID }) =>
    caller.may(permission('read', 'labels', { id, orgID })),
  )
  return json(200, { links: { self: '/api/v2/labels' }, labels })
}

function add(exchange: Exchange, type: ResourceType): Answer {
  check(exchange, 'write', type)
  const { state } = exchange
  const label = mustFindLabel(exchange, mustBeID(sentJSON(exchange).labelID), type)
  const on = state.labelled.get(idOf(exchange)) ?? new Set()
  state.labelled.set(idOf(exchange), on.add(label.id))
  return json(201, { links: { self: `/api/v2/labels/${label.id}` }, label })
}

function mustFindLabel({ state, caller }: Exchange, id: string, type: ResourceType): Record_ {
  const label = recordsOf(state, 'labels').get(id)
  if (!label) throw new InfluxError('not found', 'label not found')
  if (CHECKED.includes(type)) caller.need(permission('write', 'labels', { id, orgID: label.orgID }))
  return label
}

function remove(exchange: Exchange, type: ResourceType): Answer {
  check(exchange, 'write', type)
  const label = mustFindLabel(exchange, idOf(exchange, 'labelID'), type)
  exchange.state.labelled.get(idOf(exchange))?.delete(label.id)
  return NO_CONTENT
}
