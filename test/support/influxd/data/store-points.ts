/** Points by bucket; a point replaces the one of the same series, field and time. */
import { gunzipSync } from 'node:zlib'
import { InfluxError } from '../core/errors.ts'
import type { Exchange } from '../core/exchange.ts'
import type { FieldValue, Point, State } from '../core/state.ts'

/** Stores all points but those whose type differs from that of their field, which it then reports. */
export function storePoints(state: State, bucketID: string, points: readonly Point[]): void {
  const known = state.points.get(bucketID) ?? []
  const kept = new Map(known.map((point) => [keyOf(point), point]))
  const types = new Map(known.map((point) => [fieldOf(point), typeOf(point.value)]))
  let conflict: string | undefined
  let dropped = 0
  for (const point of points) {
    const [type, before] = [typeOf(point.value), types.get(fieldOf(point))]
    if (before !== undefined && before !== type) {
      const field = `input field "${point.field}" on measurement "${point.measurement}"`
      conflict ??= `field type conflict: ${field} is type ${type}, already exists as type ${before}`
      dropped++
    } else {
      types.set(fieldOf(point), type)
      kept.set(keyOf(point), point)
    }
  }
  state.points.set(bucketID, [...kept.values()])
  if (conflict === undefined) return
  const reason = `partial write: ${conflict} dropped=${dropped}`
  throw new InfluxError('unprocessable entity', `failure writing points to database: ${reason}`)
}

function fieldOf({ measurement, field }: Point): string {
  return `${measurement}\0${field}`
}

/** As InfluxQL names types. */
export function typeOf(value: FieldValue): string {
  if (typeof value === 'number') return 'float'
  return typeof value === 'bigint' ? 'integer' : typeof value
}

/** The text that tells a series from others. */
export function seriesOf({ measurement, tags, field }: Point): string {
  const parts = Object.keys(tags)
    .sort()
    .map((key) => `${key}=${tags[key]}`)
  return [measurement, field, ...parts].join('\0')
}

function keyOf(point: Point): string {
  return `${seriesOf(point)}\0${point.time}`
}

/** The lines of a write; only one `gzip` is unzipped, all else is taken as it is. */
export function writtenText({ body, headers }: Exchange): string {
  const encoding = headers['content-encoding']
  if (encoding !== 'gzip' && encoding !== 'x-gzip') return body.toString('utf8')
  try {
    return gunzipSync(body).toString('utf8')
  } catch (error) {
    if (body.length === 0 || (body[0] === 0x1f && body[1] === 0x8b)) {
      throw new InfluxError('internal error', 'unable to read data: unexpected EOF')
    }
    throw error
  }
}
