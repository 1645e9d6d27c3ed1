import type { Clock } from '../clock.ts'
import { unauthorized } from '../errors.ts'
import type { Id } from '../id.ts'
import type { Principal } from '../principals/principal.ts'
import type { Principals } from '../principals/principals.ts'
import { createSecret, hashSessionKey } from '../secrets.ts'
import type { SessionStore } from './session.ts'

export interface Sessions {
  /** Starts a session; its key exists only in the answer. `expiresAt` is in milliseconds since 1970. */
  start(userID: Id, orgID: Id | undefined): Promise<{ key: string; expiresAt: number }>
  /**
   * The principal of a session key, whose session it renews. Throws `unauthorized` when there is no such
   * session, when it has expired, and when its user is gone or inactive, whose session then ends for good.
   */
  authenticate(key: string): Promise<Principal>
  /** Ends a session; throws `unauthorized` when there is none to end. */
  end(key: string): Promise<void>
  endAllOf(userID: Id): Promise<void>
}

/** A request moves the end of its session to at least this far from now, as in InfluxDB. */
const RENEWAL_MS = 5 * 60_000

export function createSessions(deps: {
  store: SessionStore
  principals: Pick<Principals, 'ofUser' | 'peekUser'>
  now: Clock
  lengthMs: number
  renew: boolean
}): Sessions {
  const { store, principals, now, lengthMs } = deps
  return {
    async start(userID, orgID) {
      const key = createSecret()
      const createdAt = now()
      const expiresAt = createdAt + lengthMs
      await store.add(hashSessionKey(key), { userID, orgID, createdAt, expiresAt })
      return { key, expiresAt }
    },

    async authenticate(key) {
      const keyHash = hashSessionKey(key)
      const session = await store.find(keyHash)
      const at = now()
      if (!session || session.expiresAt <= at) throw unauthorized()
      const { userID, orgID } = session
      const principal = principals.peekUser(userID, orgID) ?? (await principals.ofUser(userID, orgID))
      if (principal?.user.status !== 'active') {
        await store.remove(keyHash)
        throw unauthorized()
      }
      if (deps.renew && session.expiresAt < at + RENEWAL_MS) await store.renew(keyHash, at + RENEWAL_MS)
      return principal
    },

    async end(key) {
      const keyHash = hashSessionKey(key)
      const session = await store.find(keyHash)
      const removed = await store.remove(keyHash)
      if (!session || !removed || session.expiresAt <= now()) throw unauthorized()
    },

    async endAllOf(userID) {
      await store.removeOfUser(userID)
    },
  }
}
