/** What each route does, in words, for the audit log. */
import type { Api } from './api.ts'

/** The words by operation id. Each begins with a verb, as a summary does: "List the tokens". */
export type RouteSummaries = ReadonlyMap<string, string>

/** Returns a map that is filled as routes register. */
export function collectSummaries(api: Api): RouteSummaries {
  const summaries = new Map<string, string>()
  api.addHook('onRoute', ({ schema }) => {
    const { operationId, summary } = schema ?? {}
    if (operationId && summary) summaries.set(operationId, actIn(summary))
  })
  return summaries
}

/** The part of a summary before any condition, about a user who is named elsewhere. */
export function actIn(summary: string): string {
  return (summary.split(CONDITIONS)[0] ?? summary).replace("one's own", 'their own')
}

const CONDITIONS =
  /[:;]| \(|, (?=(?:for|with|within|without|which|in|all|of|by|where|and)\b)| that the caller | with (?=permissions|password|its)/
