/** Writes, and what Prometheus reads: the database stands in the query, and no line can name another one. */
import type { IncomingMessage } from 'node:http'
import { invalid, SluiceError } from '../../../domain/base/errors.ts'
import { andThen } from '../../../domain/base/maybe-promise.ts'
import type { DatabaseAccess } from '../../../domain/gateway/database-access.ts'
import type { Bucket } from '../../../domain/records/bucket.ts'
import type { Arrival, Judge, Outgoing } from '../arrival.ts'
import { hasBody } from '../body.ts'
import { requireKnownCoding } from '../judges/write.ts'
import { type Parameters, targetOf } from '../target.ts'

/** Precisions of the v2 API by what 1.x calls them; 1.x knows `h` and `m` besides. */
const PRECISIONS: Readonly<Record<string, string>> = {
  ...{ ns: 'n', n: 'n', us: 'u', u: 'u', ms: 'ms', s: 's', m: 'm', h: 'h' },
}

export function judgeDatabaseWrite(access: DatabaseAccess): Judge {
  return (arrival) => {
    const isProm = arrival.path === '/api/v1/prom/write'
    if (isProm) requireSnappy(arrival.request)
    else requireKnownCoding(arrival.request)
    const { database, policy } = databaseOf(arrival)
    const { precision, consistency } = arrival.decisive
    const named = { database, policy: policy || undefined }
    return andThen(access.require(arrival.caller.principal, 'write', named), (bucket) =>
      outgoing(arrival, bucket, {
        path: isProm ? arrival.path : '/write',
        parameters: [
          ['db', database],
          ...(policy ? ([['rp', policy]] as const) : []),
          ...(precision ? ([['precision', precisionOf(precision)]] as const) : []),
          ...(consistency ? ([['consistency', consistency]] as const) : []),
        ],
        named,
        ...(isProm ? { contentType: PROTOBUF } : {}),
      }),
    )
  }
}

/** InfluxDB could look for a database in a form. */
const PROTOBUF = 'application/x-protobuf'

/** Requires the encoding that Prometheus sends: InfluxDB unpacks snappy, whatever the header says. */
function requireSnappy({ headers }: IncomingMessage): void {
  const coding = headers['content-encoding']
  if (coding === undefined || coding.toLowerCase() === 'snappy') return
  throw new SluiceError('unsupported media type', 'Content-Encoding of Prometheus is snappy or left out')
}

export function judgePrometheusRead(access: DatabaseAccess): Judge {
  return (arrival) => {
    requireSnappy(arrival.request)
    const { db = '', rp } = arrival.decisive
    if (!db) throw noDatabase()
    const named = { database: db, policy: rp || undefined }
    return andThen(access.require(arrival.caller.principal, 'read', named), (bucket) =>
      outgoing(arrival, bucket, {
        path: arrival.path,
        parameters: [['db', db], ...(rp ? ([['rp', rp]] as const) : [])],
        ...{ named, contentType: PROTOBUF },
      }),
    )
  }
}

/**
 * The database of a write; for `/api/v2/write` the bucket, `database` or `database/policy`. 1.8 fills in an empty part.
 */
function databaseOf({ path, decisive }: Arrival): { database: string; policy: string | undefined } {
  const { db, rp, bucket, bucketID } = decisive
  if (path !== '/api/v2/write') {
    if (!db) throw noDatabase()
    return { database: db, policy: rp }
  }
  if (bucketID !== undefined || !bucket)
    throw invalid('bucket is missing; send bucket=DATABASE or DATABASE/POLICY')
  const slash = bucket.indexOf('/')
  return slash < 0
    ? { database: bucket, policy: undefined }
    : { database: bucket.slice(0, slash), policy: bucket.slice(slash + 1) }
}

function precisionOf(precision: string): string {
  const found = Object.hasOwn(PRECISIONS, precision) ? PRECISIONS[precision] : undefined
  if (found === undefined) throw invalid('precision is one of ns, us, ms, s, m, h')
  return found
}

export const noDatabase = () => invalid('db is missing; send db=DATABASE')

export function outgoing(
  { request }: Arrival,
  { id, orgID }: Bucket,
  to: {
    readonly path: string
    readonly parameters: Parameters
    readonly named: { readonly database: string; readonly policy: string | undefined }
    readonly contentType?: string
  },
): Outgoing {
  const { database, policy } = to.named
  const { contentType } = to
  return {
    ...{ orgID, bucketID: id, target: targetOf(to.path, to.parameters) },
    database: policy ? `${database}/${policy}` : database,
    ...(contentType === undefined ? {} : { contentType }),
    body: hasBody(request) ? 'as-sent' : undefined,
  }
}
