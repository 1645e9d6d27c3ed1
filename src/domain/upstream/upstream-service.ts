/** What operators ask about upstream. */
import { type Caller, type Principal, requireOperator } from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import { notFound } from '../base/errors.ts'
import type { Comparison } from './comparison.ts'
import type { Difference } from './differences.ts'
import type { Repair, RepairInput, RepairResult } from './repair.ts'

export interface UpstreamAdministration {
  /** Everything that differs now. `not found` if there is no upstream, and `unavailable` if it is away. */
  differences(principal: Principal): Promise<Difference[]>
  /** Mends what differs. What cannot be mended is left and said. */
  repair(caller: Caller, input: RepairInput): Promise<RepairResult>
}

/** `upstream` is undefined if none is configured. */
export function createUpstreamAdministration(deps: {
  upstream: { readonly comparison: Pick<Comparison, 'differences'>; readonly repair: Repair } | undefined
  freshness: Freshness
}): UpstreamAdministration {
  function configured() {
    if (deps.upstream) return deps.upstream
    throw notFound('no InfluxDB is configured behind this server')
  }
  return {
    async differences(principal) {
      requireOperator(principal, 'read')
      return configured().comparison.differences()
    },
    async repair(caller, input) {
      requireOperator(caller.principal, 'write')
      if (!input.dryRun) deps.freshness.require(caller, 'upstream.repair')
      return configured().repair(caller, input)
    },
  }
}
