/** The 1.x API. Upstream finds the bucket by its mapping, among those that the token may use. */
import { invalid, SluiceError, unauthorized } from '../../../domain/base/errors.ts'
import type { ID } from '../../../domain/base/id.ts'
import { type Arrival, MOST_JUDGED_BYTES, type Outgoing } from '../arrival.ts'
import { hasBody } from '../body.ts'
import { FORM, formIn, mediaTypeOf, requireOneValue, withParameters } from '../form.ts'
import { decisiveIn, type Parameters, targetOf } from '../target.ts'
import { requireKnownCoding } from './write.ts'

const WRITE_PARAMETERS: ReadonlySet<string> = new Set(['db', 'rp', 'precision', 'consistency'])
const QUERY_PARAMETERS: ReadonlySet<string> = new Set([
  ...['db', 'rp', 'q', 'epoch', 'chunked', 'chunk_size', 'params', 'pretty'],
])

export async function judgeLegacyWrite(arrival: Arrival): Promise<Outgoing> {
  requireKnownCoding(arrival.request)
  return {
    orgID: organizationOf(arrival),
    ...databaseIn(arrival.decisive),
    target: targetOf('/write', only(arrival.parameters, WRITE_PARAMETERS)),
    body: hasBody(arrival.request) ? 'as-sent' : undefined,
  }
}

/**
 * What a form says counts more than the query in InfluxDB; here both must say the same. A multipart form would make
 * InfluxDB read a file of its own working directory.
 */
export async function judgeLegacyQuery(arrival: Arrival): Promise<Outgoing> {
  const { request, parameters, decisive } = arrival
  const orgID = organizationOf(arrival)
  const inQuery = only(parameters, QUERY_PARAMETERS)
  const withStatement = (statement: string | undefined) => (statement === undefined ? {} : { statement })
  if (request.method === 'GET' || !hasBody(request)) {
    const said = { ...databaseIn(decisive), ...withStatement(decisive.q) }
    return { orgID, target: targetOf('/query', inQuery), body: undefined, ...said }
  }
  const body = await arrival.read(MOST_JUDGED_BYTES)
  const mediaType = mediaTypeOf(request.headers['content-type'])
  if (request.headers['content-encoding'] !== undefined) {
    throw new SluiceError('unsupported media type', 'send the query without Content-Encoding')
  }
  if (mediaType === 'application/vnd.influxql') {
    if (decisive.q !== undefined) throw invalid('q is in the query and the body is one too; send one of them')
    const [contentType, statement] = [mediaType, body.toString('utf8')]
    const said = { ...databaseIn(decisive), statement }
    return { orgID, target: targetOf('/query', inQuery), body, contentType, ...said }
  }
  if (mediaType !== FORM) {
    throw new SluiceError('unsupported media type', `send the query as ${FORM} or application/vnd.influxql`)
  }
  const inForm = formIn(body)
  const form = decisiveIn(inForm)
  requireOneValue(inQuery, form)
  const merged = [...inQuery.filter(([name]) => form[name] === undefined), ...only(inForm, QUERY_PARAMETERS)]
  return {
    orgID,
    ...withParameters(request.method, '/query', merged),
    ...databaseIn({ db: form.db ?? decisive.db, rp: form.rp ?? decisive.rp }),
    ...withStatement(form.q ?? decisive.q),
  }
}

function only(parameters: Parameters, names: ReadonlySet<string>): Parameters {
  return parameters.filter(([name]) => names.has(name))
}

function databaseIn({ db, rp }: Arrival['decisive']): Pick<Outgoing, 'database'> {
  if (!db) return {}
  return { database: rp ? `${db}/${rp}` : db }
}

/** InfluxDB 2 looks for mappings in the organization of the token. */
function organizationOf({ caller: { principal } }: Arrival): ID {
  if (principal.authorizationOrgID) return principal.authorizationOrgID
  throw unauthorized('no-credentials')
}
