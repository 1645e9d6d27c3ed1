/**
 * What InfluxDB 3 Core has (influxdb3_server/src/all_paths.rs). Not the routes of its first token: one needs no token, and
 * the other would end the one that Sluice has.
 */

import type { AsSent } from '../judge-described-databases.ts'
import type { PingMethods } from '../ping.ts'
import type { Routes } from '../route-table.ts'

const READ = { GET: 'legacy-query', POST: 'legacy-query' } as const
const CHANGE = { POST: 'operator', PUT: 'operator', DELETE: 'operator' } as const

export const INFLUXDB3_ROUTES: Routes = [
  ['/write', { POST: 'legacy-write' }],
  ['/api/v2/write', { POST: 'legacy-write' }],
  ['/api/v3/write_lp', { POST: 'legacy-write' }],
  ['/query', READ],
  ['/api/v3/query_sql', READ],
  ['/api/v3/query_influxql', READ],
  [
    '/api/v3/configure/database',
    { GET: 'legacy-query', POST: 'legacy-query', PUT: 'legacy-query', DELETE: 'legacy-query' },
  ],
  ['/api/v3/configure/database/retention_period', { POST: 'legacy-query', DELETE: 'legacy-query' }],
  ['/api/v3/configure/token', { DELETE: 'operator' }],
  ['/api/v3/configure/token/named_admin', { POST: 'operator' }],
  ['/api/v3/configure/table', { POST: 'operator', DELETE: 'operator' }],
  ['/api/v3/configure/distinct_cache', { POST: 'operator', DELETE: 'operator' }],
  ['/api/v3/configure/last_cache', { POST: 'operator', DELETE: 'operator' }],
  ['/api/v3/configure/processing_engine_trigger', { POST: 'operator', DELETE: 'operator' }],
  ['/api/v3/configure/processing_engine_trigger/disable', { POST: 'operator' }],
  ['/api/v3/configure/processing_engine_trigger/enable', { POST: 'operator' }],
  ['/api/v3/configure/plugin_environment/install_packages', { POST: 'operator' }],
  ['/api/v3/configure/plugin_environment/install_requirements', { POST: 'operator' }],
  ['/api/v3/plugin_test/wal', { POST: 'operator' }],
  ['/api/v3/plugin_test/schedule', { POST: 'operator' }],
  ['/api/v3/plugins/files', CHANGE],
  ['/api/v3/plugins/directory', { PUT: 'operator' }],
  ['/api/v3/engine/:name', { GET: 'operator', POST: 'operator' }],
]

export const INFLUXDB3_PATHS: readonly string[] = ['/write', '/query', '/api/v3', '/api/v2/write']

export const INFLUXDB3_AS_SENT: AsSent = { isAdded: () => false, isFree: () => false }

/** As there (influxdb3_server/src/http.rs); `/health` Sluice answers itself. */
export const INFLUXDB3_PINGS: PingMethods = {
  '/ping': ['GET', 'HEAD', 'POST'],
  '/api/v1/health': ['GET', 'HEAD'],
}
