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
  /** Everything that differs now. `not found` if there is no upstream, and `unavailable` if it is away. */
  differences(principal: Principal): Promise<Difference[]>
  /** Tasks upstream that go beyond the rights of their owner, or cannot be judged. Errors as for `differences`. */
  tasks(principal: Principal): Promise<TaskFinding[]>
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
  keepers: readonly Pick<DatabaseKeeper, 'adopt'>[]
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
    async tasks(principal) {
      requireOperator(principal, 'read')
      const { tasks, createCheck } = configured()
      const check = createCheck()
      const findings: TaskFinding[] = []
      for (const task of await tasks.list()) findings.push(...(await check.of(task)))
      return findings
    },
    async repair(caller, input) {
      requireOperator(caller.principal, 'write')
      if (!input.dryRun) deps.freshness.require(caller, 'upstream.repair')
      return configured().repair(caller, input)
    },
    async adopt(caller, dryRun) {
      requireOperator(caller.principal, 'write')
      if (deps.keepers.length === 0) throw notFound('no server with databases is configured behind this one')
      if (!dryRun) deps.freshness.require(caller, 'upstream.repair')
      const found: AdoptedDatabase[] = []
      for (const keeper of deps.keepers) found.push(...(await keeper.adopt(caller, dryRun)))
      return found
    },
  }
}
