/** 1.x users: authorizations with a name as token, and a password. */
import { InfluxError } from '../core/errors.ts'
import { type Answer, type Exchange, idOf, json, NO_CONTENT, sentJSON } from '../core/exchange.ts'
import { type Route, route } from '../core/router.ts'
import type { Authorization } from '../core/state.ts'
import { acceptAuthorization, mayUse, shownAuthorization } from './authorizations.ts'
import { orgFilter } from './organizations.ts'
import { checkPassword } from './users.ts'

const PATH = '/private/legacy/authorizations'

export const LEGACY_AUTHORIZATION_ROUTES: readonly Route[] = [
  route('GET', PATH, list),
  route('POST', PATH, create),
  route('GET', `${PATH}/:id`, (exchange) => shown(exchange, 200, found(exchange, 'read'))),
  route('PATCH', `${PATH}/:id`, change),
  route('DELETE', `${PATH}/:id`, (exchange) => {
    exchange.state.legacyAuthorizations.delete(found(exchange, 'write').id)
    return NO_CONTENT
  }),
  route('POST', `${PATH}/:id/password`, setPassword),
]

function shown({ state }: Exchange, status: number, authorization: Authorization): Answer {
  return json(status, linked(shownAuthorization(state, authorization, authorization.token)))
}

function linked<T extends { id: string; userID: string }>(authorization: T) {
  const { id, userID } = authorization
  return { ...authorization, links: { self: `${PATH}/${id}`, user: `/api/v2/users/${userID}` } }
}

function found(exchange: Exchange, action: 'read' | 'write'): Authorization {
  const authorization = exchange.state.legacyAuthorizations.get(idOf(exchange))
  if (!authorization) throw new InfluxError('not found', 'authorization not found')
  if (!mayUse(exchange, action, authorization)) throw new InfluxError('unauthorized', 'unauthorized')
  return authorization
}

function list(exchange: Exchange): Answer {
  const { state, query } = exchange
  const org = orgFilter(exchange)
  const [userID, token] = [query.get('userID'), query.get('token')]
  const authorizations = [...state.legacyAuthorizations.values()]
    .filter((each) => (!org || each.orgID === org.id) && (!userID || each.userID === userID))
    .filter((each) => !token || each.token === token)
    .filter((each) => mayUse(exchange, 'read', each))
    .map((each) => linked(shownAuthorization(state, each, each.token)))
  return json(200, { links: { self: PATH }, authorizations })
}

function create(exchange: Exchange): Answer {
  const { state } = exchange
  const { token } = sentJSON(exchange)
  if (!token) throw new InfluxError('invalid', 'token required for v1 user authorization type')
  const authorization = acceptAuthorization(exchange, token)
  if (state.legacyAuthorizations.values().some((each) => each.token === token)) {
    throw new InfluxError('conflict', 'token already exists')
  }
  for (const { resource } of authorization.permissions) {
    if (resource.type === 'buckets' && resource.id && !state.buckets.has(resource.id)) {
      throw new InfluxError('not found', 'bucket not found')
    }
  }
  state.legacyAuthorizations.set(authorization.id, authorization)
  return shown(exchange, 201, authorization)
}

function change(exchange: Exchange): Answer {
  const authorization = found(exchange, 'write')
  const { status, description } = sentJSON(exchange)
  if (status !== undefined) authorization.status = status
  if (description !== undefined) authorization.description = description
  return shown(exchange, 200, authorization)
}

function setPassword(exchange: Exchange): Answer {
  const authorization = found(exchange, 'write')
  const { password } = sentJSON(exchange)
  checkPassword(password ?? '')
  authorization.password = password
  return NO_CONTENT
}
