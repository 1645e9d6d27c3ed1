/** `/api/v2/query` and what belongs to it: trees, analysis, suggestions. */
import { gzipSync } from 'node:zlib'
import type { Caller } from '../core/caller.ts'
import { InfluxError } from '../core/errors.ts'
import { type Answer, type Exchange, json, type Sent, sentJSON, sentOr } from '../core/exchange.ts'
import { type Route, route } from '../core/router.ts'
import type { Organization, State } from '../core/state.ts'
import { fromJSON, type Script, toJSON } from '../flux/ast.ts'
import { csvOf, type Dialect } from '../flux/csv.ts'
import { evaluate } from '../flux/evaluate.ts'
import { libraryFor } from '../flux/library.ts'
import { parseFlux } from '../flux/parser.ts'
import { type Stream, Time } from '../flux/values.ts'
import { orgOfQuery } from '../identity/organizations.ts'

export const QUERY_ROUTES: readonly Route[] = [
  route('POST', '/api/v2/query', query),
  route('POST', '/api/v2/query/ast', (exchange) => {
    const sent = sentOr(exchange, 'invalid json')
    return json(200, { ast: toJSON(parsed(sent.query ?? '', 'invalid AST')) })
  }),
  route('POST', '/api/v2/query/analyze', analyze),
  route('GET', '/api/v2/query/suggestions', () => json(200, { funcs: SUGGESTIONS })),
  route('GET', '/api/v2/query/suggestions/:name', ({ params }) => {
    const found = SUGGESTIONS.find(({ name }) => name === params.name)
    if (!found) throw new Error(`no function ${params.name}`)
    return json(200, found)
  }),
]

const SUGGESTIONS = [
  { name: 'from', params: { bucket: 'string', bucketID: 'string', host: 'string', org: 'string' } },
  { name: 'range', params: { start: 'invalid', stop: 'invalid', tables: 'stream' } },
]
const REFUSED = 'failed to decode request body'

interface Request {
  readonly scripts: readonly Script[]
  readonly dialect: Dialect
}

function query(exchange: Exchange): Answer {
  const { state, caller, headers } = exchange
  const sent = decode(exchange)
  const org = decoded(() => orgOfQuery(exchange))
  const { scripts, dialect } = requestOf(sent)
  const results = runFlux(state, caller, org, scripts)
  const text = csvOf(results, dialect)
  const common = { 'content-type': 'text/csv; charset=utf-8', vary: 'Accept-Encoding' }
  if (!/\bgzip\b/.test(String(headers['accept-encoding'] ?? '')))
    return { status: 200, headers: common, body: text }
  return { status: 200, headers: { ...common, 'content-encoding': 'gzip' }, body: gzipSync(text) }
}

/** Refusals of a request that cannot be decoded have 400, unknown organizations included. */
function decoded<T>(decode: () => T): T {
  try {
    return decode()
  } catch (error) {
    throw new InfluxError('invalid', `${REFUSED}: ${(error as Error).message}`)
  }
}

function decode(exchange: Exchange): Sent {
  const type = exchange.headers['content-type'] ?? 'application/json'
  if (/^application\/vnd\.flux\s*(;|$)/i.test(type)) return { query: exchange.body.toString('utf8') }
  try {
    return withGoNames(sentJSON(exchange))
  } catch (error) {
    const hint =
      "if sending a raw Flux script, set 'Content-Type: application/vnd.flux' in your request headers"
    const reason = `failed parsing request body as JSON; ${hint}`
    throw new InfluxError('invalid', `${REFUSED}: ${reason}: ${(error as Error).message}`)
  }
}

/** Go matches keys without regard to case, and the last one wins. */
function withGoNames(sent: Sent): Sent {
  return Object.fromEntries(Object.entries(sent).map(([name, value]) => [name.toLowerCase(), value]))
}

function requestOf(sent: Sent): Request {
  const { query: text = '', ast, extern, type = 'flux', dialect = {} } = sent
  if (!text && !ast) throw new InfluxError('invalid', `${REFUSED}: request body requires either query or AST`)
  if (type !== 'flux' && type !== '')
    throw new InfluxError('invalid', `${REFUSED}: unknown query type: ${type}`)
  const script = ast ? fromJSON(ast) : parsed(text)
  return { scripts: extern ? [fromJSON(extern), script] : [script], dialect }
}

function parsed(text: string, refusal?: string): Script {
  try {
    return parseFlux(text)
  } catch (error) {
    if (!refusal || !(error instanceof InfluxError)) throw error
    throw new InfluxError('invalid', `${refusal}: ${error.message}`)
  }
}

/** The results of scripts that run with the caller's rights in an organization. */
export function runFlux(
  state: State,
  caller: Caller,
  org: Organization,
  scripts: readonly Script[],
): readonly Stream[] {
  const now = new Time(BigInt(Date.now()) * 1_000_000n)
  const results = evaluate(scripts, libraryFor({ state, caller, org, now }))
  if (results.length === 0) {
    const hint =
      'Consider adding a "yield" or invoking streaming functions directly, without performing an assignment'
    const reason = `this Flux script returns no streaming data. ${hint}`
    throw new InfluxError('invalid', `error in query specification while starting program: ${reason}`)
  }
  const unbounded = results.find((each) => each.unbounded !== undefined)?.unbounded
  if (unbounded !== undefined) {
    const reason = `cannot submit unbounded read to "${unbounded}"; try bounding 'from' with a call to 'range'`
    throw new InfluxError('invalid', `error in building plan while starting program: ${reason}`)
  }
  return results
}

/** Without a type, which clients leave out, the real server fails. */
function analyze(exchange: Exchange): Answer {
  const sent = sentOr(exchange, 'invalid json')
  if (sent.type !== 'flux') throw new Error(`unknown query request type ${sent.type}`)
  try {
    parseFlux(sent.query ?? '')
    return json(200, { errors: [] })
  } catch (error) {
    return json(200, { errors: [{ line: 1, column: 1, character: 0, message: (error as Error).message }] })
  }
}
