/** Credentials of the 1.x paths: `u` and `p`, `Token`, `Basic`; no `Bearer`, no cookie. */
import { type Caller, callerOf } from '../core/caller.ts'
import { InfluxError, UNAUTHORIZED_ACCESS } from '../core/errors.ts'
import type { Exchange } from '../core/exchange.ts'
import { permission } from '../core/permissions.ts'
import type { Authorization, State } from '../core/state.ts'
import { basicCredentials } from '../identity/sessions.ts'

/** `forWriting` adds the reading of the buckets that the token may write, for the look-up of the mapping. */
export function v1Caller(
  exchange: Pick<Exchange, 'state' | 'query' | 'headers'>,
  forWriting: boolean,
): Caller {
  const { state } = exchange
  const authorization = authorizationOf(exchange)
  if (!authorization) throw UNAUTHORIZED_ACCESS
  const isActive = authorization.status === 'active'
  if (!isActive || state.users.get(authorization.userID)?.status !== 'active') {
    throw new InfluxError('unauthorized', 'Unauthorized')
  }
  const more = authorization.permissions
    .filter(({ action, resource }) => action === 'write' && resource.type === 'buckets')
    .map(({ resource }) => permission('read', 'buckets', resource))
  return callerOf(authorization, forWriting ? more : [])
}

function authorizationOf({ state, query, headers }: Pick<Exchange, 'state' | 'query' | 'headers'>) {
  const [u, p] = [query.get('u'), query.get('p')]
  if (u && p) return byPassword(state, u, p)
  const header = headers.authorization ?? ''
  const token = /^Token ([^ ]*)$/.exec(header)?.[1]
  if (token !== undefined) return required(byToken(state, token.slice(token.indexOf(':') + 1)))
  const basic = basicCredentials(header)
  return basic && byPassword(state, basic.name, basic.password)
}

/** A 1.x user; if there is none of that name, the password is tried as an API token. */
function byPassword(state: State, name: string, password: string): Authorization {
  const user = state.legacyAuthorizations.values().find((each) => each.token === name)
  if (!user) return required(byToken(state, password))
  if (!user.password || user.password !== password) {
    throw new InfluxError('unauthorized', 'Unauthorized')
  }
  return user
}

function byToken(state: State, token: string): Authorization | undefined {
  return state.authorizations.values().find((each) => each.token === token)
}

function required(authorization: Authorization | undefined): Authorization {
  if (!authorization) throw new InfluxError('unauthorized', 'Unauthorized')
  return authorization
}
