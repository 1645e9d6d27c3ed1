/** The domain, the same for the server and for the worlds of tests: who may do what, and all that changes it. */
import { createPrincipals } from '../domain/access/principals.ts'
import { createFreshness } from '../domain/access/recent-sign-in.ts'
import { createTokenUsage } from '../domain/authorizations/token-usage.ts'
import type { Clock } from '../domain/base/clock.ts'
import type { IDGenerator } from '../domain/base/id.ts'
import type { Log } from '../domain/base/log.ts'
import { createChanges } from '../domain/changes.ts'
import type { GuessLimits } from '../domain/guessing/guess-limits.ts'
import { createMirror } from '../domain/mirror/mirror.ts'
import type { PasswordHasher } from '../domain/passwords/password-hasher.ts'
import type { PasswordPolicy } from '../domain/passwords/password-policy.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { SessionTerms } from '../domain/sessions/session-terms.ts'
import { createSetup } from '../domain/setup/setup.ts'
import { createWritesBesideChanges } from '../domain/writes-beside-changes.ts'
import type { AuditParts } from './audit.ts'
import { createChangeListeners } from './change-listeners.ts'
import { composeGuessing } from './guessing.ts'
import { composeSecondFactors, type FactorSettings, sealOf } from './second-factors.ts'
import { composePasswords, type SelfServiceSettings } from './self-service.ts'
import { composeServices } from './services.ts'
import type { SessionBackend } from './session-backend.ts'
import { composeSessions } from './sessions.ts'
import type { SignInOptions } from './sign-in-options.ts'
import type { UpstreamLink } from './upstream-link.ts'

export interface DomainOptions extends SignInOptions, FactorSettings, SelfServiceSettings {
  /** How long a sign-in counts as recent; 0 asks for none. */
  readonly freshMs: number
  /** How long a new token may live; undefined for no limit. */
  readonly maxTokenLengthMs: number | undefined
  readonly guessLimits: GuessLimits
  /** For tests of clients: setup may be run again and again. */
  readonly alwaysAllowSetup: boolean
}

export type ComposedDomain = ReturnType<typeof composeDomain>

export function composeDomain(parts: {
  store: IdentityStore
  ids: IDGenerator
  now: Clock
  log: Log
  hasher: PasswordHasher
  policy: PasswordPolicy
  terms: SessionTerms
  audit: AuditParts
  backend: SessionBackend
  /** Undefined if this server keeps the only records. */
  upstream: Pick<UpstreamLink, 'identities' | 'setup'> | undefined
  /** Upstreams whose databases are buckets. */
  databases?: Parameters<typeof composeServices>[0]['databases']
  /** Whose passwords count beside those of this server. */
  directory?: Parameters<typeof composeGuessing>[0]['directory']
  options: DomainOptions
}) {
  const { store, ids, now, log, hasher, policy, terms, backend, upstream, options } = parts
  const { trail } = parts.audit
  const { sessionStore, stamps, ownStamp } = backend
  const freshness = createFreshness({ now, freshMs: options.freshMs })
  const limits = options.guessLimits
  const { directory } = parts
  const guessing = composeGuessing({ store, backend, limits, hasher, now, directory })
  const { guard, rightPassword } = guessing
  const seal = sealOf(store, options)
  const tokenUsage = createTokenUsage({ write: createWritesBesideChanges(store).noteTokenUse, log })
  const principals = createPrincipals({
    ...{ ...store, now, stamps, ownStamp, deployment: options.deployment },
    ...{ secondFactor: options.secondFactor, ssoTokens: options.ssoTokens },
    noteUse: tokenUsage.note,
  })
  const listeners = createChangeListeners()
  const changes = createChanges({
    store,
    principals,
    sessionStore,
    audit: trail,
    stamps,
    onKept: listeners.tell,
  })
  const mirror = createMirror({ changes, upstream: upstream?.identities, log })
  const common = { ids, now, changes, mirror, freshness }
  const services = composeServices({
    ...{ ...common, store, audit: parts.audit, hasher, policy, guard, stamps, ownStamp },
    backend,
    onChange: listeners.add,
    databases: parts.databases ?? [],
    ...{ maxTokenLengthMs: options.maxTokenLengthMs, ssoTokens: options.ssoTokens },
  })
  const sessions = composeSessions({
    ...{ ...common, store, log, terms, sessionStore, principals, audit: parts.audit },
    ...{ hasher, policy, guessing, seal, options, backend },
    userSearch: services.userSearch,
  })
  const { outbox, ...selfService } = composePasswords({
    ...{ ...common, store, backend, hasher, policy, guard, rightPassword, audit: trail, log, options },
  })
  return {
    ...services,
    ...composeSecondFactors({ ...common, store, seal, options }),
    ...sessions,
    ...selfService,
    setup: createSetup({
      ...{ ...common, records: store, hasher, policy, upstreamSetup: upstream?.setup },
      alwaysAllow: options.alwaysAllowSetup,
    }),
    ...{ changes, principals, freshness, guard, tokenUsage, seal },
    onChange: listeners.add,
    /** Writes what is still to be written; nothing may be asked for afterwards. */
    async stop(): Promise<void> {
      await outbox.stop()
      await tokenUsage.stop()
      await sessions.signOuts.stop()
      await parts.audit.stop()
    },
  }
}
