/** Bodies of POST /api/v2/query, as InfluxDB reads them (http/query.go of 2.9). */
import { type FluxFindings, refused } from './findings.ts'
import { inspectFlux, inspectProgram } from './inspect-flux.ts'
import { parseStrictJson, strictText } from './strict-json.ts'
import { asNode } from './syntax-facts.ts'

const TEXT_TYPE = 'application/vnd.flux'
const JSON_TYPE = 'application/json'
/** InfluxDB ignores `params`, which some clients send. It takes keys in any case, so no other key may pass. */
const KEYS = new Set(['query', 'type', 'extern', 'ast', 'dialect', 'now', 'params'])
const TEXTS = ['query', 'type']
const TREES = ['extern', 'ast']

/** What to judge, and what to send on if it may run. */
export interface InspectedQuery {
  readonly found: FluxFindings
  /** To be sent in place of the client's: InfluxDB must read the body in the way in which it was inspected. */
  readonly contentType: typeof TEXT_TYPE | typeof JSON_TYPE
  /** The client's bytes: a body that can be read in two ways is refused. */
  readonly body: Uint8Array
}

/**
 * Inspects the body of a query. Everything but `application/vnd.flux` is JSON. The caller bounds the size, and refuses
 * a content encoding, which InfluxDB does not undo.
 */
export function inspectQueryBody(body: Uint8Array, contentType = ''): InspectedQuery {
  const mediaType = contentType.split(';', 1)[0]?.trim().toLowerCase()
  if (mediaType !== TEXT_TYPE) return { found: inspectJson(body), contentType: JSON_TYPE, body }
  const text = strictText(body)
  const found = text === undefined ? malformed('the query is not valid UTF-8') : inspectFlux(text)
  return { found, contentType: TEXT_TYPE, body }
}

function inspectJson(body: Uint8Array): FluxFindings {
  const parsed = parseStrictJson(body)
  if (!parsed) return malformed('the query is not JSON with each key once')
  const { value } = parsed
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return malformed('the query must be a JSON object')
  }
  const request = asNode(value)
  const other = Object.keys(request).find((key) => !KEYS.has(key))
  if (other !== undefined) return malformed(`unknown key ${JSON.stringify(other)} in the query`)
  for (const key of TEXTS) {
    if (!isOf(request[key], 'string')) return malformed(`${key} must be a string`)
  }
  for (const key of TREES) {
    if (!isOf(request[key], 'object')) return malformed(`${key} must be an object`)
  }
  const { query, type } = request
  if (type && type !== 'flux') return malformed(`unknown query type: ${type}`)
  return inspectProgram({
    texts: typeof query === 'string' ? [query] : [],
    trees: TREES.map((key) => request[key]).filter((tree) => tree),
  })
}

/** Go takes null for a missing value. */
const isOf = (value: unknown, type: 'string' | 'object'): boolean =>
  value === undefined || value === null || (typeof value === type && !Array.isArray(value))

const malformed = (message: string): FluxFindings => refused('malformed-body', message)
