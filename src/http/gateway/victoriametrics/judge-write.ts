/** Writes: the label `db` names the bucket, whatever the lines say. */
import type { IncomingMessage } from 'node:http'
import { invalid, SluiceError } from '../../../domain/base/errors.ts'
import { andThen } from '../../../domain/base/maybe-promise.ts'
import type { DatabaseAccess } from '../../../domain/gateway/database-access.ts'
import type { Arrival, Judge } from '../arrival.ts'
import { hasBody } from '../body.ts'
import { FORM, mediaTypeOf } from '../form.ts'
import { targetOf } from '../target.ts'
import { requireOwn } from './parameters.ts'

/** What a write may say besides its bucket. */
const KEPT: ReadonlySet<string> = new Set(['precision', 'format', 'timestamp'])
const CODINGS = /^(?:gzip|identity|snappy|zstd)$/i

/**
 * `db` of the query names the bucket, or `bucket`. A tag `db` in a line counts more for VictoriaMetrics than the
 * parameter `db`, and less than `extra_label` (lib/protoparser, app/vminsert/influx/request_handler.go).
 */
export function judgeMetricsWrite(access: DatabaseAccess): Judge {
  return (arrival) => {
    const { request, parameters, path } = arrival
    requireKnownCoding(request)
    requireOwn(parameters)
    const database = databaseOf(arrival)
    const named = { database, policy: 'all' }
    return andThen(access.require(arrival.caller.principal, 'write', named), ({ id, orgID }) => ({
      ...{ orgID, bucketID: id, database },
      target: targetOf(path, [
        ...parameters.filter(([name]) => KEPT.has(name)),
        ['extra_label', `db=${database}`],
      ]),
      body: hasBody(request) ? ('as-sent' as const) : undefined,
      // Else VictoriaMetrics could look for parameters in the body.
      ...(isForm(request) ? { contentType: 'text/plain' } : {}),
    }))
  }
}

function databaseOf({ decisive: { db, bucket } }: Arrival): string {
  if (db && bucket && db !== bucket) throw invalid('db and bucket name two different ones; send one of them')
  const database = db || bucket
  if (!database) throw invalid('db is missing; send db=BUCKET')
  return database
}

function isForm({ headers }: IncomingMessage): boolean {
  const type = mediaTypeOf(headers['content-type'])
  return type === FORM || type.startsWith('multipart/')
}

function requireKnownCoding({ headers }: IncomingMessage): void {
  const coding = headers['content-encoding']
  if (coding === undefined || CODINGS.test(coding)) return
  throw new SluiceError(
    'unsupported media type',
    'Content-Encoding of a write is gzip, snappy, zstd, identity or left out',
  )
}
