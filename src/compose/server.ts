/** The one place that sees every part and puts them together. */

import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { FastifyRequest } from 'fastify'
import { isHttps } from '../config/rules.ts'
import type { Settings } from '../config/settings.ts'
import { parseTrustedProxies } from '../config/trusted-proxies.ts'
import { createPrincipals } from '../domain/access/principals.ts'
import { createFreshness } from '../domain/access/recent-sign-in.ts'
import { createAudit } from '../domain/audit/audit.ts'
import { appendNamed } from '../domain/audit/audit-names.ts'
import { type AuditSink, type AuditTrail, createAuditTrail } from '../domain/audit/audit-trail.ts'
import { createCurrentNames } from '../domain/audit/current-names.ts'
import { actorOf } from '../domain/audit/done-event.ts'
import { createAuditBatches } from '../domain/audit/refusal-batches.ts'
import { createAuthorizations } from '../domain/authorizations/authorizations.ts'
import { createTokenUsage } from '../domain/authorizations/token-usage.ts'
import type { SluiceError } from '../domain/base/errors.ts'
import { createIdGenerator } from '../domain/base/id.ts'
import { createBuckets } from '../domain/buckets/buckets.ts'
import { createChanges } from '../domain/changes.ts'
import { createGuessGuard } from '../domain/guessing/guess-guard.ts'
import { createKnownAddresses } from '../domain/guessing/known-addresses.ts'
import { createMemberships } from '../domain/memberships/memberships.ts'
import { createOrganizations } from '../domain/organizations/organizations.ts'
import { createOverview } from '../domain/overview/overview.ts'
import { createPasswords } from '../domain/password-changes/password-changes.ts'
import type { Argon2idCost } from '../domain/passwords/argon2id.ts'
import { failClosed } from '../domain/passwords/fail-closed-hasher.ts'
import { createPasswordHasher } from '../domain/passwords/password-hasher.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { Session } from '../domain/records/session.ts'
import { createWithLiveKey } from '../domain/sessions/live-key.ts'
import { restoreRemembered } from '../domain/sessions/restore-remembered.ts'
import { expiryOf } from '../domain/sessions/session-expiry.ts'
import { createSessionTerms } from '../domain/sessions/session-terms.ts'
import { createSessions } from '../domain/sessions/sessions.ts'
import { createSignOuts } from '../domain/sessions/sign-outs.ts'
import { createSetup } from '../domain/setup/setup.ts'
import { createSignIn } from '../domain/sign-in/sign-in.ts'
import { createGrantsOf } from '../domain/users/user-grants.ts'
import { createUserSearch } from '../domain/users/user-search.ts'
import { createUsers } from '../domain/users/users.ts'
import { createWritesBesideChanges } from '../domain/writes-beside-changes.ts'
import { API_PATHS } from '../http/api/api-paths.ts'
import { createApp } from '../http/api/app.ts'
import type { SystemStatus } from '../http/api/routes/system.ts'
import { createPages } from '../http/pages/console.ts'
import { readConsoleFiles } from '../http/pages/console-files.ts'
import { createAuthenticate } from '../http/protection/authentication.ts'
import { ForgeryError, type TrustedOrigins } from '../http/protection/forgery.ts'
import { strictTransport } from '../http/protection/strict-transport.ts'
import { createClientAddress } from '../http/request/client-address.ts'
import { createIsSecure } from '../http/request/secure-request.ts'
import { createSessionCookie } from '../http/request/session-cookie.ts'
import { createDispatch, type Entry } from '../http/server/dispatch.ts'
import type { Listener } from '../http/server/listener.ts'
import type { ServerLog } from '../telemetry/logger.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import { INFLUX_VERSION, VERSION } from '../version.ts'
import { policyOf } from './password-policy.ts'
import { openSessionPlane, type SessionPlane } from './sessions.ts'
import { startUpkeep } from './upkeep.ts'

export interface Sluice {
  /** Whether nobody has set the server up yet. */
  needsSetup(): Promise<boolean>
  close(): Promise<void>
}

