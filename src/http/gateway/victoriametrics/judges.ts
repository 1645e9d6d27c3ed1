import type { DatabaseAccess } from '../../../domain/gateway/database-access.ts'
import { judgeMetricsRead } from './judge-read.ts'
import { judgeMetricsWrite } from './judge-write.ts'

export function victoriametricsJudges({ access }: { readonly access: DatabaseAccess }) {
  return { 'legacy-write': judgeMetricsWrite(access), 'legacy-query': judgeMetricsRead(access) }
}
