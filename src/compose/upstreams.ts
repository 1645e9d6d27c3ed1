/** All servers behind this one: an InfluxDB 2 at most, and any number of those that have databases. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Settings } from '../config/settings.ts'
import type { IDGenerator } from '../domain/base/id.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { ServerLog } from '../telemetry/logger.ts'
import { composeDatabases, openDatabases } from './databases.ts'
import type { ComposedDomain } from './domain.ts'
import { nodesOf, type SessionBackend } from './session-backend.ts'
import { composeUpstream, openUpstream } from './upstream.ts'

/** How much later a server starts at most because of an upstream that is slow. */
const LONGEST_BEGIN_MS = 5000

export type UpstreamLinks = ReturnType<typeof openUpstreams>

/** Connects to nothing yet. Throws ConfigurationError for a file of the settings that cannot be read. */
export function openUpstreams(settings: Pick<Settings, 'upstream'>) {
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
  const hasAny = watch !== undefined || links.databases.length > 0
  return {
    ...{ administration, figures },
    /** Undefined without any upstream. */
    watch: hasAny ? { problem: () => watch?.problem() ?? databases.problem() } : undefined,
    ofHttp: {
      influxdb2: link && { ...link, ...nodesOf(backend), node, comparison, watch },
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
