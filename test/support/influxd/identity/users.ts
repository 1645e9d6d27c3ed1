import { InfluxError } from '../core/errors.ts'
import { type Answer, type Exchange, idOf, json, NO_CONTENT, sentJSON } from '../core/exchange.ts'
import { permission } from '../core/permissions.ts'
import { type Route, route } from '../core/router.ts'
import { byName, type State, type User } from '../core/state.ts'
import { byID, pagingOf } from '../resources/paging.ts'
import { basicCredentials } from './sessions.ts'

export const USER_ROUTES: readonly Route[] = [
  route('GET', '/api/v2/me', ({ state, caller }) => {
    caller.need(permission('read', 'users', { id: caller.userID }))
    return json(200, shownUser(mustFindUser(state, caller.userID)))
  }),
  route('PUT', '/api/v2/me/password', setOwnPassword),
  route('GET', '/api/v2/users', list),
  route('POST', '/api/v2/users', create),
  route('GET', '/api/v2/users/:id', (exchange) => json(200, shownUser(userFor(exchange, 'read')))),
  route('PATCH', '/api/v2/users/:id', change),
  route('DELETE', '/api/v2/users/:id', remove),
  route('POST', '/api/v2/users/:id/password', setPassword),
  route('PUT', '/api/v2/users/:id/password', setPassword),
]

export function shownUser({ id, name, status }: User) {
  return { links: { self: `/api/v2/users/${id}` }, id, name, status }
}

/** Of users, unlike of all else, InfluxDB takes an id that is sent. */
export function makeUser(state: State, name: string, password?: string, id = state.nextID()): User {
  const user: User = { id, name, status: 'active', ...(password && { password }) }
  state.users.set(user.id, user)
  return user
}

export function mustFindUser(state: State, id: string): User {
  const user = state.users.get(id)
  if (!user) throw new InfluxError('not found', 'user not found')
  return user
}

export function checkPassword(password: string): void {
  if (password.length >= 8 && password.length <= 72) return
  throw new InfluxError('invalid', 'passwords must be between 8 and 72 characters long')
}

function userFor(exchange: Exchange, action: 'read' | 'write'): User {
  const id = idOf(exchange)
  exchange.caller.need(permission(action, 'users', { id }))
  return mustFindUser(exchange.state, id)
}

function list(exchange: Exchange): Answer {
  const { state, caller, query } = exchange
  const [id, name] = [query.get('id'), query.get('name')]
  const found = [...state.users.values()]
    .filter((each) => caller.may(permission('read', 'users', { id: each.id })))
    .filter((each) => (id ? each.id === id : true) && (name ? each.name === name : true))
  if ((id || name) && found.length === 0) throw new InfluxError('not found', 'user not found')
  return json(200, {
    links: { self: '/api/v2/users' },
    users: pagingOf(exchange, found.toSorted(byID)).part.map(shownUser),
  })
}

function create(exchange: Exchange): Answer {
  const { state, caller } = exchange
  const { id, name, status = 'active' } = sentJSON(exchange)
  caller.need(permission('write', 'users'))
  if (!name) throw new InfluxError('empty value', 'user name is empty')
  if (byName(state.users, name)) {
    throw new InfluxError('conflict', `user with name ${name} already exists`)
  }
  const user = makeUser(state, name, undefined, id)
  user.status = status
  return json(201, shownUser(user))
}

function change(exchange: Exchange): Answer {
  const user = userFor(exchange, 'write')
  const { name, status } = sentJSON(exchange)
  if (name && name !== user.name && byName(exchange.state.users, name)) {
    throw new InfluxError('conflict', `user with name ${name} already exists`)
  }
  if (status && status !== 'active' && status !== 'inactive') {
    throw new InfluxError('invalid', 'invalid status: must be active or inactive')
  }
  if (name) user.name = name
  if (status) user.status = status
  return json(200, shownUser(user))
}

/** Memberships go with the user; tokens stay, and are refused because their user is missing. */
function remove(exchange: Exchange): Answer {
  const { state } = exchange
  const { id } = userFor(exchange, 'write')
  state.users.delete(id)
  for (let at = state.memberships.length; at-- > 0; ) {
    if (state.memberships[at]?.userID === id) state.memberships.splice(at, 1)
  }
  return NO_CONTENT
}

function setPassword(exchange: Exchange): Answer {
  const user = userFor(exchange, 'write')
  const { password } = sentJSON(exchange)
  checkPassword(password ?? '')
  user.password = password
  return NO_CONTENT
}

function setOwnPassword(exchange: Exchange): Answer {
  const { state, caller, headers } = exchange
  const user = mustFindUser(state, caller.userID)
  const given = basicCredentials(headers.authorization)
  if (given && given.password !== user.password) {
    throw new InfluxError('forbidden', 'your username or password is incorrect')
  }
  const { password } = sentJSON(exchange)
  checkPassword(password ?? '')
  user.password = password
  return NO_CONTENT
}
