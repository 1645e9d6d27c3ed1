/** One JSON value of InfluxDB's metadata, read field by field. What has another type is damage. */
import { type ID, idProblem, parseID } from '../../domain/base/id.ts'
import type { BoltEntry } from './bolt-file.ts'

/** Why the metadata of InfluxDB cannot be read. The message has no value of the file. */
export class MetadataError extends Error {
  override name = 'MetadataError'
}

/** All methods throw `MetadataError` if the field has another type, or is missing and has no default. */
export interface MetadataRow {
  text(field: string, otherwise?: string): string
  /** Reads a field that must hold one of these texts. */
  choice(field: string, among: readonly string[]): string
  number(field: string, otherwise?: number): number
  id(field: string): ID
  optionalID(field: string): ID | undefined
  /** The field `id`, which must be the key as well. */
  ownID(): ID
  /** RFC 3339, UTC; the zero time of Go if the field is missing. */
  time(field: string): string
  row(field: string): MetadataRow
  /** Empty if the field is null. */
  rows(field: string): MetadataRow[]
}

/** One id, or the two of a membership. */
const KEY = /^[0-9a-f]{16}(?:[0-9a-f]{16})?$/

/** `bucket` is for messages. */
export function readRow(bucket: string, { key, value }: BoltEntry): MetadataRow {
  const text = utf8(bucket, value)
  const name = utf8(bucket, key)
  // In a damaged file a key may be any bytes, even those of a token.
  const place = KEY.test(name) ? `the record ${name} of ${bucket}` : `a record of ${bucket}`
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    // The message of JSON.parse has a part of the text.
    throw new MetadataError(`${place} is not JSON`)
  }
  return rowOf(json, place, name)
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text of the bucket with this name; throws `MetadataError` if it is not UTF-8. */
export function utf8(bucket: string, bytes: Buffer): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new MetadataError(`a record of ${bucket} is not UTF-8`)
  }
}

const ZERO_TIME = '0001-01-01T00:00:00Z'
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/

function rowOf(json: unknown, place: string, key: string): MetadataRow {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new MetadataError(`${place} is no JSON object`)
  }
  const fields = json as Readonly<Record<string, unknown>>

  function fieldOf(field: string): unknown {
    return Object.hasOwn(fields, field) ? (fields[field] ?? undefined) : undefined
  }
  function bad(field: string): MetadataError {
    return new MetadataError(`${place} has no valid ${field}`)
  }

  const row: MetadataRow = {
    text(field, otherwise) {
      const value = fieldOf(field) ?? otherwise
      if (typeof value !== 'string') throw bad(field)
      return value.toWellFormed()
    },
    choice(field, among) {
      const value = row.text(field)
      if (!among.includes(value)) throw bad(field)
      return value
    },
    number(field, otherwise) {
      const value = fieldOf(field) ?? otherwise
      if (typeof value !== 'number') throw bad(field)
      return value
    },
    id(field) {
      const value = row.text(field)
      if (idProblem(value) !== undefined) throw bad(field)
      return parseID(value)
    },
    optionalID: (field) => (fieldOf(field) === undefined ? undefined : row.id(field)),
    ownID() {
      const id = row.id('id')
      if (id !== key) throw bad('id')
      return id
    },
    time(field) {
      const text = row.text(field, ZERO_TIME)
      const at = Date.parse(text)
      if (Number.isNaN(at)) throw bad(field)
      return UTC.test(text) ? text : new Date(at).toISOString()
    },
    row: (field) => rowOf(fieldOf(field), `${field} of ${place}`, ''),
    rows(field) {
      const value = fieldOf(field) ?? []
      if (!Object.hasOwn(fields, field) || !Array.isArray(value)) throw bad(field)
      return value.map((each) => rowOf(each, `an entry of ${field} of ${place}`, ''))
    },
  }
  return row
}
