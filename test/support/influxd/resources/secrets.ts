/** Secrets of an organization: keys only; values come back through Flux. A missing permission looks like a missing path. */
import { InfluxError } from '../core/errors.ts'
import { type Answer, type Exchange, idOf, json, NO_CONTENT, sentJSON } from '../core/exchange.ts'
import { permission } from '../core/permissions.ts'
import { type Route, route } from '../core/router.ts'

const PATH = '/api/v2/orgs/:id/secrets'

export const SECRET_ROUTES: readonly Route[] = [
  route('GET', PATH, list),
  route('PATCH', PATH, set),
  route('PUT', PATH, set),
  route('POST', `${PATH}/delete`, (exchange) => remove(exchange, sentJSON(exchange).secrets ?? [])),
  route('DELETE', `${PATH}/:key`, (exchange) => remove(exchange, [exchange.params.key ?? ''])),
]

function secretsFor(exchange: Exchange, action: 'read' | 'write'): Map<string, string> {
  const { state, caller } = exchange
  const orgID = idOf(exchange)
  if (!caller.may(permission('read', 'orgs', { id: orgID })) || !state.orgs.has(orgID)) {
    throw new InfluxError('not found', '404 page not found')
  }
  caller.need(permission(action, 'secrets', { orgID }))
  const secrets = state.secrets.get(orgID) ?? new Map<string, string>()
  state.secrets.set(orgID, secrets)
  return secrets
}

function list(exchange: Exchange): Answer {
  const org = `/api/v2/orgs/${exchange.params.id}`
  const secrets = [...secretsFor(exchange, 'read').keys()].sort()
  return json(200, { links: { org, self: `${org}/secrets` }, secrets })
}

function set(exchange: Exchange): Answer {
  const secrets = secretsFor(exchange, 'write')
  for (const [key, value] of Object.entries(sentJSON(exchange))) secrets.set(key, String(value))
  return NO_CONTENT
}

function remove(exchange: Exchange, keys: readonly string[]): Answer {
  const secrets = secretsFor(exchange, 'write')
  for (const key of keys) secrets.delete(key)
  return NO_CONTENT
}
