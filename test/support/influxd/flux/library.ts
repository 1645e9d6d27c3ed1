/** What scripts may call: the built-in names, and the packages that they may import. */
import { InfluxError } from '../core/errors.ts'
import { nameOf, permission } from '../core/permissions.ts'
import type { Library } from './evaluate.ts'
import { cardinality, listBuckets, type Place, readFrom, writeTo } from './influxdb-functions.ts'
import { streamFunctions } from './stream-functions.ts'
import { type Function_, type Row, Stream } from './values.ts'

export function libraryFor(place: Place): Library {
  const from: Function_ = (given) => readFrom(place, given)
  const to: Function_ = (given, piped) => writeTo(place, given, piped)
  const buckets: Function_ = () => listBuckets(place)
  return {
    names: {
      true: true,
      false: false,
      from,
      to,
      buckets,
      now: () => place.now,
      string: ({ v }) => String(v),
      die: ({ msg }) => {
        throw new InfluxError('invalid', `error calling function "die": ${msg}`)
      },
      ...streamFunctions(place.now),
    },
    packages: {
      array: { from: ({ rows }) => rowsOf(rows as readonly Row[]) },
      experimental: { to },
      'influxdata/influxdb': {
        from,
        to,
        buckets,
        cardinality: (given) => cardinality(place, given),
      },
      'influxdata/influxdb/secrets': { get: ({ key }) => secretOf(place, String(key)) },
    },
  }
}

function rowsOf(rows: readonly Row[]): Stream {
  return new Stream([{ group: [], columns: Object.keys(rows[0] ?? {}), rows }])
}

const FAILED = 'error calling function "get" @1:1-1:1'

/** Members may read values, too. */
function secretOf({ state, caller, org }: Place, key: string): string {
  const wanted = permission('read', 'secrets', { orgID: org.id })
  if (!caller.may(wanted))
    throw new InfluxError('unauthorized', `${FAILED}: ${nameOf(wanted)} is unauthorized`)
  const value = state.secrets.get(org.id)?.get(key)
  if (value === undefined) throw new InfluxError('not found', `${FAILED}: secret not found`)
  return value
}
