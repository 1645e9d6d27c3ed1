import type { Clock } from '../clock.ts'
import { unauthorized } from '../errors.ts'
import type { Id } from '../id.ts'
import type { MaybePromise } from '../maybe-promise.ts'
import type { Principal } from '../principals/principal.ts'
import type { Principals } from '../principals/principals.ts'
import { createSecret, hashSecret } from '../secrets.ts'
import type { Session, SessionStore } from './session.ts'

export interface Sessions {
  /** Starts a session; its key exists only in the answer. `expiresAt` is in milliseconds since 1970. */
  start(userID: Id, orgID: Id | undefined): Promise<{ key: string; expiresAt: number }>
  /**
   * The principal of a session key, whose session it renews. Throws `unauthorized` when there is no such
   * session, when it has expired, and when its user is gone or inactive, whose session then ends for good.
   */
  authenticate(key: string): MaybePromise<Principal>
  /** Ends a session; throws `unauthorized` when there is none to end. */
  end(key: string): Promise<void>
  endAllOf(userID: Id): Promise<void>
}

/** A request moves the end of its session to at least this far from now, as in InfluxDB. */
const RENEWAL_MS = 5 * 60_000

export function createSessions(deps: {
  store: SessionStore
  principals: Pick<Principals, 'ofUser'>
  now: Clock
  lengthMs: number
  renew: boolean
}): Sessions {
  const { store, principals, now, lengthMs } = deps

  function principalOf(session: Session | undefined): MaybePromise<Principal | undefined> {
    if (!session || session.expiresAt <= now()) throw unauthorized()
    return principals.ofUser(session.userID, session.orgID)
  }

  /** Renews the session of an active user; ends that of any other for good. */
  function admit(keyHash: string, session: Session, principal: Principal | undefined) {
    if (principal?.user.status !== 'active') {
      return store.remove(keyHash).then(() => {
        throw unauthorized()
      })
    }
    const renewedTo = now() + RENEWAL_MS
    if (!deps.renew || session.expiresAt >= renewedTo) return principal
    const renewed = store.renew(keyHash, renewedTo)
    return renewed instanceof Promise ? renewed.then(() => principal) : principal
  }

  return {
    async start(userID, orgID) {
      const key = createSecret()
      const createdAt = now()
      const expiresAt = createdAt + lengthMs
      await store.add(hashSecret(key), { userID, orgID, createdAt, expiresAt })
      return { key, expiresAt }
    },

    authenticate(key) {
      const keyHash = hashSecret(key)
      const session = store.find(keyHash)
      if (session instanceof Promise) {
        return session.then(async (found) => admit(keyHash, found as Session, await principalOf(found)))
      }
      const principal = principalOf(session)
      if (principal instanceof Promise) {
        return principal.then((found) => admit(keyHash, session as Session, found))
      }
      return admit(keyHash, session as Session, principal)
    },

    async end(key) {
      const keyHash = hashSecret(key)
      const session = await store.find(keyHash)
      const removed = await store.remove(keyHash)
      if (!session || !removed || session.expiresAt <= now()) throw unauthorized()
    },

    async endAllOf(userID) {
      await store.removeOfUser(userID)
    },
  }
}
