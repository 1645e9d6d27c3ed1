import type { Id } from '../id.ts'
import type { MaybePromise } from '../maybe-promise.ts'

export interface Session {
  readonly userID: Id
  /** The one organization that the session is confined to; undefined where it has all of its user's. */
  readonly orgID: Id | undefined
  /** Milliseconds since 1970, as is `expiresAt`. */
  readonly createdAt: number
  readonly expiresAt: number
}

/** Where sessions are kept, by the hash of their key. A store that is away throws `unavailable`. */
export interface SessionStore {
  add(keyHash: string, session: Session): Promise<void>
  /** The session, also an expired one that has not been swept yet. */
  find(keyHash: string): MaybePromise<Session | undefined>
  /** Moves the end of a session that is still there. */
  renew(keyHash: string, expiresAt: number): MaybePromise<void>
  /** `false` when there is none. */
  remove(keyHash: string): Promise<boolean>
  /** Ends all sessions of a user; how many there were. */
  removeOfUser(userID: Id): Promise<number>
  count(): number
  close(): Promise<void>
}
