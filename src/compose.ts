/** The one place that sees every part and puts them together. */

import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { Settings } from './config/settings.ts'
import { createAuthorizations } from './domain/authorizations/authorizations.ts'
import { createBuckets } from './domain/buckets/buckets.ts'
import { createChanges } from './domain/changes.ts'
import { createIdGenerator } from './domain/id.ts'
import type { IdentityStore } from './domain/identity-store.ts'
import { createMemberships } from './domain/memberships/memberships.ts'
import { createOrganizations } from './domain/organizations/organizations.ts'
import { createPasswordHasher } from './domain/passwords/password-hasher.ts'
import { createPasswordPolicy } from './domain/passwords/password-policy.ts'
import { createPasswords } from './domain/passwords/passwords.ts'
import { createPrincipals } from './domain/principals/principals.ts'
import { createSessions } from './domain/sessions/sessions.ts'
import { createSignIn } from './domain/sessions/sign-in.ts'
import { createSetup } from './domain/setup/setup.ts'
import { createUsers } from './domain/users/users.ts'
import { createApp } from './http/app.ts'
import { createAuthenticate } from './http/authentication.ts'
import type { Listener } from './http/listener.ts'
import type { SystemStatus } from './http/routes/system.ts'
import { createMemorySessionStore } from './store/memory/session-store.ts'
import type { ServerLog } from './telemetry/logger.ts'
import { createMetrics } from './telemetry/metrics.ts'
import type { Tracing } from './telemetry/tracing.ts'
import { INFLUX_VERSION, VERSION } from './version.ts'

export interface Sluice {
  /** Whether nobody has set the server up yet. */
  needsSetup(): Promise<boolean>
  close(): Promise<void>
}

/** Headers of every answer; the `influx` command line reads them. */
export const ANSWER_HEADERS = { 'x-influxdb-build': 'OSS', 'x-influxdb-version': INFLUX_VERSION } as const

/** Puts a server together on a store and a listener, which both outlive nothing of it. */
export async function composeSluice(parts: {
  settings: Settings
  store: IdentityStore
  listener: Listener
  log: ServerLog
  tracing: Tracing | undefined
  now: () => number
}): Promise<Sluice> {
  const { settings, store, listener, log, now } = parts
  const startedAt = now()

  const ids = createIdGenerator({ now, node: randomInt(1024), after: await store.newestId() })
  const hasher = createPasswordHasher({
    concurrency: settings.passwordHashConcurrency || Math.max(1, availableParallelism() - 1),
    queue: settings.passwordHashQueue,
  })
  const policy = createPasswordPolicy({ strong: settings.strongPasswords })
  const sessionStore = createMemorySessionStore({ now })
  const metrics = createMetrics({
    liveSessions: () => sessionStore.count(),
    passwordHashes: () => hasher.pending(),
  })

  const principals = createPrincipals(store)
  const changes = createChanges({ store, principals, log })
  const sessions = createSessions({
    store: sessionStore,
    principals,
    now,
    lengthMs: settings.sessionLength,
    renew: !settings.sessionRenewDisabled,
  })
  const common = { ids, now, changes }
  const setup = createSetup({
    ...common,
    records: store,
    hasher,
    policy,
    alwaysAllow: settings.testingAlwaysAllowSetup,
  })

  const status: SystemStatus = {
    influxVersion: INFLUX_VERSION,
    version: VERSION,
    startedAt: new Date(startedAt).toISOString(),
    uptimeMs: () => now() - startedAt,
    checks: async () => [await checkStore(store)],
    metrics: settings.metricsDisabled ? undefined : metrics,
  }

  const app = await createApp({
    listener,
    services: {
      authorizations: createAuthorizations({ ...common, records: store }),
      buckets: createBuckets({ ...common, ...store }),
      memberships: createMemberships({ ...common, ...store }),
      organizations: createOrganizations({ ...common, ...store }),
      passwords: createPasswords({ ...store, hasher, policy, changes }),
      sessions,
      setup,
      signIn: createSignIn({
        ...store,
        hasher,
        policy,
        sessions,
        deployment: settings.deployment,
        log,
        count: metrics.countSignIn,
      }),
      status,
      users: createUsers({ ...common, ...store, sessions }),
      secureCookie: listener.secure,
    },
    authenticate: createAuthenticate({ principals, sessions }),
    observation: { requestCounter: metrics.requestCounter, log, tracing: parts.tracing },
    headers: ANSWER_HEADERS,
    version: VERSION,
    maxBodyBytes: settings.httpMaxBodySize,
    errorDetails: settings.errorDetails,
    createRequestID: createRequestIDs(),
    onFailure: (error, fields) => log.error(error.message, { ...fields, stack: causeStack(error) }),
  })

  return {
    needsSetup: () => setup.allowed(),
    async close() {
      await app.close()
      await sessionStore.close()
    },
  }
}

/** The store is well when it answers. */
async function checkStore(store: IdentityStore) {
  try {
    await store.users.count()
    return { name: 'store', status: 'pass' as const }
  } catch {
    return { name: 'store', status: 'fail' as const, message: 'the store does not answer' }
  }
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
