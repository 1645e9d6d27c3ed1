/** Parses a request's target once: upstream gets a target built from the values that were judged. */
import { invalid } from '../../domain/base/errors.ts'

/** Name and value pairs of a query or form, decoded, in their order. */
export type Parameters = readonly (readonly [name: string, value: string])[]

/**
 * The path of a target, as it was sent, without a slash at its end; undefined if it is no path in its plain form:
 * with an escape, an empty segment, `.` or `..`, or as a whole URL. InfluxDB reads `/%77rite` as `/write`, so a path
 * that needs reading is not forwarded.
 */
export function plainPath(target: string): string | undefined {
  const query = target.indexOf('?')
  const path = query < 0 ? target : target.slice(0, query)
  if (!PLAIN_PATH.test(path)) return undefined
  return path.endsWith('/') ? path.slice(0, -1) : path
}

const PLAIN_PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)+\/?$/

/** The decoded parameters of a target. Throws `invalid` if another reader could read other ones. */
export function queryOf(target: string): Parameters {
  const start = target.indexOf('?')
  if (start < 0 || start === target.length - 1) return NONE
  return readParameters(target.slice(start + 1), 'the query')
}

const NONE: Parameters = []

/**
 * Reads `application/x-www-form-urlencoded` from text of which each character is a byte. Clients send forms in UTF-8
 * without escapes too, and InfluxDB takes it. Throws `invalid`, which names `subject`, for anything else.
 */
export function readParameters(text: string, subject: string): Parameters {
  if (text.includes(';') || text.includes('#')) {
    throw invalid(`${subject} has a ; or #; write them as %3B and %23`)
  }
  return text
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=')
      const name = equals < 0 ? part : part.slice(0, equals)
      return [decoded(name, subject), equals < 0 ? '' : decoded(part.slice(equals + 1), subject)] as const
    })
}

function decoded(text: string, subject: string): string {
  if (!NEEDS_DECODING.test(text)) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' ').replaceAll(BEYOND_ASCII, percentOf))
  } catch {
    throw invalid(`${subject} has bytes that are no UTF-8, or a % that begins none; write % as %25`)
  }
}

const NEEDS_DECODING = /[%+\x80-\xff]/
const BEYOND_ASCII = /[\x80-\xff]/g
const percentOf = (byte: string) => `%${byte.charCodeAt(0).toString(16)}`

/**
 * The parameters that decide what a request is about. If one is repeated, InfluxDB takes the first and others the last.
 */
const DECISIVE: ReadonlySet<string> = new Set([
  ...['org', 'orgID', 'bucket', 'bucketID', 'precision'],
  ...['db', 'rp', 'q', 'u', 'p', 'epoch', 'chunked', 'chunk_size', 'params', 'pretty', 'consistency'],
])

/** The decisive parameters by name. Throws `invalid` for one that is there twice. */
export function decisiveIn(parameters: Parameters): Readonly<Record<string, string | undefined>> {
  const found: Record<string, string | undefined> = Object.create(null)
  for (const [name, value] of parameters) {
    if (!DECISIVE.has(name)) continue
    if (found[name] !== undefined) throw invalid(`${name} is there twice; send it once`)
    found[name] = value
  }
  return found
}

export interface ReadTarget {
  readonly parameters: Parameters
  /** The parameters that decide what the request is about, by name. */
  readonly decisive: Readonly<Record<string, string | undefined>>
}

/** The parameters of a target. Throws `invalid` as `queryOf` and `decisiveIn` do. */
export type ReadTargets = (target: string) => ReadTarget

/**
 * Keeps what it has read: a client writes with the same target again and again. Not what holds a password, nor what is
 * long, and a client that makes up targets does not fill the memory.
 */
export function createReadTargets(): ReadTargets {
  const known = new Map<string, ReadTarget>()
  return (target) => {
    const found = known.get(target)
    if (found) return found
    const parameters = queryOf(target)
    const read = { parameters, decisive: decisiveIn(parameters) }
    if (target.length <= LONGEST_KEPT && read.decisive.p === undefined) {
      if (known.size >= MOST_KEPT) known.clear()
      known.set(target, read)
    }
    return read
  }
}

const LONGEST_KEPT = 500
const MOST_KEPT = 1000

/** A target with these parameters, encoded so that it has one meaning. */
export function targetOf(path: string, parameters: Parameters): string {
  if (parameters.length === 0) return path
  return `${path}?${parameters.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')}`
}
