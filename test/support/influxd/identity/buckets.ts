import { InfluxError } from '../core/errors.ts'
import { type Answer, type Exchange, idOf, json, NO_CONTENT, sentJSON } from '../core/exchange.ts'
import { asID, mustBeID } from '../core/ids.ts'
import { permission } from '../core/permissions.ts'
import { type Route, route } from '../core/router.ts'
import { type Bucket, nowText, type State } from '../core/state.ts'
import { labelsOf } from '../resources/labels.ts'
import { byID, pagingOf } from '../resources/paging.ts'
import { mustFindOrg, orgFilter } from './organizations.ts'

export const BUCKET_ROUTES: readonly Route[] = [
  route('GET', '/api/v2/buckets', list),
  route('POST', '/api/v2/buckets', create),
  route('GET', '/api/v2/buckets/:id', (exchange) => {
    const bucket = mustFindBucket(exchange.state, idOf(exchange))
    needToRead(exchange, bucket)
    return json(200, shownBucket(exchange.state, bucket, exchange.caller))
  }),
  route('PATCH', '/api/v2/buckets/:id', change),
  route('DELETE', '/api/v2/buckets/:id', remove),
]

const DAY_SECONDS = 86_400
const SYSTEM_BUCKETS = [
  { name: '_tasks', description: 'System bucket for task logs', days: 3 },
  { name: '_monitoring', description: 'System bucket for monitoring logs', days: 7 },
]

/** With the labels that the caller may read; a new or changed bucket is shown without any. */
export function shownBucket(state: State, bucket: Bucket, caller?: Exchange['caller']) {
  const { id, orgID, type, name, description, rp, createdAt, updatedAt } = bucket
  const self = `/api/v2/buckets/${id}`
  const rule = {
    type: 'expire',
    everySeconds: bucket.retentionSeconds,
    shardGroupDurationSeconds: bucket.shardGroupSeconds,
  }
  const links = {
    labels: `${self}/labels`,
    members: `${self}/members`,
    org: `/api/v2/orgs/${orgID}`,
    owners: `${self}/owners`,
    self,
    write: `/api/v2/write?org=${orgID}&bucket=${id}`,
  }
  return {
    id,
    orgID,
    type,
    ...(description && { description }),
    name,
    ...(rp && { rp }),
    retentionRules: [rule],
    createdAt,
    updatedAt,
    links,
    labels: caller
      ? labelsOf(state, id).filter((each) =>
          caller.may(permission('read', 'labels', { id: each.id, orgID: each.orgID })),
        )
      : [],
  }
}

interface NewBucket {
  readonly orgID: string
  readonly name: string
  readonly retentionSeconds: number
  readonly description?: string
  readonly rp?: string
  readonly type?: 'user' | 'system'
}

export function makeBucket(state: State, { type = 'user', description, rp, ...rest }: NewBucket): Bucket {
  const now = nowText()
  const bucket: Bucket = {
    ...rest,
    ...(description && { description }),
    ...(rp && { rp }),
    id: state.nextID(),
    type,
    shardGroupSeconds: shardGroupSeconds(rest.retentionSeconds),
    createdAt: now,
    updatedAt: now,
  }
  state.buckets.set(bucket.id, bucket)
  return bucket
}

/** InfluxDB's default for a retention period. */
function shardGroupSeconds(retention: number): number {
  if (retention === 0 || retention >= 180 * DAY_SECONDS) return 7 * DAY_SECONDS
  return retention >= 2 * DAY_SECONDS ? DAY_SECONDS : 3600
}

export function makeSystemBuckets(state: State, orgID: string): void {
  for (const { name, description, days } of SYSTEM_BUCKETS) {
    makeBucket(state, { orgID, name, description, retentionSeconds: days * DAY_SECONDS, type: 'system' })
  }
}

export function removeBucket(state: State, id: string): void {
  state.buckets.delete(id)
  state.points.delete(id)
  for (let at = state.memberships.length; at-- > 0; ) {
    if (state.memberships[at]?.resourceID === id) state.memberships.splice(at, 1)
  }
  for (const mapping of [...state.mappings.values()]) {
    if (mapping.bucketID === id) state.mappings.delete(mapping.id)
  }
}

export function mustFindBucket(state: State, id: string): Bucket {
  const bucket = state.buckets.get(id)
  if (!bucket) throw new InfluxError('not found', 'bucket not found')
  return bucket
}

export function findBucketNamed(state: State, orgID: string, name: string): Bucket | undefined {
  return state.buckets.values().find((each) => each.orgID === orgID && each.name === name)
}