/** Puts a server together on a store and a listener, which both outlive nothing of it. */
export async function composeSluice(parts: {
  settings: Settings
  store: IdentityStore
  listener: Listener
  log: ServerLog
  tracing: Tracing | undefined
  auditSink: AuditSink | undefined
  now: () => number
  /** Whether what is over by that clock may be made final; it is where nothing is said. */
  isClockTrusted?: (() => boolean) | undefined
  /** Where the built console is; without one there is none. */
  consoleFolder?: string | undefined
  /** Handlers beside the API and the pages; only tests have some as yet. */
  beside?: readonly Entry[] | undefined
  /** Only tests hand one in: those that need many passwords and try none of their strength. */
  passwordCost?: Argon2idCost | undefined
}): Promise<Sluice> {
  const { settings, store, listener, log, now, isClockTrusted = () => true } = parts
  const startedAt = now()

  const ids = createIdGenerator({ now, node: await store.nodeNumber(), after: await store.newestId() })
  const hasher = failClosed(
    createPasswordHasher({
      concurrency: settings.passwordHashConcurrency || Math.max(1, availableParallelism() - 1),
      queue: settings.passwordHashQueue,
      cost: parts.passwordCost,
    }),
    log,
  )
  const policy = policyOf(settings)
  const terms = createSessionTerms({
    lengthMs: settings.sessionLength,
    maxLengthMs: settings.sessionMaxLength,
    rememberLengthMs: settings.sessionRememberLength,
    renew: !settings.sessionRenewDisabled,
  })
  const freshness = createFreshness({ now, freshMs: settings.sessionFreshLength })
  const writes = createWritesBesideChanges(store)
  const batches = createAuditBatches({
    append: appendNamed({ records: store, append: writes.appendEvents }),
    ...{ ids, now, log, sink: parts.auditSink },
  })
  const audit = createAuditTrail({ batches, ids, now, log, sink: parts.auditSink })
  const overdue = new Set<string>()
  function onExpired(session: Session): void {
    if (session.remembered) overdue.add(session.keyHash)
    batches.add(expiryOf(session))
  }
  const plane = await openSessionPlane({
    ...{ settings, store, log, now, onExpired, terms },
    onForged: () => metrics.countForgedSession(),
  })
  const { sessionStore, stamps, ownStamp, throttled } = plane
  const guard = createGuessGuard({
    onThrottled: throttled.note,
    counters: plane.counters,
    limits: {
      pairFree: settings.guessPairFree,
      pairFirstDelayMs: settings.guessPairDelay,
      pairLongestDelayMs: settings.guessPairLongestDelay,
      user: settings.guessUserLimit,
      address: settings.guessAddressLimit,
      windowMs: settings.guessWindow,
    },
    now,
  })
  const known = createKnownAddresses({ ...store, now })

  const tokenUsage = createTokenUsage({
    write: writes.noteTokenUse,
    log,
  })
  const metrics = createMetrics({
    liveSessions: () => sessionStore.count(),
    passwordHashes: () => hasher.pending(),
  })

  const principals = createPrincipals({ ...store, now, noteUse: tokenUsage.note, stamps, ownStamp })
  const changes = createChanges({ store, principals, sessionStore, audit, stamps })
  const signOuts = createSignOuts({ changes, terms, now, log })
  const sessions = createSessions({
    ...store,
    store: sessionStore,
    signOuts,
    principals,
    changes,
    freshness,
    terms,
    now,
    onExpired,
    overdue,
  })
  const isTrustedProxy = parseTrustedProxies(settings.trustedProxies)
  // Whatever a request says: this server has TLS, or is reached by it from outside.
  const alwaysTls = listener.secure || isHttps(settings.publicUrl)
  const isSecure = createIsSecure({ always: alwaysTls, isTrusted: isTrustedProxy })
  const { sessionCookieSecure } = settings
  const cookie = createSessionCookie({
    name: settings.sessionCookieName,
    path: settings.sessionCookiePath,
    sameSite: settings.sessionCookieSameSite,
    isSecure: sessionCookieSecure === 'auto' ? isSecure : () => sessionCookieSecure === 'always',
    now,
  })
  const origins: TrustedOrigins = {
    // A proxy that serves TLS for this server is known by the cookie being for TLS only.
    schemes: alwaysTls || sessionCookieSecure === 'always' ? ['https'] : ['http', 'https'],
    publicOrigin: settings.publicUrl && new URL(settings.publicUrl).origin,
    allowed: new Set(settings.allowedOrigins),
    mayEnter: new Set(settings.corsAllowedOrigins),
  }
  const withLiveKey = createWithLiveKey({ ...store, store: sessionStore, now })
  const authenticate = createAuthenticate({ principals, sessions, withLiveKey, guard, cookie, origins })
  const common = { ids, now, changes, freshness }
  const setup = createSetup({
    ...common,
    records: store,
    hasher,
    policy,
    alwaysAllow: settings.testingAlwaysAllowSetup,
  })
  if (!stamps)
    await restoreRemembered({
      ...{
        remembered: store.rememberedSessions,
        sessions: sessionStore,
        overdue,
        onExpired,
        flush: batches.flush,
      },
      ...{ now: now(), isTrusted: isClockTrusted(), lengthMs: settings.sessionRememberLength },
    })
  const upkeep = startUpkeep({
    ...{ store, now, isClockTrusted, overdue, log },
    retentionMs: settings.auditRetention,
  })

  const status: SystemStatus = {
    influxVersion: INFLUX_VERSION,
    version: VERSION,
    startedAt: new Date(startedAt).toISOString(),
    uptimeMs: () => now() - startedAt,
    checks: async () => [await checkStore(store), ...(stamps ? [checkSessions(plane)] : [])],
    metrics: settings.metricsDisabled ? undefined : metrics,
  }

  const app = await createApp({
    services: {
      audit: createAudit({ ...store, batches, withCurrentNames: createCurrentNames(store) }),
      authorizations: createAuthorizations({
        ...common,
        records: store,
        maxLengthMs: settings.authorizationMaxLength,
      }),
      buckets: createBuckets({ ...common, ...store }),
      cookie,
      memberships: createMemberships({ ...common, ...store }),
      organizations: createOrganizations({ ...common, ...store }),
      origins,
      passwords: createPasswords({ ...common, ...store, hasher, policy, guard, known, audit }),
      sessions,
      withLiveKey,
      setup,
      signIn: createSignIn({
        ...common,
        ...store,
        hasher,
        policy,
        guard,
        known,
        sessionStore,
        terms,
        limit: settings.sessionMaxPerUser,
        audit,
        deployment: settings.deployment,
        count: metrics.countSignIn,
      }),
      status,
      storeName: { disk: 'SQLite', memory: 'memory', postgres: 'PostgreSQL' }[settings.store],
      features: {
        rememberSeconds: settings.sessionRememberLength / 1000,
        passwordPolicy: settings.strongPasswords ? 'strong' : settings.passwordPolicy,
        deployment: settings.deployment,
      },
      grantsOf: createGrantsOf({ ...store, now }),
      overview: createOverview({ ...store, batches, sessionStore, throttled, now }),
      userSearch: createUserSearch(store),
      tokenUsage,
      users: createUsers({ ...common, ...store }),
    },
    authenticate,
    cookie,
    clientAddress: createClientAddress({ isTrusted: isTrustedProxy }),
    cors: {
      echoed: settings.corsAllowedOrigins.length === 0 ? 'any' : new Set(settings.corsAllowedOrigins),
      withCredentials: origins.allowed,
    },
    onRefusal: (error, request, op) => noteRefusal(audit, error, request, op),
    observation: { requestCounter: metrics.requestCounter, log, tracing: parts.tracing },
    version: VERSION,
    maxBodyBytes: settings.httpMaxBodySize,
    errorDetails: settings.errorDetails,
    createRequestID: createRequestIDs(),
    onFailure: (error, fields) => log.error(error.message, { ...fields, stack: causeStack(error) }),
  })

  const consoleFiles =
    parts.consoleFolder === undefined || settings.uiDisabled
      ? undefined
      : readConsoleFiles(parts.consoleFolder)
  const pages = consoleFiles && createPages(consoleFiles)
  const limits = { bodyTimeoutMs: settings.httpBodyTimeout, readerTimeoutMs: settings.httpBodyTimeout }
  const api = { handle: app.handle, limits }
  listener.attach(
    createDispatch({
      entries: [
        ...(parts.beside ?? []),
        ...API_PATHS.map((path) => ({ path, handler: api })),
        ...(pages ? [{ path: '/', takes: pages.takes, handler: { handle: pages.handle, limits } }] : []),
      ],
      otherwise: api,
      before:
        settings.hardeningEnabled && !alwaysTls && isTrustedProxy
          ? strictTransport({ isSecure, seconds: settings.strictTransportSecurityMaxAge })
          : undefined,
    }),
  )

  return {
    needsSetup: () => setup.allowed(),
    async close() {
      await app.close()
      await upkeep.stop()
      await tokenUsage.stop()
      await signOuts.stop()
      await batches.stop()
      await plane.close()
    },
  }
}

