/** The kinds of upstream in front of which the gateway is measured: how Sluice reaches each, and what is sent. */
import type { Load } from './load.ts'

export interface MeasuredKind {
  readonly name: string
  /** Beside the address. */
  readonly settings: Readonly<Record<string, string>>
  readonly writePath: string
  /** Answered with 100 MB. */
  readonly query: Pick<Load, 'method' | 'path' | 'body' | 'headers'>
}

const databases = (kind: string, more: Readonly<Record<string, string>> = {}) => ({
  ...{ SLUICE_UPSTREAM_KIND: kind, SLUICE_UPSTREAM_ORG: 'analytics' },
  ...more,
})

export const KINDS: readonly MeasuredKind[] = [
  {
    name: 'InfluxDB 2',
    settings: { SLUICE_UPSTREAM_TOKEN: 'operator-token-of-the-bench' },
    writePath: '/api/v2/write?org=analytics&bucket=engine&precision=ns',
    query: {
      ...{ method: 'POST', path: '/api/v2/query?org=analytics' },
      headers: { 'content-type': 'application/vnd.flux' },
      body: 'from(bucket: "engine") |> range(start: -1h)',
    },
  },
  {
    name: 'InfluxDB 1.x',
    settings: databases('influxdb1'),
    writePath: '/write?db=engine&precision=ns',
    query: { method: 'GET', path: '/query?db=engine&q=SELECT+usage+FROM+cpu', headers: {} },
  },
  {
    name: 'InfluxDB 3 Core',
    settings: databases('influxdb3', { SLUICE_UPSTREAM_TOKEN: 'admin-token-of-the-bench' }),
    writePath: '/api/v3/write_lp?db=engine&precision=nanosecond',
    query: { method: 'GET', path: '/api/v3/query_sql?db=engine&q=SELECT+usage+FROM+cpu', headers: {} },
  },
  {
    name: 'VictoriaMetrics',
    settings: databases('victoriametrics'),
    writePath: '/write?db=engine&precision=ns',
    query: { method: 'GET', path: '/api/v1/export?match%5B%5D=cpu_usage', headers: {} },
  },
]
