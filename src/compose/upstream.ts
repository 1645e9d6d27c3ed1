/** What watches over the InfluxDB 2 behind this server. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Freshness } from '../domain/access/recent-sign-in.ts'
import type { Log } from '../domain/base/log.ts'
import type { Changes } from '../domain/changes.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import { createTaskCheck } from '../domain/tasks/task-findings.ts'
import { createComparison } from '../domain/upstream/comparison.ts'
import { DIFFERENCE_KINDS, type Difference } from '../domain/upstream/differences.ts'
import { createRepair } from '../domain/upstream/repair.ts'
import { createUpstreamAdministration } from '../domain/upstream/upstream-service.ts'
import { createUpstreamWatch } from '../domain/upstream/upstream-watch.ts'
import type { UpstreamFigures } from '../telemetry/metrics.ts'
import type { UpstreamLink } from './upstream-link.ts'

/** The upstreams that have databases. */
interface DatabasesBeside {
  readonly keepers: Parameters<typeof createUpstreamAdministration>[0]['keepers']
  problem(): string | undefined
}

/** What runs beside the requests. Without an upstream it only answers that there is none. */
export function composeUpstream(parts: {
  link: UpstreamLink | undefined
  databases: DatabasesBeside
  store: IdentityStore
  changes: Changes
  freshness: Freshness
  log: Log
  now: () => number
}) {
  const { link, databases, store, changes, freshness, log } = parts
  const { keepers } = databases
  if (!link) {
    return {
      administration: createUpstreamAdministration({ upstream: undefined, keepers, freshness }),
      comparison: undefined,
      watch: undefined,
      figures: (): UpstreamFigures => ({ isUp: databases.problem() === undefined, differences: {} }),
      begin: async () => {},
      stop: async () => {},
    }
  }
  const comparison = createComparison({
    ...{ records: store, upstream: link.identities, changes, log, wait: (ms) => sleep(ms) },
  })
  const repair = createRepair({
    ...{ records: store, upstream: link.identities, setup: link.setup, comparison, changes },
  })
  const watch = createUpstreamWatch({
    ...{ check: link.check, setup: link.setup, records: store, comparison, log, now: parts.now },
  })
  return {
    administration: createUpstreamAdministration({
      upstream: { comparison, repair, tasks: link.tasks, createCheck: () => createTaskCheck(store) },
      ...{ keepers, freshness },
    }),
    comparison,
    watch,
    begin: () => watch.look(),
    figures: (): UpstreamFigures => ({
      isUp: watch.problem() === undefined,
      differences: countByKind(comparison.latest()),
    }),
    async stop() {
      await watch.stop()
      await comparison.stop()
      await link.close()
    },
  }
}

function countByKind(differences: readonly Difference[]): Record<string, number> {
  return Object.fromEntries(
    DIFFERENCE_KINDS.map((kind) => [kind, differences.filter((each) => each.kind === kind).length]),
  )
}
