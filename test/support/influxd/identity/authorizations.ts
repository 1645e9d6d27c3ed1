/** Tokens: minting with InfluxDB's refusals, and listing without their secrets. */
import { randomBytes } from 'node:crypto'
import { InfluxError } from '../core/errors.ts'
import { type Answer, type Exchange, idOf, json, NO_CONTENT, type Sent, sentOr } from '../core/exchange.ts'
import { asID } from '../core/ids.ts'
import { nameOf, type Permission, permission, RESOURCE_TYPES, type Resource } from '../core/permissions.ts'
import { type Route, route } from '../core/router.ts'
import { type Authorization, byName, nowText, type State } from '../core/state.ts'
import { orgFilter } from './organizations.ts'

export const AUTHORIZATION_ROUTES: readonly Route[] = [
  route('GET', '/api/v2/authorizations', list),
  route('POST', '/api/v2/authorizations', create),
  route('GET', '/api/v2/authorizations/:id', (exchange) =>
    shown(exchange, 200, authorizationFor(exchange, 'read')),
  ),
  route('PATCH', '/api/v2/authorizations/:id', change),
  route('DELETE', '/api/v2/authorizations/:id', (exchange) => {
    exchange.state.authorizations.delete(authorizationFor(exchange, 'write').id)
    return NO_CONTENT
  }),
]

/** With the names that belong to the ids; `token` is what the answer shows as one. */
export function shownAuthorization(state: State, authorization: Authorization, token: string) {
  const { id, status, description, orgID, userID, permissions, createdAt, updatedAt } = authorization
  return {
    id,
    token,
    status,
    description,
    orgID,
    org: state.orgs.get(orgID)?.name,
    userID,
    user: state.users.get(userID)?.name,
    permissions: permissions.map(({ action, resource }) => ({
      action,
      resource: { ...resource, ...namesOf(state, resource) },
    })),
    links: { self: `/api/v2/authorizations/${id}`, user: `/api/v2/users/${userID}` },
    createdAt,
    updatedAt,
  }
}

function namesOf(state: State, { type, id, orgID }: Resource) {
  const named = { buckets: state.buckets, orgs: state.orgs, users: state.users }[type as 'orgs']
  const name = id ? named?.get(id)?.name : undefined
  // InfluxDB leaves the organization's name out if the id belongs to nothing.
  const org = orgID && !(id && named && !name) ? state.orgs.get(orgID)?.name : undefined
  return { ...(name && { name }), ...(org && { org }) }
}

function shown({ state, options }: Exchange, status: number, authorization: Authorization): Answer {
  const token = options.hashedTokens ? '' : authorization.token
  const isComplete = state.users.has(authorization.userID) && state.orgs.has(authorization.orgID)
  if (!isComplete) throw new InfluxError('not found', 'user not found')
  return json(status, shownAuthorization(state, authorization, token))
}

export function mayUse({ caller }: Exchange, action: 'read' | 'write', { id, orgID, userID }: Authorization) {
  return [
    permission(action, 'authorizations', { id, orgID }),
    permission(action, 'users', { id: userID }),
  ].every((wanted) => caller.may(wanted))
}

function authorizationFor(exchange: Exchange, action: 'read' | 'write'): Authorization {
  const { state, caller } = exchange
  const authorization = state.authorizations.get(idOf(exchange))
  if (!authorization) throw new InfluxError('not found', 'authorization not found')
  const { id, orgID, userID } = authorization
  caller.need(permission(action, 'authorizations', { id, orgID }))
  caller.need(permission(action, 'users', { id: userID }))
  return authorization
}

function list(exchange: Exchange): Answer {
  const { state, query, options } = exchange
  const org = orgFilter(exchange)
  const user = query.get('user')
  const named = user ? byName(state.users, user) : undefined
  if (user && !named) throw new InfluxError('not found', 'user not found')
  const userID = named?.id ?? query.get('userID')
  const found = [...state.authorizations.values()]
    .filter((each) => (!org || each.orgID === org.id) && (!userID || each.userID === userID))
    .filter((each) => mayUse(exchange, 'read', each))
    .filter((each) => state.users.has(each.userID) && state.orgs.has(each.orgID))
  const authorizations = found.map((each) =>
    shownAuthorization(state, each, options.hashedTokens ? '' : each.token),
  )
  return json(200, { links: { self: '/api/v2/authorizations' }, authorizations })
}

