import type { AsSent } from '../judge-described-databases.ts'
import type { Routes } from '../route-table.ts'

/** `/ping` has no judge (../ping.ts) and `/health` Sluice answers itself; what tells of the server (`/debug`, `/metrics`, `/status`) is closed. */
export const INFLUXDB1_ROUTES: Routes = [
  ['/write', { POST: 'legacy-write' }],
  ['/api/v2/write', { POST: 'legacy-write' }],
  ['/api/v1/prom/write', { POST: 'legacy-write' }],
  ['/api/v1/prom/read', { POST: 'legacy-query' }],
  ['/query', { GET: 'legacy-query', POST: 'legacy-query' }],
]

export const INFLUXDB1_PATHS: readonly string[] = ['/write', '/query', '/api/v1/prom', '/api/v2/write']

/** 1.x reads an empty value as none, and its words for a precision are judged. */
export const INFLUXDB1_AS_SENT: AsSent = {
  isAdded: () => false,
  isFree: (name, value) => name === 'precision' || value === '',
}
