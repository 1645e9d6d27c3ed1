/**
 * SQL and InfluxQL. InfluxDB 3 Core runs each query in the one database that the request names, and refuses InfluxQL that
 * names another one (influxdb3_server/src/http.rs), so every request that goes on names its database.
 */
import type { Principal } from '../../../domain/access/principal.ts'
import { forbidden, invalid, SluiceError } from '../../../domain/base/errors.ts'
import type { DatabaseAccess } from '../../../domain/gateway/database-access.ts'
import { parseInfluxql } from '../../../domain/influxql/parse-influxql.ts'
import { STATEMENTS } from '../../../domain/influxql/statements.ts'
import { type Arrival, type Judge, MOST_JUDGED_BYTES, type Outgoing } from '../arrival.ts'
import { hasBody, parseObject } from '../body.ts'
import { parseExactly } from '../exact-json.ts'
import { FORM, formIn, mediaTypeOf, requireOneValue } from '../form.ts'
import { boundValues } from '../influxdb1/bound-values.ts'
import { databasesAnswer } from '../influxdb1/databases-answer.ts'
import { queryRequest } from '../influxdb1/query-request.ts'
import { decisiveIn, targetOf } from '../target.ts'
import { rowsAnswer } from './rows-answer.ts'
import { checkSql } from './sql-statement.ts'

const KEYS: ReadonlySet<string> = new Set(['db', 'q', 'format', 'params'])
const FORMATS: ReadonlySet<string> = new Set(['json', 'jsonl', 'json_lines', 'csv', 'pretty', 'parquet'])

interface V3Query {
  readonly db: string
  readonly q: string
  readonly format: string | undefined
  /** The values of the parameters of the query, as JSON. */
  readonly params: string | undefined
}

export function judgeV3Query(access: DatabaseAccess, language: 'sql' | 'influxql'): Judge {
  return async (arrival) => {
    const query = await queryIn(arrival)
    const { db, q, format, params } = query
    if (language === 'influxql' && isShowDatabases(q)) {
      // As there with those that are deleted, which Sluice does not know.
      const rows = (await access.readable(arrival.caller.principal)).map((name) => ({
        ...{ 'iox::database': name, deleted: false },
      }))
      const answer = rowsAnswer(rows, ['iox::database', 'deleted'], format)
      return { orgID: await access.orgID(), answer, target: arrival.path, body: undefined }
    }
    if (!db) throw invalid('db is missing; send the database')
    const { principal } = arrival.caller
    const bucket = await access.require(principal, 'read', { database: db, policy: 'all' })
    if (language === 'influxql') requireOneDatabase(q, db)
    else if (checkSql(q).length > 0) access.requireOperator(principal, 'read')
    const values = boundValues(params)
    const said = { orgID: bucket.orgID, bucketID: bucket.id, database: db, statement: q }
    const parameters = Object.entries({ db, q, format, params: values }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    )
    if (arrival.request.method === 'GET') {
      return { ...said, target: targetOf(arrival.path, parameters), body: undefined }
    }
    const plain = JSON.stringify({ db, q, ...(format === undefined ? {} : { format }) })
    const body = values === undefined ? plain : `${plain.slice(0, -1)},"params":${values}}`
    return { ...said, target: arrival.path, body: Buffer.from(body), contentType: 'application/json' }
  }
}

/** On POST the server reads the JSON alone, and none of the query. */
async function queryIn(arrival: Arrival): Promise<V3Query> {
  const { request, parameters } = arrival
  if (request.method === 'GET') {
    const names = parameters.map(([name]) => name)
    if (new Set(names).size < names.length) throw invalid('a parameter is there twice; send it once')
    return checked(Object.fromEntries(parameters))
  }
  if (parameters.some(([name]) => KEYS.has(name))) {
    throw invalid('the query names what belongs into the JSON body; send it there alone')
  }
  if (request.headers['content-encoding'] !== undefined) {
    throw new SluiceError('unsupported media type', 'send the query without Content-Encoding')
  }
  const body = await arrival.read(MOST_JUDGED_BYTES)
  const { params, ...others } = parseObject(body)
  if (params === undefined || params === null) return checked(others)
  const exact = parseExactly(body.toString('utf8')) as { readonly params: unknown }
  return checked({ ...others, params: JSON.stringify(exact.params) })
}

