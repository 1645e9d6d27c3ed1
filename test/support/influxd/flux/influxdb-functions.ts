/** The functions of Flux that reach buckets: `from` and `to`, `buckets`, `cardinality`. */
import type { Caller } from '../core/caller.ts'
import { InfluxError } from '../core/errors.ts'
import { asID } from '../core/ids.ts'
import { permission } from '../core/permissions.ts'
import type { Bucket, FieldValue, Organization, Point, State } from '../core/state.ts'
import { seriesOf, storePoints } from '../data/store-points.ts'
import { findBucketNamed, readingOf } from '../identity/buckets.ts'
import {
  type Arguments,
  Duration,
  type Row,
  type Scalar,
  Stream,
  type Table,
  Time,
  type Value,
} from './values.ts'

export interface Place {
  readonly state: State
  readonly caller: Caller
  readonly org: Organization
  readonly now: Time
}

export const START_OF_TIME = new Time(0n)
const OWN_COLUMNS = new Set(['_start', '_stop', '_time', '_value', '_field', '_measurement'])

/** An unbounded read; a `bucketID` is not checked at all (a hole of InfluxDB). */
export function readFrom(place: Place, given: Arguments): Stream {
  if (given.host !== undefined) throw new InfluxError('invalid', `${UNPLANNED}: no other host is reached`)
  if (isElsewhere(place, given)) {
    const hint = 'please specify a host or remove the organization'
    const reason = `reads from the storage engine cannot read from a separate organization; ${hint}`
    throw new InfluxError('invalid', `${UNPLANNED}: ${reason}`)
  }
  const bucket = bucketToRead(place, given)
  return new Stream(tablesOf(place.state.points.get(bucket.id) ?? []), {
    unbounded: String(given.bucket ?? given.bucketID),
  })
}

const FAILED = 'failed to initialize execute state'
const UNPLANNED = 'error in building plan while starting program'

/** A script reaches no other organization than that of the request. */
function isElsewhere({ org }: Place, { org: name, orgID }: Arguments): boolean {
  if (orgID !== undefined) return orgID !== org.id
  return name !== undefined && name !== org.name
}

function checkTarget(place: Place, given: Arguments): void {
  const { state, caller } = place
  const { org: name, orgID } = given
  const named = orgID === undefined && name !== undefined
  const org = state.orgs.values().find((each) => each.name === name)
  if (named && !(org && caller.may(permission('read', 'orgs', { id: org.id })))) {
    throw new InfluxError('not found', `${FAILED}: could not find org "${name}"`)
  }
  if (!isElsewhere(place, given)) return
  throw new InfluxError('invalid', `${FAILED}: host must be specified when writing points to another org`)
}

function bucketToRead({ state, caller, org }: Place, { bucket: name, bucketID }: Arguments): Bucket {
  if (bucketID !== undefined) {
    const id = asID(String(bucketID))
    if (!id)
      throw new InfluxError('invalid', `${FAILED}: invalid bucket id: id must have a length of 16 bytes`)
    const bucket = state.buckets.get(id)
    if (!bucket) throw new Error('bucket not found')
    return bucket
  }
  if (name === undefined) throw new InfluxError('invalid', 'must specify either bucket or bucketID')
  const bucket = findBucketNamed(state, org.id, String(name))
  if (bucket && caller.may(readingOf(bucket))) return bucket
  throw new InfluxError('not found', `${FAILED}: could not find bucket "${name}"`)
}

function tablesOf(points: readonly Point[]): Table[] {
  const bySeries = Map.groupBy(points, seriesOf)
  return [...bySeries.keys()].sort().map((key) => {
    const own = bySeries.get(key) ?? []
    const tags = Object.keys(own[0]?.tags ?? {}).sort()
    const rows = own
      .toSorted((a, b) => (a.time < b.time ? -1 : 1))
      .map(({ tags: values, time, value, field, measurement }) => ({
        ...values,
        _time: new Time(time),
        _value: value,
        _field: field,
        _measurement: measurement,
      }))
    return {
      group: ['_start', '_stop', '_field', '_measurement', ...tags],
      columns: ['_start', '_stop', '_time', '_value', '_field', '_measurement', ...tags],
      rows,
    }
  })
}

export function absolute(value: Value, now: Time): Time {
  if (value instanceof Time) return value
  if (value instanceof Duration) return new Time(now.nanoseconds + value.nanoseconds)
  return new Time(BigInt(value as bigint) * 1_000_000_000n)
}

/** Checked in the organization of the request, which need not be the bucket's (a hole of InfluxDB). */
export function writeTo(place: Place, given: Arguments, piped: Value): Stream {
  const { state, caller, org } = place
  checkTarget(place, given)
  const bucket =
    given.bucketID === undefined
      ? bucketToRead(place, given)
      : state.buckets.get(asID(String(given.bucketID)) ?? '')
  if (!bucket) throw new InfluxError('not found', 'bucket not found')
  if (!caller.may(permission('write', 'buckets', { id: bucket.id, orgID: org.id }))) {
    throw new InfluxError('forbidden', `${FAILED}: user not authorized to write`)
  }
  const stream = piped as Stream
  const points = stream.tables.flatMap(({ rows }) => rows.map(pointOf))
  storePoints(state, bucket.id, points)
  return new Stream(stream.tables, { unbounded: stream.unbounded, name: 'to1' })
}

function pointOf(row: Row): Point {
  const tags: Record<string, string> = {}
  for (const [name, value] of Object.entries(row)) {
    if (!OWN_COLUMNS.has(name) && typeof value === 'string') tags[name] = value
  }
  return {
    measurement: String(row._measurement),
    field: String(row._field),
    value: row._value as FieldValue,
    time: (row._time as Time).nanoseconds,
    tags,
  }
}

/** The buckets that the caller may read, by name. */
export function listBuckets({ state, caller, org }: Place): Stream {
  const rows = [...state.buckets.values()]
    .filter((bucket) => bucket.orgID === org.id && caller.may(readingOf(bucket)))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ id, name, orgID, rp, retentionSeconds }) => ({
      name,
      id,
      organizationID: orgID,
      retentionPolicy: rp ?? '',
      retentionPeriod: BigInt(retentionSeconds) * 1_000_000_000n,
    }))
  const columns = ['name', 'id', 'organizationID', 'retentionPolicy', 'retentionPeriod']
  return new Stream([{ group: [], columns, rows }])
}

/** The number of series; a `bucketID` is as unchecked as in `from`. */
export function cardinality(place: Place, given: Arguments): Stream {
  const { tables } = readFrom(place, given)
  const row: Record<string, Scalar> = {
    _start: absolute(given.start, place.now),
    _stop: given.stop === undefined ? place.now : absolute(given.stop, place.now),
    _value: BigInt(tables.length),
  }
  return new Stream([{ group: ['_start', '_stop'], columns: ['_start', '_stop', '_value'], rows: [row] }])
}