export function mustFindBucketNamed(state: State, orgID: string, name: string): Bucket {
  const bucket = findBucketNamed(state, orgID, name)
  if (!bucket) throw new InfluxError('not found', `bucket "${name}" not found`)
  return bucket
}

/** System buckets are readable by all who may read the organization. */
export function readingOf({ type, id, orgID }: Bucket) {
  return type === 'system'
    ? permission('read', 'orgs', { id: orgID })
    : permission('read', 'buckets', { id, orgID })
}

function needToRead({ caller }: Exchange, bucket: Bucket): void {
  caller.need(readingOf(bucket))
}

function list(exchange: Exchange): Answer {
  const { state, caller, query } = exchange
  const org = orgFilter(exchange)
  const [id, name] = [query.get('id'), query.get('name')]
  const all = id ? [mustFindBucket(state, mustBeID(id))] : [...state.buckets.values()]
  const matching = all
    .filter((each) => !org || each.orgID === org.id)
    .filter((each) => !name || each.name === name)
    .filter((each) => caller.may(readingOf(each)))
  if (org && name && matching.length === 0) throw new InfluxError('not found', `bucket "${name}" not found`)
  const { part, links } = pagingOf(exchange, matching.toSorted(byID))
  return json(200, { links, buckets: part.map((each) => shownBucket(state, each, caller)) })
}

function create(exchange: Exchange): Answer {
  const { state, caller } = exchange
  const { orgID, name = '', description, rp, retentionRules = [] } = sentJSON(exchange)
  if (!orgID) throw new InfluxError('invalid', 'organization id must be provided')
  const id = mustBeID(orgID)
  if (name.startsWith('_')) {
    const reason = 'Buckets may not start with underscore'
    throw new InfluxError('invalid', `bucket name ${name} is invalid. ${reason}`)
  }
  if (name.includes('"')) {
    const reason = 'Bucket names may not include quotation marks'
    throw new InfluxError('invalid', `bucket name ${name} is invalid. ${reason}`)
  }
  if (retentionRules[0]?.everySeconds < 0) {
    throw new InfluxError('unprocessable entity', 'expiration seconds cannot be negative')
  }
  caller.need(permission('write', 'buckets', { orgID: id }))
  mustFindOrg(state, id)
  if (findBucketNamed(state, id, name)) {
    throw new InfluxError('conflict', `bucket with name ${name} already exists`)
  }
  const retentionSeconds = retentionRules[0]?.everySeconds ?? 0
  const bucket = makeBucket(state, { orgID: id, name, description, rp, retentionSeconds })
  bucket.shardGroupSeconds = retentionRules[0]?.shardGroupDurationSeconds || bucket.shardGroupSeconds
  return json(201, shownBucket(state, bucket))
}

function bucketToWrite(exchange: Exchange): Bucket {
  const bucket = mustFindBucket(exchange.state, idOf(exchange))
  exchange.caller.need(permission('write', 'buckets', { id: bucket.id, orgID: bucket.orgID }))
  return bucket
}

function change(exchange: Exchange): Answer {
  const bucket = bucketToWrite(exchange)
  const { name, description, retentionRules } = sentJSON(exchange)
  if (name && name !== bucket.name) {
    if (bucket.type === 'system') throw new InfluxError('invalid', 'system buckets cannot be renamed')
    if (findBucketNamed(exchange.state, bucket.orgID, name)) {
      throw new InfluxError('conflict', 'bucket name is not unique')
    }
    bucket.name = name
  }
  if (description !== undefined) bucket.description = description
  if (retentionRules?.[0]) {
    bucket.retentionSeconds = retentionRules[0].everySeconds ?? bucket.retentionSeconds
    bucket.shardGroupSeconds =
      retentionRules[0].shardGroupDurationSeconds || shardGroupSeconds(bucket.retentionSeconds)
  }
  bucket.updatedAt = nowText()
  return json(200, shownBucket(exchange.state, bucket))
}

function remove(exchange: Exchange): Answer {
  const bucket = bucketToWrite(exchange)
  if (bucket.type === 'system') throw new InfluxError('invalid', 'system buckets cannot be deleted')
  removeBucket(exchange.state, bucket.id)
  return NO_CONTENT
}

/**
 * The bucket of a write: the id is looked up without regard to the organization (a hole of InfluxDB), and a name that
 * is no known id is looked up in the organization.
 */
export function bucketOfWrite(state: State, orgID: string, idOrName: string): Bucket {
  const id = asID(idOrName)
  return (id && state.buckets.get(id)) || mustFindBucketNamed(state, orgID, idOrName)
}
