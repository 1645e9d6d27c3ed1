/** If sessions, stamps and counters of guesses are kept: in this process, or if several nodes share them. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Settings } from '../config/settings.ts'
import type { ID } from '../domain/base/id.ts'
import { createEpochLease } from '../domain/cluster/epoch-lease.ts'
import { createFence, LEASE_MS } from '../domain/cluster/fence.ts'
import { createFencedStamps } from '../domain/cluster/fenced-stamps.ts'
import type { GuessCounters } from '../domain/guessing/guess-counters.ts'
import type { ThrottledList } from '../domain/guessing/throttled-list.ts'
import type { DeviceLoginStore } from '../domain/records/device-login.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { OnceStore } from '../domain/records/once.ts'
import type { Session, SessionStore } from '../domain/records/session.ts'
import type { Stamp, Stamps } from '../domain/records/stamps.ts'
import { withRememberedFallback } from '../domain/sessions/remembered-fallback.ts'
import type { SessionTerms } from '../domain/sessions/session-terms.ts'
import { createMemoryDeviceLogins } from '../store/memory/device-logins.ts'
import { createMemoryGuessCounters } from '../store/memory/guess-counters.ts'
import { createMemoryOnce } from '../store/memory/once.ts'
import { createMemorySessionStore } from '../store/memory/session-store.ts'
import { createThrottledList } from '../store/memory/throttled-list.ts'
import { createFailureReporter } from '../telemetry/failure-reporter.ts'
import type { ServerLog } from '../telemetry/logger.ts'

export interface SessionBackend {
  readonly sessionStore: SessionStore
  readonly counters: GuessCounters
  readonly throttled: ThrottledList
  readonly once: OnceStore
  readonly deviceLogins: DeviceLoginStore
  /** Undefined on a single node, whose caches no other process can make stale. */
  readonly stamps: Stamps | undefined
  /** The stamp of everything that this process keeps, if there are no `stamps`; undefined if it never changes. */
  readonly ownStamp: (() => Stamp) | undefined
  /** What is wrong with the backend, in words for an operator; undefined if nothing is wrong. */
  problem(): string | undefined
  close(): Promise<void>
}

interface Parts {
  readonly settings: Settings
  readonly store: IdentityStore
  readonly log: ServerLog
  readonly now: () => number
  readonly onExpired: (session: Session) => void
  readonly terms: Pick<SessionTerms, 'lastEnd'>
  /** Called for each session in Redis that no node wrote or that something else altered. */
  readonly onForged: () => void
}

export function openSessionBackend(parts: Parts): Promise<SessionBackend> {
  return parts.settings.sessionStore === 'redis' ? openShared(parts) : openAlone(parts)
}

async function openAlone({ settings, store, now, onExpired }: Parts): Promise<SessionBackend> {
  // A file is locked. A database is not: commands such as recovery work on it while this process runs.
  const watch = settings.store === 'postgres' ? await watchEpoch(store) : undefined
  const ownStamp = watch && { ownStamp: watch.stamp }
  const sessionStore = createMemorySessionStore({ now, onExpired, ...ownStamp })
  return {
    ownStamp: watch?.stamp,
    sessionStore,
    counters: createMemoryGuessCounters(),
    throttled: createThrottledList({ now }),
    once: createMemoryOnce({ now }),
    deviceLogins: createMemoryDeviceLogins({ now }),
    stamps: undefined,
    problem: () => undefined,
    async close() {
      watch?.stop()
      await sessionStore.close()
    },
  }
}

async function watchEpoch({ epochs }: Pick<IdentityStore, 'epochs'>) {
  const lease = createEpochLease({ epochs, steady: () => performance.now() })
  await lease.renew()
  // What fails needs no words: the store's own failures are logged.
  const timer = setInterval(() => lease.renew().catch(() => undefined), RENEW_EVERY_MS)
  timer.unref()
  return { stamp: lease.stamp, stop: () => clearInterval(timer) }
}

/** Several readings of the epoch in each lease, so that one that fails costs nothing. */
const RENEW_EVERY_MS = LEASE_MS / 4

async function openShared(parts: Parts): Promise<SessionBackend> {
  // Only here, so that a start without them is as quick as before.
  const { openRedis } = await import('../store/redis/open.ts')
  const { createSessionMac } = await import('../store/redis/sessions/session-mac.ts')
  const { settings, store, log, now, onExpired, terms } = parts
  const steady = () => performance.now()
  const mac = await createSessionMac({ key: store.sessionKey, steady })
  const report = createFailureReporter({ onError: (message) => log.error(message), now: steady })
  function onForged(): void {
    parts.onForged()
    report(
      'a session in Redis counts as absent',
      new Error('it has no valid MAC, so something other than the nodes of this version wrote it'),
    )
  }
  const fence = createFence({ epochs: store.epochs, steady })
  const opened = await openRedis(settings, { log, now, onConnected: fence.connected })
  const { redis, stamps, counters, throttled, once, deviceLogins, createSessions } = opened
  const sessionStore = createSessions({ fence, mac, lastEnd: terms.lastEnd, onExpired, onForged })

  const timer = setInterval(() => {
    fence.renew().then(
      () => fence.isOvertaken() && redis.drop('another Redis is in force by now'),
      // Without the epoch nothing that is kept is used, which needs no words: the store's own failures are logged.
      () => undefined,
    )
  }, RENEW_EVERY_MS)
  timer.unref()

  return {
    sessionStore: withRememberedFallback(sessionStore, {
      ...{ remembered: store.rememberedSessions, now, lengthMs: settings.sessionRememberLength },
    }),
    counters,
    throttled,
    once,
    deviceLogins,
    ownStamp: undefined,
    stamps: createFencedStamps({ shared: stamps, fence, wait: (ms) => sleep(ms), log }),
    problem() {
      // Addresses and causes go to the log: anybody may ask /health.
      return redis.state().connected ? undefined : 'the session store cannot be reached'
    },
    async close() {
      clearInterval(timer)
      await sessionStore.close()
      await redis.close()
    },
  }
}

/** Whether this node is alone, and what differs once a user was changed by another node or a command, if any can be. */
export function nodesOf({ stamps, ownStamp }: Pick<SessionBackend, 'stamps' | 'ownStamp'>): {
  readonly isAlone: boolean
  readonly stampOf: ((userID: ID) => Promise<Stamp>) | undefined
} {
  if (stamps) return { isAlone: false, stampOf: (userID) => stamps.read(userID) }
  return { isAlone: true, stampOf: ownStamp && (async () => ownStamp()) }
}
