/** What VictoriaMetrics has, as far as the label `db` confines it; besides that, what operators may do. */
import type { AsSent } from '../judge-described-databases.ts'
import type { Routes } from '../route-table.ts'

const WRITES: readonly string[] = [
  ...['/write', '/api/v2/write', '/influx/write', '/influx/api/v2/write', '/api/v1/write'],
  ...['/api/v1/import', '/api/v1/import/prometheus', '/api/v1/import/csv', '/api/v1/import/native'],
]
/** With the filters that are added, these show series of the caller's buckets alone. */
const READS: readonly string[] = [
  ...[
    '/api/v1/query',
    '/api/v1/query_range',
    '/api/v1/series',
    '/api/v1/labels',
    '/api/v1/label/:name/values',
  ],
  ...['/api/v1/export', '/api/v1/export/csv', '/api/v1/export/native', '/federate'],
]
/** They know no filter, so they tell of all series. */
const OF_OPERATORS: readonly string[] = [
  ...['/api/v1/series/count', '/api/v1/status/tsdb', '/api/v1/status/active_queries'],
  ...['/api/v1/status/top_queries', '/snapshot/list'],
]
const CHANGES_OF_OPERATORS: readonly string[] = [
  ...['/api/v1/admin/tsdb/delete_series', '/snapshot/create', '/snapshot/delete', '/snapshot/delete_all'],
]
const DATABASES: readonly string[] = ['/query', '/influx/query']

/** Grafana's data source asks below it too. */
const PREFIXES: readonly string[] = ['', '/prometheus']

const READ = { GET: 'legacy-query', POST: 'legacy-query' } as const

export const VICTORIAMETRICS_ROUTES: Routes = [
  ...PREFIXES.flatMap((prefix) => [
    ...WRITES.map((path) => [prefix + path, { POST: 'legacy-write' }] as const),
    ...[...READS, ...OF_OPERATORS, ...CHANGES_OF_OPERATORS].map((path) => [prefix + path, READ] as const),
  ]),
  ...DATABASES.map((path) => [path, READ] as const),
]

export const VICTORIAMETRICS_PATHS: readonly string[] = [
  ...['/write', '/query', '/influx', '/federate', '/prometheus', '/snapshot', '/api/v1', '/api/v2/write'],
]

/** A route without the prefix, as these sets have it. */
export const routeBelow = (name: string): string =>
  name.startsWith('/prometheus/') ? name.slice('/prometheus'.length) : name

export const isOfOperators = (route: string): boolean =>
  OF_OPERATORS.includes(route) || changesOfOperators(route)

export const changesOfOperators = (route: string): boolean => CHANGES_OF_OPERATORS.includes(route)

export const asksForDatabases = (route: string): boolean => DATABASES.includes(route)

const OF_INFLUXDB: ReadonlySet<string> = new Set(['db', 'bucket', 'org', 'orgID'])

/** The label and the filters stand in `extra_label` and `extra_filters[]`; names of InfluxDB mean nothing beside them. */
export const VICTORIAMETRICS_AS_SENT: AsSent = {
  isAdded: (name) => name === 'extra_label' || name === 'extra_filters[]',
  isFree: (name) => OF_INFLUXDB.has(name),
}
