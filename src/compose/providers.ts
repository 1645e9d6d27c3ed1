/** What knows users and programs outside: OpenID Connect, a directory, and issuers of signed tokens. */
import type { Settings } from '../config/settings.ts'
import type { Clock } from '../domain/base/clock.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { UpstreamIdentities } from '../domain/records/upstream.ts'
import type { SessionTerms } from '../domain/sessions/session-terms.ts'
import type { ServerLog } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { AuditParts } from './audit.ts'
import { type openDirectory, startDirectoryRecheck } from './directory.ts'
import type { ComposedDomain } from './domain.ts'
import { composeExternalTokens } from './external-tokens.ts'
import { composeOidc } from './oidc.ts'
import { endRemovedProviders, type knownIssuersOf } from './removed-providers.ts'
import type { SessionBackend } from './session-backend.ts'

export async function composeProviders(parts: {
  settings: Settings
  store: IdentityStore
  domain: ComposedDomain
  backend: SessionBackend
  terms: SessionTerms
  audit: AuditParts
  metrics: Metrics
  directory: Awaited<ReturnType<typeof openDirectory>>
  knownIssuers: ReturnType<typeof knownIssuersOf>
  upstream: UpstreamIdentities | undefined
  now: Clock
  log: ServerLog
}) {
  const { settings, store, domain, backend, terms, audit, metrics, now, log } = parts
  const oidc = await composeOidc({
    ...{ settings, store, domain, backend, terms, audit: audit.trail, count: metrics.countSignIn, now, log },
  })
  const external = await composeExternalTokens({ settings, store, domain, metrics, audit, now, log })
  const running: { stop(): Promise<void> }[] = [oidc, { stop: external.close }]
  return {
    /** The domain with what signed tokens may do. */
    domain: external.domain,
    services: oidc.services,
    /** Call it once the sessions of before are there: those of removed providers end. */
    async begin() {
      const { knownIssuers, directory, upstream } = parts
      const removed = await endRemovedProviders({
        ...{ knownIssuers, ...store, sessionStore: backend.sessionStore, terms, upstream, log },
        changes: domain.changes,
      })
      running.push(startDirectoryRecheck(directory, { store, domain, log }), removed)
    },
    async stop() {
      for (const each of running) await each.stop()
    },
  }
}
