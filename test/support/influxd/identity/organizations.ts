import { InfluxError } from '../core/errors.ts'
import { type Answer, type Exchange, idOf, json, NO_CONTENT, sentJSON } from '../core/exchange.ts'
import { asID, mustBeID } from '../core/ids.ts'
import { permission } from '../core/permissions.ts'
import { type Route, route } from '../core/router.ts'
import { byName, nowText, type Organization, type State } from '../core/state.ts'
import { byID, pagingOf } from '../resources/paging.ts'
import { makeSystemBuckets, removeBucket } from './buckets.ts'

export const ORGANIZATION_ROUTES: readonly Route[] = [
  route('GET', '/api/v2/orgs', list),
  route('POST', '/api/v2/orgs', create),
  route('GET', '/api/v2/orgs/:id', (exchange) => json(200, shownOrganization(orgFor(exchange, 'read')))),
  route('PATCH', '/api/v2/orgs/:id', change),
  route('DELETE', '/api/v2/orgs/:id', remove),
]

export function shownOrganization({ id, name, description, createdAt, updatedAt }: Organization) {
  const self = `/api/v2/orgs/${id}`
  const links = {
    buckets: `/api/v2/buckets?org=${name}`,
    dashboards: `/api/v2/dashboards?org=${name}`,
    labels: `${self}/labels`,
    logs: `${self}/logs`,
    members: `${self}/members`,
    owners: `${self}/owners`,
    secrets: `${self}/secrets`,
    self,
    tasks: `/api/v2/tasks?org=${name}`,
  }
  return { links, id, name, description, createdAt, updatedAt }
}

export function makeOrganization(state: State, name: string, description = ''): Organization {
  const now = nowText()
  const org = { id: state.nextID(), name, description, createdAt: now, updatedAt: now }
  state.orgs.set(org.id, org)
  makeSystemBuckets(state, org.id)
  return org
}

export function mustFindOrg(state: State, id: string): Organization {
  const org = state.orgs.get(id)
  if (!org) throw new InfluxError('not found', 'organization not found')
  return org
}

function mustFindOrgNamed(state: State, name: string): Organization {
  const org = byName(state.orgs, name)
  if (!org) throw new InfluxError('not found', `organization name "${name}" not found`)
  return org
}

/** The organization that `org` (id or name) or `orgID` of the query names; `orgID` wins. No permission is needed. */
export function orgOfQuery({ state, query }: Exchange): Organization {
  const [org, orgID] = [query.get('org'), query.get('orgID')]
  if (orgID) return mustFindOrg(state, mustBeID(orgID))
  if (!org) throw new InfluxError('invalid', 'Please provide either orgID or org')
  const id = asID(org)
  return id ? mustFindOrg(state, id) : mustFindOrgNamed(state, org)
}

/** As `orgOfQuery`; undefined if the query names none. */
export function orgFilter(exchange: Exchange): Organization | undefined {
  const { query } = exchange
  return query.get('org') || query.get('orgID') ? orgOfQuery(exchange) : undefined
}

function orgFor(exchange: Exchange, action: 'read' | 'write'): Organization {
  const id = idOf(exchange)
  exchange.caller.need(permission(action, 'orgs', { id }))
  return mustFindOrg(exchange.state, id)
}

function list(exchange: Exchange): Answer {
  const { state, caller, query } = exchange
  const [name, orgID, userID] = [query.get('org'), query.get('orgID'), query.get('userID')]
  const all = orgID
    ? [mustFindOrg(state, mustBeID(orgID))]
    : name
      ? [mustFindOrgNamed(state, name)]
      : [...state.orgs.values()]
  const orgs = all
    .filter(({ id }) => caller.may(permission('read', 'orgs', { id })))
    .filter(({ id }) => !userID || state.memberships.some((m) => m.userID === userID && m.resourceID === id))
  return json(200, {
    links: { self: '/api/v2/orgs' },
    orgs: pagingOf(exchange, orgs.toSorted(byID)).part.map(shownOrganization),
  })
}

/** The creator becomes its owner. */
function create(exchange: Exchange): Answer {
  const { state, caller } = exchange
  const { name, description } = sentJSON(exchange)
  caller.need(permission('write', 'orgs'))
  if (!name?.trim()) throw new InfluxError('invalid', 'org name is empty')
  if (byName(state.orgs, name)) {
    throw new InfluxError('conflict', `organization with name ${name} already exists`)
  }
  const org = makeOrganization(state, name, description)
  state.memberships.push({ userID: caller.userID, resourceType: 'orgs', resourceID: org.id, role: 'owner' })
  return json(201, shownOrganization(org))
}

function change(exchange: Exchange): Answer {
  const org = orgFor(exchange, 'write')
  const { name, description } = sentJSON(exchange)
  if (name !== undefined && name !== org.name && byName(exchange.state.orgs, name)) {
    throw new InfluxError('conflict', `organization with name ${name} already exists`)
  }
  if (name !== undefined) org.name = name
  if (description !== undefined) org.description = description
  org.updatedAt = nowText()
  return json(200, shownOrganization(org))
}

/** Buckets and memberships go; tokens of the organization stay and still authenticate. */
function remove(exchange: Exchange): Answer {
  const { state } = exchange
  const { id } = orgFor(exchange, 'write')
  for (const bucket of [...state.buckets.values()]) if (bucket.orgID === id) removeBucket(state, bucket.id)
  for (let at = state.memberships.length; at-- > 0; ) {
    if (state.memberships[at]?.resourceID === id) state.memberships.splice(at, 1)
  }
  state.orgs.delete(id)
  return NO_CONTENT
}
