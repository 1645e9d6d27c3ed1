/** Reads: every selector is narrowed to the buckets that the caller may read. */
import { forbidden } from '../../../domain/base/errors.ts'
import type { DatabaseAccess } from '../../../domain/gateway/database-access.ts'
import type { Arrival, Judge, Outgoing } from '../arrival.ts'
import { withParameters } from '../form.ts'
import { databasesAnswer } from '../influxdb1/databases-answer.ts'
import type { Parameters } from '../target.ts'
import { parametersOf } from './parameters.ts'
import { asksForDatabases, changesOfOperators, isOfOperators, routeBelow } from './routes.ts'

/** What goes on; of all others VictoriaMetrics hears nothing. `trace` would tell of the whole server. */
const KEPT: ReadonlySet<string> = new Set([
  ...['query', 'time', 'timeout', 'start', 'end', 'step', 'match', 'match[]', 'limit', 'nocache'],
  ...['max_lookback', 'round_digits', 'format', 'max_rows_per_line', 'reduce_mem_usage'],
])

export function judgeMetricsRead(access: DatabaseAccess): Judge {
  return async (arrival) => {
    const route = routeBelow(arrival.route.name)
    if (isOfOperators(route)) return judgeOfOperators(arrival, access, route)
    const { principal } = arrival.caller
    const orgID = await access.orgID()
    if (asksForDatabases(route)) {
      const answer = databasesAnswer(await access.readable(principal), arrival.request.headers.accept)
      return { orgID, answer, target: arrival.path, body: undefined }
    }
    const parameters = await parametersOf(arrival)
    const database = parameters.find(([name]) => name === 'db')?.[1]
    if (database) await access.require(principal, 'read', { database, policy: 'all' })
    const readable = database ? [database] : await access.readable(principal)
    if (readable.length === 0) {
      throw forbidden('missing-permission', 'insufficient permissions to read any bucket', { orgID })
    }
    const kept = parameters.filter(([name]) => KEPT.has(name))
    const statement = parameters.find(([name]) => name === 'query' || name === 'match[]')?.[1]
    return {
      ...{ orgID, ...(database ? { database } : {}), ...(statement === undefined ? {} : { statement }) },
      ...withParameters(arrival.request.method, arrival.path, [...kept, ...filtersFor(readable)]),
    }
  }
}

/** Which tells of every series, or changes what all callers see. */
async function judgeOfOperators(arrival: Arrival, access: DatabaseAccess, route: string): Promise<Outgoing> {
  const { principal, session } = arrival.caller
  const orgID = await access.orgID()
  const changes = changesOfOperators(route)
  access.requireOperator(principal, changes ? 'write' : 'read')
  // VictoriaMetrics deletes by GET too, which a page of another site can make a browser send.
  if (changes && session && arrival.request.method === 'GET')
    throw forbidden('forged-request', 'send this by POST')
  const parameters = await parametersOf(arrival)
  const kept = parameters.filter(([name]) => name !== 'u' && name !== 'p')
  return { orgID, ...withParameters(arrival.request.method, arrival.path, kept) }
}

const PLAIN = /^[A-Za-z0-9_-]+$/

/** Several filters are joined by OR. A name that is a regular expression of more than itself gets a filter of its own. */
export function filtersFor(databases: readonly string[]): Parameters {
  const plain = databases.filter((name) => PLAIN.test(name))
  const others = databases.filter((name) => !PLAIN.test(name))
  const joined = plain.length > 1 ? `{db=~${JSON.stringify(plain.join('|'))}}` : undefined
  const single = joined === undefined ? databases : others
  return [
    ...(joined === undefined ? [] : [joined]),
    ...single.map((name) => `{db=${JSON.stringify(name)}}`),
  ].map((filter) => ['extra_filters[]', filter])
}