function checked(values: Readonly<Record<string, unknown>>): V3Query {
  const { db, q, format, params } = values
  const isText = (value: unknown): value is string | undefined =>
    value === undefined || typeof value === 'string'
  if (!isText(db) || !isText(q) || !isText(format) || !isText(params))
    throw invalid('db, q and format must be texts')
  if (!q) throw invalid('q is missing; send the query')
  if (format !== undefined && !FORMATS.has(format))
    throw invalid(`format is one of ${[...FORMATS].join(', ')}`)
  return { db: db ?? '', q, format, params }
}

/** One statement that reads, in no other database and in no policy that would be another database. */
function requireOneDatabase(q: string, db: string): void {
  const statements = parseInfluxql(q)
  const [statement, ...others] = statements
  if (!statement || others.length > 0) throw invalid('send one statement')
  const { rule } = STATEMENTS[statement.name]
  if (rule !== 'read') throw forbidden('not-through-gateway', `${statement.name} is not served by InfluxDB 3`)
  for (const { database, policy } of statement.reads) {
    const isOther = database !== undefined && database !== db
    const isPolicy = policy !== undefined && policy !== 'all' && policy !== 'autogen' && policy !== 'default'
    if (isOther || isPolicy) {
      throw forbidden('missing-permission', `the statement names another database than ${JSON.stringify(db)}`)
    }
  }
}

/** The 1.x way: `db` and `q` in query or form. */
export function judgeV1Query(access: DatabaseAccess): Judge {
  return async (arrival) => {
    const asked = await askedIn(arrival)
    const { db = '', q = '', rp } = asked
    if (rp !== undefined && rp !== '' && rp !== 'autogen' && rp !== 'default') {
      throw invalid('rp is autogen or left out; another policy is a database of its own, db=DATABASE/POLICY')
    }
    const { principal } = arrival.caller
    if (isShowDatabases(q)) return showDatabases(arrival, access, principal)
    if (!db) throw invalid('db is missing; send db=DATABASE')
    const bucket = await access.require(principal, 'read', { database: db, policy: 'all' })
    requireOneDatabase(q, db)
    const params = boundValues(asked.params)
    const said = { orgID: bucket.orgID, bucketID: bucket.id, database: db, statement: q }
    return { ...said, ...queryRequest(arrival, { db, q, params }, asked) }
  }
}

function isShowDatabases(q: string): boolean {
  const statements = parseInfluxql(q)
  return statements.length === 1 && statements[0]?.name === 'SHOW DATABASES'
}

async function showDatabases(
  arrival: Arrival,
  access: DatabaseAccess,
  principal: Principal,
): Promise<Outgoing> {
  const answer = databasesAnswer(await access.readable(principal), arrival.request.headers.accept)
  return { orgID: await access.orgID(), answer, target: '/query', body: undefined }
}

async function askedIn(arrival: Arrival): Promise<Arrival['decisive']> {
  const { request, decisive } = arrival
  if (request.method === 'GET' || !hasBody(request)) return decisive
  if (
    mediaTypeOf(request.headers['content-type']) !== FORM ||
    request.headers['content-encoding'] !== undefined
  ) {
    throw new SluiceError('unsupported media type', `send the query as ${FORM}`)
  }
  const body = await arrival.read(MOST_JUDGED_BYTES)
  const form = decisiveIn(formIn(body))
  requireOneValue(Object.entries(decisive), form)
  return { ...decisive, ...form }
}
