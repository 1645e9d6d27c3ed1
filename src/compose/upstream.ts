/** The InfluxDB behind this server: the way to it, and what watches over it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ConfigurationError } from '../config/configuration-error.ts'
import type { Settings } from '../config/settings.ts'
import type { Freshness } from '../domain/access/recent-sign-in.ts'
import type { Log } from '../domain/base/log.ts'
import type { Changes } from '../domain/changes.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type {
  UpstreamCheck,
  UpstreamIdentities,
  UpstreamLabels,
  UpstreamResources,
  UpstreamSetup,
  UpstreamTasks,
  UpstreamTokens,
} from '../domain/records/upstream.ts'
import { createTaskCheck } from '../domain/tasks/task-findings.ts'
import { createComparison } from '../domain/upstream/comparison.ts'
import { DIFFERENCE_KINDS, type Difference } from '../domain/upstream/differences.ts'
import { createRepair } from '../domain/upstream/repair.ts'
import { createUpstreamAdministration } from '../domain/upstream/upstream-service.ts'
import { createUpstreamWatch } from '../domain/upstream/upstream-watch.ts'
import type { UpstreamFigures } from '../telemetry/metrics.ts'
import { createInfluxdb2Check } from '../upstream/influxdb2/check.ts'
import { createInfluxdb2Client } from '../upstream/influxdb2/client.ts'
import { createInfluxdb2Identities } from '../upstream/influxdb2/identities.ts'
import { createInfluxdb2Labels } from '../upstream/influxdb2/labels.ts'
import { createInfluxdb2Resources } from '../upstream/influxdb2/resources.ts'
import { createInfluxdb2Setup } from '../upstream/influxdb2/setup.ts'
import { createInfluxdb2Tasks } from '../upstream/influxdb2/stored-tasks.ts'
import { createInfluxdb2Tokens } from '../upstream/influxdb2/tokens.ts'
import { certificatesOf, fileOf, type UpstreamSettings } from './upstream-transport.ts'

/** What Sluice itself asks of upstream. */
export interface UpstreamLink {
  readonly settings: UpstreamSettings
  readonly identities: UpstreamIdentities
  readonly setup: UpstreamSetup
  readonly tokens: UpstreamTokens
  readonly resources: UpstreamResources
  readonly labels: UpstreamLabels
  readonly tasks: UpstreamTasks
  readonly check: UpstreamCheck
  close(): Promise<void>
}

/** Connects to nothing yet. Throws ConfigurationError for a file of the settings that cannot be read. */
export function openUpstream({ upstream: all }: Pick<Settings, 'upstream'>): UpstreamLink | undefined {
  const upstream = all.find(({ kind }) => kind === 'influxdb2')
  if (!upstream) return undefined
  const token = upstream.token ?? fileOf('token-file', upstream.tokenFile)?.trim()
  if (!token) throw new ConfigurationError('upstream-token-file has no token')
  const client = createInfluxdb2Client({
    ...{ url: upstream.url, token },
    ...certificatesOf(upstream),
    connectTimeoutMs: upstream.connectTimeout,
    timeoutMs: upstream.timeout,
  })
  return {
    settings: upstream,
    identities: createInfluxdb2Identities(client),
    setup: createInfluxdb2Setup(client, { token }),
    tokens: createInfluxdb2Tokens(client),
    resources: createInfluxdb2Resources(client),
    labels: createInfluxdb2Labels(client),
    tasks: createInfluxdb2Tasks(client),
    check: createInfluxdb2Check(client, { isTls: upstream.url.startsWith('https:') }),
    close: client.close,
  }
}

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
