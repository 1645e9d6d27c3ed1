/** Writes: `db`, or `bucket`, names the database. */
import { invalid } from '../../../domain/base/errors.ts'
import { andThen } from '../../../domain/base/maybe-promise.ts'
import type { DatabaseAccess } from '../../../domain/gateway/database-access.ts'
import type { Arrival, Judge } from '../arrival.ts'
import { hasBody } from '../body.ts'
import { requireKnownCoding } from '../judges/write.ts'
import { targetOf } from '../target.ts'

const PRECISIONS: ReadonlySet<string> = new Set([
  ...['auto', 'ns', 'n', 'nanosecond', 'us', 'u', 'microsecond', 'ms', 'millisecond', 's', 'second'],
])
const FLAG = /^(?:true|false)$/

/** Sent on to the path that the client chose, whose words for the precision differ, with one database. */
export function judgeV3Write(access: DatabaseAccess): Judge {
  return (arrival) => {
    requireKnownCoding(arrival.request)
    const database = databaseOf(arrival)
    const { precision } = arrival.decisive
    if (precision !== undefined && !PRECISIONS.has(precision)) {
      throw invalid('precision is none that InfluxDB 3 knows')
    }
    const isV3 = arrival.path === '/api/v3/write_lp'
    const flags = isV3 ? flagsOf(arrival) : []
    return andThen(
      access.require(arrival.caller.principal, 'write', { database, policy: 'all' }),
      (bucket) => ({
        ...{ orgID: bucket.orgID, bucketID: bucket.id, database },
        target: targetOf(arrival.path, [
          [arrival.path === '/api/v2/write' ? 'bucket' : 'db', database],
          ...(precision === undefined ? [] : ([['precision', precision]] as const)),
          ...flags,
        ]),
        body: hasBody(arrival.request) ? ('as-sent' as const) : undefined,
        contentType: 'text/plain; charset=utf-8',
      }),
    )
  }
}

function flagsOf({ parameters }: Arrival): readonly (readonly [string, string])[] {
  const flags = parameters.filter(([name]) => name === 'accept_partial' || name === 'no_sync')
  const names = new Set(flags.map(([name]) => name))
  if (names.size === flags.length && flags.every(([, value]) => FLAG.test(value))) return flags
  throw invalid('accept_partial and no_sync are true or false, each once')
}

/** On `/write` a policy other than autogen and default makes another database, `db/rp` (core/iox_http). */
function databaseOf({ path, decisive }: Arrival): string {
  const { db, rp, bucket } = decisive
  if (path === '/api/v2/write') {
    if (!bucket) throw invalid('bucket is missing; send bucket=DATABASE')
    return bucket
  }
  if (!db) throw invalid('db is missing; send db=DATABASE')
  return path === '/write' && rp && rp !== 'autogen' && rp !== 'default' ? `${db}/${rp}` : db
}
