/** Databases and retention policies of 1.x, as names of buckets: stored mappings and virtual ones. */
import { InfluxError } from '../core/errors.ts'
import { type Answer, type Exchange, idOf, json, NO_CONTENT, sentOr } from '../core/exchange.ts'
import { asID } from '../core/ids.ts'
import { permission } from '../core/permissions.ts'
import { type Route, route } from '../core/router.ts'
import { byName, type Mapping, type State } from '../core/state.ts'
import { mustFindBucket } from '../identity/buckets.ts'
import { orgFilter } from '../identity/organizations.ts'

export const MAPPING_ROUTES: readonly Route[] = [
  route('GET', '/api/v2/dbrps', list),
  route('POST', '/api/v2/dbrps', create),
  route('GET', '/api/v2/dbrps/:id', (exchange) => json(200, { content: found(exchange) })),
  route('PATCH', '/api/v2/dbrps/:id', change),
  route('DELETE', '/api/v2/dbrps/:id', remove),
]

/** Stored mappings of an organization, then one for each bucket that none of them replaces. */
export function mappingsOf(state: State, orgID: string): Mapping[] {
  const stored = [...state.mappings.values()].filter((each) => each.orgID === orgID)
  const virtual = [...state.buckets.values()]
    .filter((bucket) => bucket.orgID === orgID)
    .map(({ id, name }) => {
      const [database = '', ...rest] = name.split('/')
      const rp = rest.length > 0 ? rest.join('/') : 'autogen'
      const isDefault =
        rest.length === 0 && !stored.some((each) => each.database === database && each.default)
      return { id, database, retention_policy: rp, default: isDefault, virtual: true, orgID, bucketID: id }
    })
    .filter(
      (each) =>
        !stored.some(
          (one) => one.database === each.database && one.retention_policy === each.retention_policy,
        ),
    )
  return [...stored, ...virtual]
}

const mayRead = ({ caller }: Exchange, { bucketID, orgID }: Mapping) =>
  caller.may(permission('read', 'buckets', { id: bucketID, orgID }))

function orgIDOf(exchange: Exchange): string {
  const org = orgFilter(exchange)
  if (!org) throw new InfluxError('invalid', "either 'org' or 'orgID' must be provided")
  return org.id
}

function list(exchange: Exchange): Answer {
  const { state, query } = exchange
  const orgID = orgIDOf(exchange)
  const filters: readonly [string, (mapping: Mapping) => string][] = [
    ['id', ({ id }) => id],
    ['bucketID', ({ bucketID }) => bucketID],
    ['db', ({ database }) => database],
    ['rp', ({ retention_policy }) => retention_policy],
    ['default', (mapping) => String(mapping.default)],
    ['virtual', ({ virtual }) => String(virtual)],
  ]
  const content = mappingsOf(state, orgID)
    .filter((each) => filters.every(([name, of]) => !query.get(name) || query.get(name) === of(each)))
    .filter((each) => mayRead(exchange, each))
  return json(200, { content })
}

/** The bucket is read in its own organization, so that a foreign one is refused. */
function create(exchange: Exchange): Answer {
  const { state, caller } = exchange
  const sent = sentOr(exchange, 'invalid json structure')
  const orgID = sent.orgID || (sent.org && byName(state.orgs, sent.org)?.id)
  if (!sent.orgID && !sent.org) throw new InfluxError('invalid', "either 'org' or 'orgID' must be provided")
  if (!orgID) throw new InfluxError('invalid', `invalid org "${sent.org}"`)
  const bucketID = asID(sent.bucketID ?? '')
  if (!bucketID) {
    const reason = 'id must have a length of 16 bytes'
    throw new InfluxError('invalid', `invalid bucket ID "${sent.bucketID ?? ''}": ${reason}`)
  }
  caller.need(permission('write', 'buckets', { id: bucketID, orgID }))
  const { database, retention_policy } = sent
  if (!database || !retention_policy) {
    const reason = `${database ? 'retentionPolicy' : 'database'} must contain at least one character`
    throw new InfluxError('invalid', `DBRP provided is invalid: ${reason}`)
  }
  const bucket = mustFindBucket(state, bucketID)
  caller.need(permission('read', 'buckets', { id: bucketID, orgID: bucket.orgID }))
  const stored = [...state.mappings.values()].filter(
    (each) => each.orgID === orgID && each.database === database,
  )
  if (stored.some((each) => each.retention_policy === retention_policy)) {
    throw new InfluxError('conflict', 'another DBRP mapping with same orgID, db, and rp exists')
  }
  const isDefault = sent.default === true || stored.length === 0
  if (isDefault) for (const each of stored) each.default = false
  const mapping: Mapping = {
    id: state.nextID(),
    database,
    retention_policy,
    default: isDefault,
    virtual: false,
    orgID,
    bucketID,
  }
  state.mappings.set(mapping.id, mapping)
  return json(201, mapping)
}

function found(exchange: Exchange): Mapping {
  const id = idOf(exchange)
  const mapping = mappingsOf(exchange.state, orgIDOf(exchange)).find((each) => each.id === id)
  if (!mapping) throw new InfluxError('not found', 'unable to find DBRP')
  const { bucketID, orgID } = mapping
  exchange.caller.need(permission('read', 'buckets', { id: bucketID, orgID }))
  return mapping
}

function foundToWrite(exchange: Exchange): Mapping {
  const mapping = found(exchange)
  const { bucketID, orgID } = mapping
  exchange.caller.need(permission('write', 'buckets', { id: bucketID, orgID }))
  return mapping
}

function change(exchange: Exchange): Answer {
  const mapping = foundToWrite(exchange)
  const sent = sentOr(exchange, 'invalid json structure')
  if (sent.retention_policy !== undefined) mapping.retention_policy = sent.retention_policy
  if (sent.default !== undefined) {
    for (const each of exchange.state.mappings.values()) {
      if (each.orgID === mapping.orgID && each.database === mapping.database) each.default = false
    }
    mapping.default = sent.default
  }
  return json(200, { content: mapping })
}

function remove(exchange: Exchange): Answer {
  const { id, virtual } = foundToWrite(exchange)
  if (virtual) throw new InfluxError('not found', 'unable to find DBRP')
  exchange.state.mappings.delete(id)
  return NO_CONTENT
}
