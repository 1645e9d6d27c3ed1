/** All servers behind this one: an InfluxDB 2 at most, and any number of those that have databases. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Settings } from '../config/settings.ts'
import type { IDGenerator } from '../domain/base/id.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { ServerLog } from '../telemetry/logger.ts'
import type { DatabaseLink } from './database-links.ts'
import { composeDatabases } from './databases.ts'
import type { ComposedDomain } from './domain.ts'
import { nodesOf, type SessionBackend } from './session-backend.ts'
import { createStoreMark } from './store-mark.ts'
import { composeUpstream } from './upstream.ts'
import type { UpstreamLink } from './upstream-link.ts'

/** How much later a server starts at most because of an upstream that is slow. */
const LONGEST_BEGIN_MS = 5000

export interface UpstreamLinks {
  readonly influxdb2: UpstreamLink | undefined
  readonly databases: readonly DatabaseLink[]
}

/** Connects to nothing yet. Throws ConfigurationError for a file of the settings that cannot be read. */
export async function openUpstreams(settings: Pick<Settings, 'upstream'>): Promise<UpstreamLinks> {
  if (settings.upstream.length === 0) return { influxdb2: undefined, databases: [] }
  // Imported on demand: a server without an upstream starts earlier and smaller without undici and the gateway.
  const { openUpstream } = await import('./upstream-link.ts')
  const { openDatabases } = await import('./database-links.ts')
  return { influxdb2: openUpstream(settings), databases: openDatabases(settings) }
}

export function composeUpstreams(
  links: UpstreamLinks,
  parts: {
    readonly store: IdentityStore
    readonly domain: ComposedDomain
    readonly ids: IDGenerator
    readonly now: () => number
    readonly log: ServerLog
    readonly node: number
    readonly backend: Pick<SessionBackend, 'stamps' | 'ownStamp'>
  },
) {
  const { influxdb2: link } = links
  const { domain, node, backend, ...common } = parts
  const { changes, freshness, onChange } = domain
  const databases = composeDatabases(links.databases, { ...common, changes, onChange })
  const upstream = composeUpstream({ link, databases, changes, freshness, ...common })
  const { watch, comparison, administration, figures } = upstream
  const mark = createStoreMark(parts.store.sessionKey)
  const hasAny = watch !== undefined || links.databases.length > 0
  return {
    ...{ administration, figures },
    /** Undefined without any upstream. */
    watch: hasAny
      ? {
          problem: () => watch?.problem() ?? databases.problem(),
          differenceCount: () => comparison?.latest().length,
        }
      : undefined,
    ofHttp: {
      influxdb2: link && { ...link, ...nodesOf(backend), node, mark, comparison, watch },
      databases: links.databases,
    },
    /** Checks each before requests are taken, unless that takes long; then it goes on beside them. */
    async begin() {
      const looks = Promise.all([upstream.begin(), databases.begin()])
      await Promise.race([looks, sleep(LONGEST_BEGIN_MS, undefined, { ref: false })])
    },
    stop: async () => void (await Promise.all([upstream.stop(), databases.stop()])),
  }
}
