import type { Id } from '../id.ts'
import type { MaybePromise } from '../maybe-promise.ts'

export interface Session {
  /** The hash of the key, by which alone the session is kept and found. */
  readonly keyHash: string
  readonly userID: Id
  /** The one organization that the session is confined to; undefined where it has all of its user's. */
  readonly orgID: Id | undefined
  /** When its user signed in: milliseconds since 1970, as are all times here. */
  readonly createdAt: number
  readonly lastUsedAt: number
  readonly expiresAt: number
  /** When a cookie with the end that it had then was last sent. */
  readonly cookieSentAt: number
  /** Where its user signed in from, and with what. */
  readonly address: string
  readonly userAgent: string
  /** Whether it outlives the process, and has one end that no use moves. */
  readonly remembered: boolean
}

/** What use does to a session. */
export type SessionUse = Pick<Session, 'lastUsedAt' | 'expiresAt' | 'cookieSentAt'>

/** Where live sessions are kept. A store that is away throws `unavailable`. */
export interface SessionStore {
  add(session: Session): Promise<void>
  /** The session, also an expired one that has not been swept yet. */
  find(keyHash: string): MaybePromise<Session | undefined>
  /** Notes the use of a session that is still there; one that ended meanwhile stays ended. */
  use(keyHash: string, use: SessionUse): MaybePromise<void>
  /** `false` when there is none. */
  remove(keyHash: string): Promise<boolean>
  /** All sessions of a user, also expired ones, the newest first. */
  ofUser(userID: Id): Promise<Session[]>
  /** Where the store stands: whatever is added from now on lies beyond. */
  position(): number
  /** Ends a user's sessions but that one; how many there were. */
  removeOfUser(userID: Id, which?: { except?: string | undefined; upTo?: number }): Promise<number>
  /** Ends everybody's, or those that had been added at that position; how many there were. */
  removeAll(upTo?: number): Promise<number>
  count(): number
  close(): Promise<void>
}

/** Remembered sessions in the store of record, by hash: they survive a restart, and die before it is told. */
export interface RememberedSessionStore {
  add(session: Session): Promise<void>
  remove(keyHash: string): Promise<void>
  removeOfUser(userID: Id, except?: string): Promise<void>
  removeAll(): Promise<void>
  /** Removes those that had ended by then. */
  removeExpired(now: number): Promise<void>
  /** The oldest first. */
  all(): Promise<Session[]>
}

/**
 * The public name of a session: 16 hexadecimal digits of the hash of its key. It proves nothing: who knows it
 * is as far from the key as who knows the hash.
 */
export function sessionID({ keyHash }: Pick<Session, 'keyHash'>): Id {
  return Buffer.from(keyHash, 'base64url').toString('hex', 0, 8) as Id
}
