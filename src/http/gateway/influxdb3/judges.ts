import type { DatabaseAccess } from '../../../domain/gateway/database-access.ts'
import type { Judge } from '../arrival.ts'
import type { ManageDatabases } from '../influxdb1/judge-influxql.ts'
import { judgeDatabases, judgeOfOperators, judgeRetention } from './judge-configuration.ts'
import { judgeV1Query, judgeV3Query } from './judge-query.ts'
import { judgeV3Write } from './judge-write.ts'

export function influxdb3Judges({
  access,
  manage,
}: {
  readonly access: DatabaseAccess
  readonly manage: ManageDatabases
}) {
  const byPath: Readonly<Record<string, Judge>> = {
    '/query': judgeV1Query(access),
    '/api/v3/query_sql': judgeV3Query(access, 'sql'),
    '/api/v3/query_influxql': judgeV3Query(access, 'influxql'),
    '/api/v3/configure/database': judgeDatabases(access, manage),
    '/api/v3/configure/database/retention_period': judgeRetention(access, manage),
  }
  const query: Judge = (arrival) => (byPath[arrival.route.name] as Judge)(arrival)
  return { 'legacy-write': judgeV3Write(access), 'legacy-query': query, operator: judgeOfOperators(access) }
}
