/** Lists, creation, reading, changing and deletion of a kind of record, from one row of a table. */
import { type ErrorCode, InfluxError } from '../core/errors.ts'
import { type Answer, type Exchange, idOf, json, NO_CONTENT, type Sent, sentOr } from '../core/exchange.ts'
import { mustBeID } from '../core/ids.ts'
import { type Action, permission, type ResourceType } from '../core/permissions.ts'
import { type Route, route } from '../core/router.ts'
import { byName, nowText, type Record_, recordsOf, type State } from '../core/state.ts'
import { orgFilter } from '../identity/organizations.ts'
import { labelsOf } from './labels.ts'
import { pagingOf } from './paging.ts'

export interface Kind {
  readonly type: ResourceType
  /** Of the collection; its last part is the name under which the state keeps the records. */
  readonly path: string
  /** The member of the list's answer. */
  readonly list: string
  /** `ID` stands for the id. */
  readonly notFound: string
  readonly changes: readonly ('PATCH' | 'PUT')[]
  /** Those that take the organization from the body. */
  readonly moves?: readonly string[]
  /** Below a record's path. */
  readonly links: readonly string[]
  readonly hasLabels: boolean
  /** What the list's links name: pages, only itself, or nothing. */
  readonly listLinks: 'pages' | 'self' | 'none'
  /** Members of a new record that the client need not send. */
  readonly defaults?: Sent
  /** Members that no answer shows. */
  readonly hidden?: readonly string[]
  /** Refuses what the client sent, before permissions are looked at. */
  check?(sent: Sent): void
  /** What a creation asks for besides writing to the organization. */
  checkMore?(exchange: Exchange, sent: Sent): void
  /** How a second record of a name is refused; KEY is the organization's id and the name. */
  readonly taken?: readonly [ErrorCode, string]
  /** The answer's form, if it is not the record alone. */
  wrap?(record: Sent): Sent
  readonly created?: number
  /** The Flux that InfluxDB runs for a record, with the memberships of its maker. */
  flux?(record: Sent): string
  /** Refuses a whole list, if the others leave out what may not be read. */
  readonly listNeedsOrg?: boolean
  /** Refuses a list that names neither an organization nor a user. */
  readonly listNeedsFilter?: boolean
}

export function collectionOf({ path }: Pick<Kind, 'path'>): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

export function crudRoutes(kind: Kind): Route[] {
  const { path } = kind
  return [
    route('GET', path, (exchange) => list(exchange, kind)),
    route('POST', path, (exchange) => create(exchange, kind)),
    route('GET', `${path}/:id`, (exchange) => answer(exchange, kind, 200, foundFor(exchange, kind, 'read'))),
    ...(kind.flux
      ? [
          route('GET', `${path}/:id/query`, (exchange) =>
            json(200, { flux: kind.flux?.(foundFor(exchange, kind, 'read')) }),
          ),
        ]
      : []),
    ...kind.changes.map((method) => route(method, `${path}/:id`, (exchange) => change(exchange, kind))),
    route('DELETE', `${path}/:id`, (exchange) => {
      const { id } = foundFor(exchange, kind, 'write')
      recordsOf(exchange.state, collectionOf(kind)).delete(id)
      exchange.state.labelled.delete(id)
      return NO_CONTENT
    }),
  ]
}

export function shownRecord(state: State, kind: Kind, record: Record_): Sent {
  const self = `${kind.path}/${record.id}`
  const below = kind.links.map((name) => [name, name === 'self' ? self : `${self}/${name}`])
  const links = kind.links.length > 0 ? { links: Object.fromEntries(below) } : {}
  const shown: Sent = { ...record, ...(kind.hasLabels && { labels: labelsOf(state, record.id) }), ...links }
  for (const name of kind.hidden ?? []) delete shown[name]
  return shown
}

function answer({ state }: Exchange, kind: Kind, status: number, record: Record_): Answer {
  const shown = shownRecord(state, kind, record)
  return json(status, kind.wrap ? kind.wrap(shown) : shown)
}

