/** `/query`: every statement is judged before any is forwarded, in a rebuilt request. */
import type { Principal } from '../../../domain/access/principal.ts'
import { forbidden, invalid, SluiceError } from '../../../domain/base/errors.ts'
import type { ID } from '../../../domain/base/id.ts'
import type { MaybePromise } from '../../../domain/base/maybe-promise.ts'
import type { DatabaseAccess } from '../../../domain/gateway/database-access.ts'
import { parseInfluxql } from '../../../domain/influxql/parse-influxql.ts'
import { type DataPlace, STATEMENTS, type Statement } from '../../../domain/influxql/statements.ts'
import { type Arrival, type Judge, MOST_JUDGED_BYTES, type Outgoing } from '../arrival.ts'
import { hasBody } from '../body.ts'
import { FORM, formIn, mediaTypeOf, requireOneValue } from '../form.ts'
import { MULTIPART, multipartIn } from '../multipart.ts'
import { decisiveIn, type Parameters } from '../target.ts'
import { boundValues } from './bound-values.ts'
import { databasesAnswer } from './databases-answer.ts'
import { filteredAnswer, type NameFilter } from './filtered-answer.ts'
import { queryRequest } from './query-request.ts'

export interface InfluxqlDeps {
  readonly access: DatabaseAccess
  readonly manage: ManageDatabases
}

/** A change of a database or of one of its policies. */
export interface DatabaseChange extends Pick<Statement, 'policy' | 'keeps'> {
  readonly name: `${'CREATE' | 'DROP'} DATABASE` | `${'CREATE' | 'ALTER' | 'DROP'} RETENTION POLICY`
  readonly database: string
}

/**
 * Lets the buckets follow what upstream made of these changes, once it has answered. Throws what making a bucket throws
 * for its name and the caller's rights, and `forbidden` if databases are not dropped.
 */
export type ManageDatabases = (
  caller: Arrival['caller'],
  orgID: ID,
  changes: readonly DatabaseChange[],
) => Pick<Outgoing, 'settle' | 'begin'>

export function judgeInfluxql(deps: InfluxqlDeps): Judge {
  return async (arrival) => {
    const asked = await askedIn(arrival)
    const { q = '', db = '', rp = '' } = asked
    const { principal, session } = arrival.caller
    const statements = parseInfluxql(q)
    if (statements.length === 0) throw invalid('q is missing; send q=STATEMENT')
    const params = boundValues(asked.params)
    const changing = statements.find(({ name }) => STATEMENTS[name].changes)
    // A page of another site can make a browser send a GET with its cookies.
    if (changing && arrival.request.method === 'GET' && session) {
      throw forbidden('forged-request', `send ${changing.name} by POST`)
    }
    const own = { db, rp }
    const filtered = new Map<number, Filter>()
    for (const [at, statement] of statements.entries()) {
      const filter = await filterFor(statement, own, principal, deps)
      if (filter) filtered.set(at, filter)
      else await requireRights(statement, own, principal, deps)
    }
    const orgID = await deps.access.orgID()
    const said = { orgID, statement: q, ...(db ? { database: rp ? `${db}/${rp}` : db } : {}) }
    const { accept } = arrival.request.headers
    if (statements.length === 1 && statements[0]?.name === 'SHOW DATABASES') {
      const names = databasesIn(await deps.access.readable(principal))
      const answer = databasesAnswer([...names], accept)
      return { ...said, answer, target: '/query', body: undefined }
    }
    const changes = changesIn(statements)
    const managed = changes.length > 0 ? deps.manage(arrival.caller, orgID, changes) : {}
    if (filtered.size === 0) {
      return { ...said, ...managed, ...queryRequest(arrival, { q, db, rp, params }, asked) }
    }
    if (OTHER_THAN_JSON.test(accept ?? '')) {
      throw invalid('this answer lists what you may read of more, and is JSON only; leave out Accept')
    }
    return {
      ...{ ...said, ...managed },
      ...queryRequest(
        arrival,
        { q, db, rp, params },
        { ...asked, chunked: undefined, chunk_size: undefined },
      ),
      async rewrite(body) {
        const readable = new Set(await deps.access.readable(principal))
        return filteredAnswer(body, new Map([...filtered].map(([at, filter]) => [at, filter(readable)])))
      },
    }
  }
}

