/** Writes: the label `db` names the bucket, whatever the lines say. */
import type { IncomingMessage } from 'node:http'
import { invalid } from '../../../domain/base/errors.ts'
import { andThen } from '../../../domain/base/maybe-promise.ts'
import type { DatabaseAccess } from '../../../domain/gateway/database-access.ts'
import type { Arrival, Judge, Outgoing } from '../arrival.ts'
import { hasBody } from '../body.ts'
import { codingOf } from '../body-check.ts'
import { FORM, mediaTypeOf } from '../form.ts'
import { type Parameters, targetOf } from '../target.ts'
import { checkLines } from './check-lines.ts'
import { ownColumns } from './lines/csv-columns.ts'
import { INFLUX_LINES } from './lines/influx-line.ts'
import { JSON_LINES } from './lines/json-line.ts'
import type { LineFormat } from './lines/line-format.ts'
import { PROMETHEUS_LINES } from './lines/prometheus-line.ts'
import { requireOwn } from './parameters.ts'
import { routeBelow } from './routes.ts'

/** What a write may say besides its bucket. */
const KEPT: ReadonlySet<string> = new Set(['precision', 'format', 'timestamp'])

/**
 * `db` of the query names the bucket, or `bucket`. A tag `db` in a line counts more for VictoriaMetrics than the
 * parameter `db`, and less than `extra_label` (lib/protoparser, app/vminsert/influx/request_handler.go).
 */
export function judgeMetricsWrite(access: DatabaseAccess): Judge {
  return (arrival) => {
    const { request, path } = arrival
    requireOwn(arrival.parameters)
    const database = databaseOf(arrival)
    const named = { database, policy: 'all' }
    return andThen(access.require(arrival.caller.principal, 'write', named), ({ id, orgID }) => ({
      ...{ orgID, bucketID: id, database, ...checkOf(arrival, access) },
      target: targetOf(path, [...keptOf(arrival), ['extra_label', `db=${database}`]]),
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

/**
 * How the body is checked. What cannot be read here, only operators send: with many labels it could be written to
 * another bucket.
 */
function checkOf(
  { request: { headers }, route, caller: { principal } }: Arrival,
  access: DatabaseAccess,
): Pick<Outgoing, 'check'> {
  const name = routeBelow(route.name)
  const format = LINES[name]
  if (format === undefined && name !== CSV) {
    access.requireOperator(principal, 'write')
    return {}
  }
  const coding = codingOf(headers['content-encoding'])
  return format ? { check: { lines: checkLines(format), coding } } : {}
}

const CSV = '/api/v1/import/csv'

const LINES: Readonly<Record<string, LineFormat>> = {
  '/write': INFLUX_LINES,
  '/api/v2/write': INFLUX_LINES,
  '/influx/write': INFLUX_LINES,
  '/influx/api/v2/write': INFLUX_LINES,
  '/api/v1/import/prometheus': PROMETHEUS_LINES,
  '/api/v1/import': JSON_LINES,
}

function keptOf({ route, parameters }: Arrival): Parameters {
  const kept = parameters.filter(([name]) => KEPT.has(name))
  if (routeBelow(route.name) !== CSV) return kept
  const format = ownColumns(onlyFormat(parameters))
  return kept.map(([name, value]) => [name, name === 'format' ? format : value])
}

function onlyFormat(parameters: Parameters): string {
  const formats = parameters.flatMap(([name, value]) => (name === 'format' ? [value] : []))
  if (formats.length > 1) throw invalid('format is there twice; send it once')
  return formats[0] ?? ''
}