/** A `token` in the body is ignored: the server makes it. */
function create(exchange: Exchange): Answer {
  const { state } = exchange
  const authorization = acceptAuthorization(exchange, randomBytes(64).toString('base64url'))
  state.authorizations.set(authorization.id, authorization)
  return json(201, shownAuthorization(state, authorization, authorization.token))
}

/** What the body asks for, checked in InfluxDB's order. */
export function acceptAuthorization(exchange: Exchange, token: string): Authorization {
  const { state, caller } = exchange
  const sent = sentOr(exchange, 'invalid json structure')
  const { orgID, userID, status = 'active', description = '' } = sent
  for (const id of [orgID, userID, ...idsIn(sent.permissions)]) checkIDText(id)
  const permissions = acceptPermissions(sent.permissions)
  if (!orgID) throw new InfluxError('invalid', 'org id required: invalid ID')
  if (status !== 'active' && status !== 'inactive') {
    throw new InfluxError('invalid', 'invalid status: must be active or inactive')
  }
  const forUser = userID ?? caller.userID
  caller.need(permission('write', 'authorizations', { orgID }))
  caller.need(permission('write', 'users', { id: forUser }))
  needToHandOn(exchange, permissions)
  if (!state.users.has(forUser) || !state.orgs.has(orgID)) {
    throw new InfluxError('invalid', 'unable to create token')
  }
  const foreign = permissions.find(({ resource }) => resource.orgID && resource.orgID !== orgID)
  if (foreign) {
    throw new InfluxError('invalid', `permission ${nameOf(foreign)} is not for org id ${orgID}`)
  }
  const now = nowText()
  const id = state.nextID()
  return {
    id,
    token,
    status,
    description,
    orgID,
    userID: forUser,
    permissions,
    createdAt: now,
    updatedAt: now,
  }
}

function idsIn(permissions: Sent): (string | undefined)[] {
  if (!Array.isArray(permissions)) return []
  return permissions.flatMap((each) => [each?.resource?.id, each?.resource?.orgID])
}

function checkIDText(id: string | undefined): void {
  if (id === undefined || id === null) return
  if (asID(id)) return
  const reason = id.length === 16 ? 'invalid ID' : 'id must have a length of 16 bytes'
  throw new InfluxError('invalid', `invalid json structure: ${reason}`)
}

/** `name` and `org` of a resource are dropped; duplicates are kept. */
function acceptPermissions(sent: Sent): Permission[] {
  if (!Array.isArray(sent) || sent.length === 0) {
    throw new InfluxError('invalid', 'authorization must include permissions')
  }
  return sent.map(({ action, resource: { type, id, orgID } = {} as Sent }) => {
    if (![...RESOURCE_TYPES, 'instance'].includes(type)) {
      const reason = 'unknown resource type for permission'
      throw new InfluxError('invalid', `invalid resource type for permission: ${reason}`)
    }
    if (action !== 'read' && action !== 'write') {
      throw new InfluxError('invalid', 'invalid action type for permission: unknown action for permission')
    }
    return permission(action, type, { ...(id && { id }), ...(orgID && { orgID }) })
  })
}

function needToHandOn({ caller }: Exchange, permissions: readonly Permission[]): void {
  for (const each of permissions) {
    if (caller.may(each)) continue
    const name = nameOf(each)
    throw new InfluxError('forbidden', `permission ${name} is not allowed: ${name} is unauthorized`)
  }
  // An instance owner's session may hand it on, and then the server fails.
  if (permissions.some(({ resource }) => resource.type === 'instance')) {
    throw new Error('authorizations cannot be created with the instance type')
  }
}

function change(exchange: Exchange): Answer {
  const { status, description } = sentOr(exchange, 'invalid json structure')
  const authorization = authorizationFor(exchange, 'write')
  if (status !== undefined) {
    if (status !== 'active' && status !== 'inactive') {
      throw new InfluxError('invalid', 'invalid status: must be active or inactive')
    }
    authorization.status = status
  }
  if (description !== undefined) authorization.description = description
  authorization.updatedAt = nowText()
  return shown(exchange, 200, authorization)
}