const OTHER_THAN_JSON = /\b(?:csv|x-msgpack)\b/i

/** Makes a filter from the names of the buckets that the caller may read. */
type Filter = (readable: ReadonlySet<string>) => NameFilter

/** A bucket of one policy is named `database/policy`. */
const databasesIn = (buckets: Iterable<string>): ReadonlySet<string> =>
  new Set([...buckets].map((name) => name.split('/', 1)[0] as string))

/** The filter for the answer to a statement that lists names, if the caller may read only some of them. */
async function filterFor(
  { name, on }: Statement,
  own: { readonly db: string },
  principal: Principal,
  { access }: InfluxqlDeps,
): Promise<Filter | undefined> {
  if (name === 'SHOW DATABASES') {
    return (readable) => {
      const databases = databasesIn(readable)
      return (database) => databases.has(database)
    }
  }
  if (name !== 'SHOW RETENTION POLICIES') return undefined
  const database = on ?? own.db
  const readable = await access.readable(principal)
  const hasSingle = readable.some((each) => each.startsWith(`${database}/`))
  if (database === '' || database.includes('/') || readable.includes(database) || !hasSingle) return undefined
  return (names) => (policy) => !policy.includes('/') && names.has(`${database}/${policy}`)
}

/** The parameters of query and form. A form counts more in InfluxDB; here both must say the same. */
async function askedIn(arrival: Arrival): Promise<Arrival['decisive']> {
  const { request, decisive } = arrival
  if (request.method === 'GET' || !hasBody(request)) return decisive
  if (request.headers['content-encoding'] !== undefined) {
    throw new SluiceError('unsupported media type', 'send the query without Content-Encoding')
  }
  const body = await arrival.read(MOST_JUDGED_BYTES)
  if (body.length === 0) return decisive
  const form = decisiveIn(await parametersIn(body, request.headers['content-type']))
  requireOneValue(Object.entries(decisive), form)
  return { ...decisive, ...form }
}

function parametersIn(body: Buffer, contentType = ''): MaybePromise<Parameters> {
  const mediaType = mediaTypeOf(contentType)
  if (mediaType === FORM) return formIn(body)
  if (mediaType === MULTIPART) return multipartIn(body, contentType)
  throw new SluiceError('unsupported media type', `send the query as ${FORM} or ${MULTIPART}`)
}

async function requireRights(
  statement: Statement,
  own: { readonly db: string; readonly rp: string },
  principal: Principal,
  { access }: InfluxqlDeps,
): Promise<void> {
  const { name, reads, writes, manages, on } = statement
  const { rule } = STATEMENTS[name]
  if (rule === 'anybody') return
  if (rule === 'never') {
    throw forbidden(
      'not-through-gateway',
      `${name}: users and rights are kept by this server, not by InfluxDB`,
    )
  }
  if (rule === 'operator') {
    access.requireOperator(principal, STATEMENTS[name].changes ? 'write' : 'read')
    return
  }
  const placeOf = ({ database, policy }: DataPlace) => {
    const named = database ?? (own.db || on)
    if (!named) throw invalid(`${name} names no database; send db=DATABASE`)
    return { database: named, policy: policy ?? (own.rp || undefined) }
  }
  for (const place of reads) await access.require(principal, 'read', placeOf(place))
  for (const place of writes) await access.require(principal, 'write', placeOf(place))
  if (rule !== 'manage') return
  await access.requireManager(principal)
  for (const database of manages) {
    const place = placeOf({ database, policy: 'all' })
    // CREATE DATABASE alone is about a database that is no bucket yet.
    if (name !== 'CREATE DATABASE') await access.require(principal, 'write', place)
  }
}

function changesIn(statements: readonly Statement[]): DatabaseChange[] {
  return statements.flatMap(({ name, manages: [database], policy, keeps }) =>
    database !== undefined && isDatabaseChange(name) ? [{ name, database, policy, keeps }] : [],
  )
}

const isDatabaseChange = (name: Statement['name']): name is DatabaseChange['name'] =>
  name === 'CREATE DATABASE' || name === 'DROP DATABASE' || name.endsWith(' RETENTION POLICY')
