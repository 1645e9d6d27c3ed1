import type { Arrival, Judge } from '../arrival.ts'
import { type InfluxqlDeps, judgeInfluxql } from './judge-influxql.ts'
import { judgeDatabaseWrite, judgePrometheusRead } from './judge-write.ts'

export function influxdb1Judges(deps: InfluxqlDeps) {
  const prometheusRead = judgePrometheusRead(deps.access)
  const influxql = judgeInfluxql(deps)
  const query: Judge = (arrival: Arrival) =>
    arrival.path === '/api/v1/prom/read' ? prometheusRead(arrival) : influxql(arrival)
  return { 'legacy-write': judgeDatabaseWrite(deps.access), 'legacy-query': query }
}
