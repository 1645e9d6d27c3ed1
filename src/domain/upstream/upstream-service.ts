/** What operators ask about upstream. */
import { type Caller, type Principal, requireOperator } from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import { notFound } from '../base/errors.ts'
import type { UpstreamTasks } from '../records/upstream.ts'
import type { TaskCheck, TaskFinding } from '../tasks/task-findings.ts'
import type { Comparison } from './comparison.ts'
import type { AdoptedDatabase, DatabaseKeeper } from './database-keeper.ts'
import type { Difference } from './differences.ts'
import type { Repair, RepairInput, RepairResult } from './repair.ts'

export interface UpstreamAdministration {
  /**
   * Everything that differs now from an InfluxDB 2; nothing if only other upstreams are there. `not found` if there is no
   * upstream at all, and `unavailable` if it is away.
   */
  differences(principal: Principal): Promise<Difference[]>
  /** Tasks upstream that go beyond the rights of their owner, or cannot be judged. Errors as for `differences`. */
  tasks(principal: Principal): Promise<TaskFinding[]>
  /** The databases upstream that have no bucket. Errors as for `differences`. */
  databases(principal: Principal): Promise<AdoptedDatabase[]>
  /** Mends what differs. What cannot be mended is left and said. */
  repair(caller: Caller, input: RepairInput): Promise<RepairResult>
  /**
   * Makes buckets of the databases upstream that have none; `dryRun` only says of which. `not found` without an
   * upstream that has databases.
   */
  adopt(caller: Caller, dryRun: boolean): Promise<readonly AdoptedDatabase[]>
}

/** `upstream` is undefined if none is configured. */
export function createUpstreamAdministration(deps: {
  upstream:
    | {
        readonly comparison: Pick<Comparison, 'differences'>
        readonly repair: Repair
        readonly tasks: UpstreamTasks
        /** A new one for each look, since it keeps what it has read. */
        readonly createCheck: () => TaskCheck
      }
    | undefined
  keepers: readonly Pick<DatabaseKeeper, 'adopt' | 'withoutBucket'>[]
  freshness: Freshness
}): UpstreamAdministration {
  const { upstream, keepers } = deps

  function requireAny(): void {
    if (!upstream && keepers.length === 0) {
      throw notFound('no upstream is configured; start Sluice with upstream-url')
    }
  }

  async function withoutBucket(): Promise<AdoptedDatabase[]> {
    const found = await Promise.all(keepers.map((each) => each.withoutBucket()))
    return found.flat()
  }
  return {
    async differences(principal) {
      requireOperator(principal, 'read')
      requireAny()
      return upstream ? upstream.comparison.differences() : []
    },
    async tasks(principal) {
      requireOperator(principal, 'read')
      requireAny()
      if (!upstream) return []
      const check = upstream.createCheck()
      const findings: TaskFinding[] = []
      for (const task of await upstream.tasks.list()) findings.push(...(await check.of(task)))
      return findings
    },
    async databases(principal) {
      requireOperator(principal, 'read')
      return withoutBucket()
    },
    async repair(caller, input) {
      requireOperator(caller.principal, 'write')
      if (!input.dryRun) deps.freshness.require(caller, 'upstream.repair')
      if (!upstream) {
        throw notFound('no InfluxDB 2 is configured, and other upstreams have no records to repair')
      }
      return upstream.repair(caller, input)
    },
    async adopt(caller, dryRun) {
      requireOperator(caller.principal, 'write')
      if (keepers.length === 0) throw notFound('no server with databases is configured behind this one')
      if (dryRun) return withoutBucket()
      deps.freshness.require(caller, 'upstream.repair')
      const found: AdoptedDatabase[] = []
      for (const keeper of keepers) found.push(...(await keeper.adopt(caller)))
      return found
    },
  }
}
