import type { Routes } from '../route-table.ts'

/** `/ping` and `/health` Sluice answers itself; what tells of the server (`/debug`, `/metrics`, `/status`) is closed. */
export const INFLUXDB1_ROUTES: Routes = [
  ['/write', { POST: 'legacy-write' }],
  ['/api/v2/write', { POST: 'legacy-write' }],
  ['/api/v1/prom/write', { POST: 'legacy-write' }],
  ['/api/v1/prom/read', { POST: 'legacy-query' }],
  ['/query', { GET: 'legacy-query', POST: 'legacy-query' }],
]

export const INFLUXDB1_PATHS: readonly string[] = ['/write', '/query', '/api/v1/prom', '/api/v2/write']
