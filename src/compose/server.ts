/** The server, composed from its parts: session backend, domain, HTTP and upkeep. */
import type { Settings } from '../config/settings.ts'
import type { AuditSink } from '../domain/audit/audit-trail.ts'
import { createIDGenerator } from '../domain/base/id.ts'
import type { Argon2idCost } from '../domain/passwords/argon2id.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import { restoreRemembered } from '../domain/sessions/restore-remembered.ts'
import type { DispatchEntry } from '../http/server/dispatch.ts'
import type { Listener } from '../http/server/listener.ts'
import type { ServerLog } from '../telemetry/logger.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import { composeAudit } from './audit.ts'
import { openDirectory } from './directory.ts'
import { composeDomain } from './domain.ts'
import { domainSettings } from './domain-options.ts'
import { composeHasher } from './hasher.ts'
import { composeHttp } from './http.ts'
import { composeProviders } from './providers.ts'
import { knownIssuersOf } from './removed-providers.ts'
import { openSessionBackend } from './session-backend.ts'
import { sessionTermsOf } from './session-terms.ts'
import { composeStatus } from './status.ts'
import { composeTraffic } from './traffic.ts'
import { startUpkeep } from './upkeep.ts'
import { composeUpstreams, openUpstreams } from './upstreams.ts'

export interface Sluice {
  /** Whether the server still waits for its first user. */
  needsSetup(): Promise<boolean>
  /** Below the server's address; undefined if there is no console. */
  readonly consolePath: string | undefined
  close(): Promise<void>
}

/** Composes the server. The caller owns `store` and `listener` and closes them after `close()`. */
export async function composeSluice(parts: {
  settings: Settings
  store: IdentityStore
  listener: Listener
  log: ServerLog
  tracing: Tracing | undefined
  auditSink: AuditSink | undefined
  now: () => number
  /** Whether expiry by this clock may be persisted. Default: yes. */
  isClockTrusted?: (() => boolean) | undefined
  /** Where the built console is; without one there is none. */
  consoleFolder?: string | undefined
  /** Handlers beside the API and the pages. */
  beside?: readonly DispatchEntry[] | undefined
  /** For tests that need many passwords and do not try their strength. */
  passwordCost?: Argon2idCost | undefined
}): Promise<Sluice> {
  const { settings, store, listener, log, now, isClockTrusted = () => true } = parts
  const node = await store.nodeNumber()
  const ids = createIDGenerator({ now, node, after: await store.newestID() })
  const hasher = composeHasher(settings, log, parts.passwordCost)
  const terms = sessionTermsOf(settings)
  const audit = composeAudit({
    ...{ store, ids, now, log, sink: parts.auditSink, recordsData: settings.auditData },
  })
  const { expiredUnpersisted, onExpired, batches } = audit
  const onForged = () => metrics.countForgedSession()
  const backend = await openSessionBackend({ settings, store, log, now, onExpired, terms, onForged })
  const { sessionStore } = backend
  const links = await openUpstreams(settings)
  const metrics = createMetrics({
    liveSessions: () => sessionStore.count(),
    passwordHashes: () => hasher.pending(),
    upstream: settings.upstream.length > 0 ? () => upstream.figures() : undefined,
  })
  const directory = await openDirectory(settings, { now, log })
  const knownIssuers = knownIssuersOf(settings, directory)
  const domain = composeDomain({
    ...{ store, ids, now, log, hasher, terms, audit, backend, upstream: links.influxdb2, directory },
    databases: links.databases.map((each) => each.upstream),
    ...domainSettings(settings, metrics, knownIssuers),
  })
  const providers = await composeProviders({
    ...{ settings, store, domain, backend, terms, audit, metrics, directory, knownIssuers, now, log },
    upstream: links.influxdb2?.identities,
  })
  const upstream = composeUpstreams(links, { store, domain, ids, now, log, node, backend })
  // Redis keeps sessions itself while a node restarts.
  if (!backend.stamps) {
    const remembered = store.rememberedSessions
    await restoreRemembered({
      ...{ remembered, sessions: sessionStore, expiredUnpersisted, onExpired, flush: batches.flush },
      ...{ now: now(), isTrusted: isClockTrusted(), lengthMs: settings.sessionRememberLength },
    })
  }
  await providers.begin()
  const retentionMs = settings.auditRetention
  const upkeep = startUpkeep({ store, now, isClockTrusted, expiredUnpersisted, log, retentionMs })
  const traffic = composeTraffic({ store, domain, batches, sessionStore, checked: upstream.watch, now })
  const http = await composeHttp({
    ...{ settings, store, listener, domain: providers.domain, metrics, log, now },
    upstreams: upstream.ofHttp,
    listeners: {
      ...{ audit: audit.trail, data: audit.data, traffic: traffic.account, upstream: traffic.observed },
    },
    oidc: providers.services,
    ...{ tracing: parts.tracing, consoleFolder: parts.consoleFolder, beside: parts.beside },
    services: {
      status: composeStatus({
        ...{ store, backend, watch: upstream.watch, now },
        metrics: settings.metricsDisabled ? undefined : metrics,
      }),
      upstream: upstream.administration,
      storeName: { disk: 'SQLite', memory: 'memory', postgres: 'PostgreSQL' }[settings.store],
      overview: traffic.overview,
      trafficOf: traffic.of,
    },
  })
  await upstream.begin()
  return {
    needsSetup: () => domain.setup.allowed(),
    consolePath: http.consolePath,
    async close() {
      await http.close()
      await http.gateways?.close()
      await upkeep.stop()
      await providers.stop()
      await upstream.stop()
      await domain.stop()
      await backend.close()
    },
  }
}
