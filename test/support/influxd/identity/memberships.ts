/** Members and owners of organizations and buckets, and of the resources that only list them. */
import { InfluxError } from '../core/errors.ts'
import { type Answer, type Exchange, idOf, json, NO_CONTENT, sentJSON } from '../core/exchange.ts'
import { mustBeID } from '../core/ids.ts'
import { type Permission, permission, type ResourceType } from '../core/permissions.ts'
import { type Route, route } from '../core/router.ts'
import { recordsOf, type State } from '../core/state.ts'
import { mustFindUser, shownUser } from './users.ts'

type Role = 'member' | 'owner'

const TYPES: readonly ResourceType[] = [
  'orgs',
  'buckets',
  'tasks',
  'checks',
  'dashboards',
  'notificationRules',
  'notificationEndpoints',
  'telegrafs',
  'scrapers',
]

export const MEMBERSHIP_ROUTES: readonly Route[] = TYPES.flatMap((type) => [
  ...routesOf(type, 'member'),
  ...routesOf(type, 'owner'),
])

function routesOf(type: ResourceType, role: Role): Route[] {
  const path = `/api/v2/${type}/:id/${role}s`
  return [
    route('GET', path, (exchange) => list(exchange, type, role)),
    route('POST', path, (exchange) => add(exchange, type, role)),
    route('DELETE', `${path}/:userID`, (exchange) => remove(exchange, type)),
  ]
}

function permissionOn(state: State, action: 'read' | 'write', type: ResourceType, id: string): Permission {
  if (type === 'orgs') return permission(action, type, { id, orgID: id })
  const orgID = type === 'buckets' ? state.buckets.get(id)?.orgID : recordsOf(state, type).get(id)?.orgID
  if (!orgID) throw new InfluxError('not found', `${type === 'buckets' ? 'bucket' : type} not found`)
  return permission(action, type, { id, orgID })
}

function list(exchange: Exchange, type: ResourceType, role: Role): Answer {
  const { state, caller } = exchange
  const id = idOf(exchange)
  const wanted = permissionOn(state, 'read', type, id)
  const users = state.memberships
    .filter((each) => each.resourceID === id && each.resourceType === type && each.role === role)
    .filter(() => caller.may(wanted))
    .map(({ userID }) => ({ role, ...shownUser(mustFindUser(state, userID)) }))
  return json(200, { links: { self: `/api/v2/${type}/${id}/${role}s` }, users })
}

/** Any user will do, in the organization or not. */
function add(exchange: Exchange, type: ResourceType, role: Role): Answer {
  const { state, caller } = exchange
  const resourceID = idOf(exchange)
  const { id } = sentJSON(exchange)
  if (!id) throw new InfluxError('invalid', 'user id missing or invalid')
  const user = mustFindUser(state, mustBeID(id))
  caller.need(permissionOn(state, 'write', type, resourceID))
  if (state.memberships.some((each) => each.userID === id && each.resourceID === resourceID)) {
    const reason = `mapping for user ${id} already exists`
    throw new InfluxError('internal error', `Unexpected error when assigning user to a resource: ${reason}`)
  }
  state.memberships.push({ userID: id, resourceType: type, resourceID, role })
  return json(201, { role, ...shownUser(user) })
}

function remove(exchange: Exchange, type: ResourceType): Answer {
  const { state, caller } = exchange
  const resourceID = idOf(exchange)
  const userID = idOf(exchange, 'userID')
  caller.need(permissionOn(state, 'write', type, resourceID))
  const at = state.memberships.findIndex((each) => each.userID === userID && each.resourceID === resourceID)
  if (at >= 0) state.memberships.splice(at, 1)
  return NO_CONTENT
}