function list(exchange: Exchange, kind: Kind): Answer {
  const { state, caller, query } = exchange
  const org = orgFilter(exchange)
  if (kind.listNeedsOrg) {
    if (!org) throw new InfluxError('invalid', 'invalid or missing org id')
    caller.need(permission('read', kind.type, { orgID: org.id }))
  }
  if (kind.listNeedsFilter && !org && !query.has('user')) {
    throw new InfluxError('unauthorized', 'cannot process a request without a org or user filter')
  }
  const [ids, name] = [query.getAll('id'), query.get('name')]
  const all = [...recordsOf(state, collectionOf(kind)).values()]
    .filter((each) => !org || each.orgID === org.id)
    .filter((each) => (ids.length === 0 || ids.includes(each.id)) && (!name || each.name === name))
  // InfluxDB takes a page of what all have, and then leaves out what the caller may not read.
  const mayRead = ({ id, orgID }: Record_) => caller.may(permission('read', kind.type, { id, orgID }))
  const { part, links } =
    kind.listLinks === 'pages'
      ? pagingOf(exchange, query.get('descending') === 'true' ? all.toReversed() : all, mayRead)
      : { part: all.filter(mayRead), links: { self: kind.path } }
  const shown = part.map((each) => shownRecord(state, kind, each))
  const self = links
  return json(200, { ...(kind.listLinks !== 'none' && { links: self }), [kind.list]: shown })
}

/** The organization's id; `org` may name it instead. */
function orgIDOf({ state }: Exchange, sent: Sent): string {
  if (sent.orgID) return mustBeID(sent.orgID)
  const id = sent.org && byName(state.orgs, sent.org)?.id
  if (id) return id
  throw new InfluxError('invalid', 'org id is invalid')
}

function create(exchange: Exchange, kind: Kind): Answer {
  const { state, caller } = exchange
  const sent = sentOr(exchange, 'failed to decode request')
  kind.check?.(sent)
  const orgID = orgIDOf(exchange, sent)
  caller.need(permission('write', kind.type, { orgID }))
  kind.checkMore?.(exchange, sent)
  checkName(exchange, kind, orgID, sent.name)
  const now = nowText()
  const record: Record_ = {
    createdAt: now,
    updatedAt: now,
    ...kind.defaults,
    ...sent,
    id: state.nextID(),
    orgID,
    ...(kind.flux && { ownerID: caller.userID }),
  }
  delete record.org
  recordsOf(state, collectionOf(kind)).set(record.id, record)
  return answer(exchange, kind, kind.created ?? 201, record)
}

function checkName({ state }: Exchange, kind: Kind, orgID: string, name: string): void {
  if (!kind.taken) return
  const all = recordsOf(state, collectionOf(kind)).values()
  if (!all.some((each) => each.orgID === orgID && each.name === name)) return
  const [code, message] = kind.taken
  throw new InfluxError(code, message.replace('KEY', `${orgID}${name}`).replace('NAME', name))
}

export function foundFor(exchange: Exchange, kind: Kind, action: Action): Record_ {
  const id = idOf(exchange)
  const record = recordsOf(exchange.state, collectionOf(kind)).get(id)
  if (!record) throw new InfluxError('not found', kind.notFound.replace('ID', `"${id}"`))
  exchange.caller.need(permission(action, kind.type, { id, orgID: record.orgID }))
  return record
}

function change(exchange: Exchange, kind: Kind): Answer {
  const record = foundFor(exchange, kind, 'write')
  const { id, orgID, ...sent } = sentOr(exchange, 'failed to decode request')
  Object.assign(record, sent)
  // Nobody asks for a right there (a hole).
  if (orgID && kind.moves?.includes(exchange.method)) Object.assign(record, { orgID: mustBeID(orgID) })
  if ('updatedAt' in record) record.updatedAt = nowText()
  return answer(exchange, kind, 200, record)
}
