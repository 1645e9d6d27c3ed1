/** `/api/v2/write` and `/api/v2/delete`, with InfluxDB's hole for buckets of other organizations. */
import { InfluxError } from '../core/errors.ts'
import { type Answer, type Exchange, NO_CONTENT, sentOr } from '../core/exchange.ts'
import { asID, mustBeID } from '../core/ids.ts'
import { permission } from '../core/permissions.ts'
import { type Route, route } from '../core/router.ts'
import type { Bucket, Organization } from '../core/state.ts'
import { bucketOfWrite, mustFindBucket, mustFindBucketNamed } from '../identity/buckets.ts'
import { orgOfQuery } from '../identity/organizations.ts'
import { isPrecision, parseLines } from './line-protocol.ts'
import { predicateOf } from './predicate.ts'
import { storePoints, writtenText } from './store-points.ts'

export const WRITE_ROUTES: readonly Route[] = [
  route('POST', '/api/v2/write', write),
  route('POST', '/api/v2/delete', remove),
]

function write(exchange: Exchange): Answer {
  const { state, caller, query } = exchange
  const precision = query.get('precision') || 'ns'
  if (!isPrecision(precision)) {
    const allowed = 'valid precision units are ns, us, ms, and s'
    throw new InfluxError('invalid', `invalid precision; ${allowed}`)
  }
  const wanted = query.get('bucket')
  if (!wanted) throw new InfluxError('not found', 'bucket not found')
  const text = writtenText(exchange)
  const org = orgOfQuery(exchange)
  const bucket = bucketOfWrite(state, org.id, wanted)
  needToWrite(exchange, org, bucket, 'insufficient permissions for write')
  storePoints(state, bucket.id, parseLines(text, precision))
  if (caller.authorization?.status === 'inactive') throw new InfluxError('forbidden', 'token is inactive')
  return NO_CONTENT
}

/** The hole: the permission is asked for in the organization of the request, which need not be the bucket's. */
export function needToWrite(
  { caller }: Exchange,
  org: { id: string },
  bucket: Bucket,
  refusal: string,
): void {
  if (caller.may(permission('write', 'buckets', { id: bucket.id, orgID: org.id }))) return
  const isInactive = caller.authorization?.status === 'inactive' && refusal.endsWith('write')
  throw new InfluxError('forbidden', isInactive ? `${refusal}: token is inactive` : refusal)
}

function remove(exchange: Exchange): Answer {
  const { state } = exchange
  const { start, stop, predicate } = sentOr(exchange, 'error decoding json body')
  const [from, to] = [timeOf(start, 'start'), timeOf(stop, 'stop')]
  const matches = predicateOf(predicate ?? '')
  const org = orgOfQuery(exchange)
  const bucket = bucketOfDelete(exchange, org)
  needToWrite(exchange, org, bucket, 'insufficient permissions to delete')
  const points = state.points.get(bucket.id) ?? []
  const kept = points.filter((point) => !(point.time >= from && point.time <= to && matches(point)))
  state.points.set(bucket.id, kept)
  return NO_CONTENT
}

/** `bucketID` wins over `bucket`; both ignore the organization if they are ids. */
function bucketOfDelete({ state, query }: Exchange, org: Organization): Bucket {
  const [idOrName, id] = [query.get('bucket'), query.get('bucketID')]
  if (id) return mustFindBucket(state, mustBeID(id))
  if (!idOrName) throw new InfluxError('invalid', 'Please provide either bucketID or bucket')
  const asGiven = asID(idOrName)
  return asGiven ? mustFindBucket(state, asGiven) : mustFindBucketNamed(state, org.id, idOrName)
}

function timeOf(text: unknown, name: string): bigint {
  const milliseconds = typeof text === 'string' ? Date.parse(text) : Number.NaN
  if (Number.isNaN(milliseconds)) {
    const reason = `invalid RFC3339Nano for field ${name}, please format your time with RFC3339Nano format`
    throw new InfluxError('invalid', `error decoding json body: ${reason}, example: 2009-01-02T23:00:00Z`)
  }
  return BigInt(milliseconds) * 1_000_000n
}
