/** The data on which `recovery` works, and the one way in which it changes them. */
import { availableParallelism } from 'node:os'
import type { Settings } from '../config/settings.ts'
import { createPasswordHasher } from '../domain/passwords/password-hasher.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { SessionStore } from '../domain/records/session.ts'
import { createRecovery, type Recovery } from '../domain/recovery/recovery.ts'
import { openStore } from '../store/open.ts'
import { composeOfflineChanges, QUIET } from './offline-changes.ts'
import { policyOf } from './password-policy.ts'

export interface RecoveryData {
  readonly store: IdentityStore
  readonly recovery: Recovery
  /** Whether servers may be running on the same data. */
  readonly isShared: boolean
  /** What could not be done about sessions in Redis, in words; undefined if nothing was to do or all was done. */
  problem(): string | undefined
  close(): Promise<void>
}

/**
 * Opens the data of the settings, and makes the file if there is none. Throws if a server uses the file, as every second
 * process does.
 */
export async function openRecoveryData(settings: Settings): Promise<RecoveryData> {
  const isShared = settings.store === 'postgres'
  const { store } = await openStore({ ...settings, store: isShared ? 'postgres' : 'disk' })
  try {
    const sessions = await openSessions(settings, store)
    return {
      ...{ store, isShared, problem: sessions.problem },
      recovery: await compose(settings, store, sessions),
      async close() {
        await sessions.close()
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

async function compose(settings: Settings, store: IdentityStore, sessionStore: EndedSessions) {
  const { changes, ids, now } = await composeOfflineChanges(settings, store, sessionStore)
  return createRecovery({
    ...{ records: store, changes, ids, now },
    hasher: createPasswordHasher({ concurrency: availableParallelism(), queue: 1 }),
    policy: policyOf(settings),
    maxLengthMs: settings.authorizationMaxLength,
    origin: { address: '', userAgent: 'sluice recovery', requestID: '' },
  })
}

type EndedSessions = Pick<SessionStore, 'ofUser' | 'removeOfUser'> & Pick<RecoveryData, 'problem' | 'close'>

/** If there is no Redis: sessions in a server's memory end by their generation, or have ended with it. */
const NO_SESSIONS: EndedSessions = {
  ofUser: async () => [],
  removeOfUser: async () => 0,
  problem: () => undefined,
  close: async () => {},
}

/** The sessions in Redis. Their generation in PostgreSQL ends them, so Redis may be away. */
async function openSessions(settings: Settings, store: IdentityStore): Promise<EndedSessions> {
  if (settings.sessionStore !== 'redis') return NO_SESSIONS
  let problem: string | undefined
  const noting = async <T>(work: Promise<T>, otherwise: T): Promise<T> =>
    work.catch((error: Error) => {
      problem ??= error.message
      return otherwise
    })
  const opened = await noting(connect(settings, store), undefined)
  if (!opened) return { ...NO_SESSIONS, problem: () => problem }
  const { sessions, redis } = opened
  return {
    ofUser: (userID) => noting(sessions.ofUser(userID), []),
    removeOfUser: (userID, which) => noting(sessions.removeOfUser(userID, which), 0),
    problem: () => problem,
    async close() {
      await sessions.close()
      await redis.close()
    },
  }
}

async function connect(settings: Settings, store: IdentityStore) {
  // Only here: most have neither.
  const { openRedis } = await import('../store/redis/open.ts')
  const { createSessionMac } = await import('../store/redis/sessions/session-mac.ts')
  const mac = await createSessionMac({ key: store.sessionKey, steady: () => performance.now() })
  const { redis, createSessions } = await openRedis(settings, {
    ...{ log: QUIET, now: Date.now, onConnected: async () => {} },
  })
  const state = redis.state()
  if (!state.connected) {
    await redis.close()
    throw new Error(state.problem)
  }
  const fence = { sessionStoreID: () => undefined, tag: () => null }
  const sessions = createSessions({ fence, mac, lastEnd: ({ expiresAt }) => expiresAt, onForged() {} })
  return { redis, sessions }
}