/** Refusals that a service has counted itself say more of whom they concern. */
function noteRefusal(audit: AuditTrail, error: SluiceError, request: FastifyRequest, op: string): void {
  const { authorization, cookie } = request.headers
  const isAnonymous = !request.principal && !authorization && !cookie
  if (audit.hasCounted(error) || (isAnonymous && !(error instanceof ForgeryError))) return
  audit.refuse(error, {
    event: 'access',
    actor: request.principal ? actorOf(request.caller()) : {},
    target: { type: 'route', name: op, orgID: error.orgID },
    origin: request.origin(),
  })
}

/** The store is well when it answers. */
async function checkStore(store: IdentityStore) {
  try {
    await store.epochs.read()
    return { name: 'store', status: 'pass' as const }
  } catch {
    return { name: 'store', status: 'fail' as const, message: 'the store does not answer' }
  }
}

function checkSessions(plane: SessionPlane) {
  const problem = plane.problem()
  return problem === undefined
    ? { name: 'sessions', status: 'pass' as const }
    : { name: 'sessions', status: 'fail' as const, message: problem }
}

/** Request ids that no two servers share: a random prefix and a count. */
function createRequestIDs(): () => string {
  const prefix = randomInt(2 ** 40).toString(36)
  let count = 0
  return () => {
    count += 1
    return `${prefix}-${count.toString(36)}`
  }
}

function causeStack({ cause }: Error): string | undefined {
  return cause instanceof Error ? cause.stack : undefined
}
