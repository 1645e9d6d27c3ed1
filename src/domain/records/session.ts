import type { Id } from '../base/id.ts'
import type { MaybePromise } from '../base/maybe-promise.ts'
import type { SessionGenerations } from './session-ends.ts'
import type { Stamp } from './stamps.ts'

/** How a user can prove who they are. */
export type SignInMethod = 'password'

/** How many factors were proved. */
export type AuthenticationLevel = 'one-factor' | 'two-factors'

export interface Authentication {
  readonly method: SignInMethod
  readonly level: AuthenticationLevel
  /** When the user proved it, which may be before the session began: milliseconds since 1970. */
  readonly authenticatedAt: number
}

/**
 * A new field is set in sign-in/start-session.ts, copied in store/memory/session-store.ts and, to survive outside of
 * this process, written in store/session-details.ts.
 */
export interface Session extends SessionGenerations, Authentication {
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

/** How a request at a time uses a session: what `renewed` in session-terms.ts needs, in figures. */
export interface Renewal {
  readonly at: number
  /** Undefined where use moves no end. */
  readonly lengthMs: number | undefined
  /** From sign-in on. */
  readonly longestMs: number
  readonly cookieAgeMs: number
}

/** A session as its use left it; an expired one as it was. */
export interface UsedSession {
  readonly session: Session
  /** Whether its cookie is to be sent again. */
  readonly sendCookie: boolean
  /** Of its user, read together with the session. */
  readonly stamp: Stamp
}

/** Where live sessions are kept. A store that is away throws `unavailable`. */
export interface SessionStore {
  add(session: Session): Promise<void>
  /** The session, also an expired one that has not been swept yet. */
  find(keyHash: string): MaybePromise<Session | undefined>
  /** Finds a session and notes its use, in one step: one that ended meanwhile stays ended. */
  use(keyHash: string, renewal: Renewal): MaybePromise<UsedSession | undefined>
  /** `false` when there is none. */
  remove(keyHash: string): Promise<boolean>
  /** All sessions of a user, also expired ones, the newest first. */
  ofUser(userID: Id): Promise<Session[]>
  /** Removes a user's sessions of generations before that one, but the excepted; how many there were. */
  removeOfUser(userID: Id, which: { before: number; except?: string | undefined }): Promise<number>
  /** Removes everybody's of generations of the instance before that one; how many there were. */
  removeAll(before: number): Promise<number>
  count(): MaybePromise<number>
  close(): Promise<void>
}

/** Remembered sessions in the store of record, by hash: they survive a restart, and die before it is told. */
export interface RememberedSessionStore {
  add(session: Session): Promise<void>
  remove(keyHash: string): Promise<void>
  removeOfUser(userID: Id, except?: string): Promise<void>
  removeAll(): Promise<void>
  /** Brings ends nearer that are later than so long after sign-in, or than so long from now on. */
  shorten(lengthMs: number, now: number): Promise<void>
  /** Removes those that had ended by then. */
  removeExpired(now: number): Promise<void>
  /** The oldest first, of the generations of now: those of earlier ones were removed as these began. */
  all(): Promise<Session[]>
  byHash(keyHash: string): Promise<Session | undefined>
}

/**
 * The public name of a session: 16 hexadecimal digits of the hash of its key. It proves nothing: who knows it
 * is as far from the key as who knows the hash.
 */
export function sessionID({ keyHash }: Pick<Session, 'keyHash'>): Id {
  return Buffer.from(keyHash, 'base64url').toString('hex', 0, 8) as Id
}
