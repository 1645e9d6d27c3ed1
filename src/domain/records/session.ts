import type { ID } from '../base/id.ts'
import type { MaybePromise } from '../base/maybe-promise.ts'
import type { ApplicationAccess } from './second-factor.ts'
import type { SessionGenerations } from './session-ends.ts'
import type { Stamp } from './stamps.ts'

/** How a user can authenticate. */
export type SignInMethod = 'password' | 'passkey' | OutsideMethod | ApplicationMethod

/** At an OpenID provider, or by a password that a directory checked. */
export type OutsideMethod = 'oidc' | 'ldap'

/** A sign-in by an application password, which gives fewer rights. */
export type ApplicationMethod = `application-password-${ApplicationAccess}`

/** How many factors the user proved. */
export type AuthenticationLevel = 'one-factor' | 'two-factors'

export interface Authentication {
  readonly method: SignInMethod
  readonly level: AuthenticationLevel
  /** When the user authenticated, which may be before the session began: milliseconds since 1970. */
  readonly authenticatedAt: number
  /** How the person signed in outside, for a session by a provider or a directory; undefined for all others. */
  readonly outside?: OutsideOfSession | undefined
}

export interface OutsideOfSession {
  /** The provider's name in the settings. */
  readonly provider: string
  readonly issuer: string
  readonly subject: string
  /** The session at the provider (`sid`), by which a back-channel logout may name this one. */
  readonly sid?: string | undefined
  /** When the session ends whatever its use; undefined if only the settings of sessions count. */
  readonly endsAt?: number | undefined
}

export function isApplicationMethod(method: SignInMethod): method is ApplicationMethod {
  return method === 'application-password-use' || method === 'application-password-read'
}

/**
 * To add a field: set it in sign-in/start-session.ts, copy it in store/memory/session-store.ts and, if it must survive
 * outside this process, write it in store/session-details.ts.
 */
export interface Session extends SessionGenerations, Authentication {
  /** The hash of the session key. Stores know a session by this hash only. */
  readonly keyHash: string
  readonly userID: ID
  /** The one organization to which the session is confined; undefined for all organizations of its user. */
  readonly orgID: ID | undefined
  /** When the user signed in: milliseconds since 1970, like all times here. */
  readonly createdAt: number
  readonly lastUsedAt: number
  readonly expiresAt: number
  /** When the cookie was last sent, with the expiry of that moment. */
  readonly cookieSentAt: number
  /** The client that signed in. */
  readonly address: string
  readonly userAgent: string
  /** Whether the session survives restarts and has a fixed expiry, which use does not extend. */
  readonly remembered: boolean
}

/** The fields that change when a session is used. */
export type SessionUse = Pick<Session, 'lastUsedAt' | 'expiresAt' | 'cookieSentAt'>

/** How a request at time `at` renews a session: the numbers that `renewed` in session-terms.ts works with. */
export interface Renewal {
  readonly at: number
  /** The new expiry is `at + lengthMs`; undefined if use does not extend the session. */
  readonly lengthMs: number | undefined
  /** The latest expiry, counted from sign-in. */
  readonly longestMs: number
  readonly cookieAgeMs: number
}

/** A session after its use; an expired session is returned unchanged. */
export interface UsedSession {
  readonly session: Session
  /** Whether to send the cookie again. */
  readonly sendCookie: boolean
  /** The user's stamp, read together with the session. */
  readonly stamp: Stamp
}

/** The store of live sessions. Throws `unavailable` if it cannot be reached. */
export interface SessionStore {
  add(session: Session): Promise<void>
  /** Also returns an expired session that is not swept yet. */
  find(keyHash: string): MaybePromise<Session | undefined>
  /** Finds a session and records its use atomically, so that a session ended meanwhile stays ended. */
  use(keyHash: string, renewal: Renewal): MaybePromise<UsedSession | undefined>
  /** `false` if there is no such session. */
  remove(keyHash: string): Promise<boolean>
  /** All sessions of a user including expired ones, newest first. */
  ofUser(userID: ID): Promise<Session[]>
  /** At most `limit` sessions of all users, expired ones too, in no order; fewer only if there are no others. */
  some(limit: number): Promise<Session[]>
  /** Removes a user's sessions of generations below `before`, except `except`; returns the number removed. */
  removeOfUser(userID: ID, which: { before: number; except?: string | undefined }): Promise<number>
  /** Removes all users' sessions of instance generations below `before`; returns the number removed. */
  removeAll(before: number): Promise<number>
  count(): MaybePromise<number>
  close(): Promise<void>
}

/** Remembered sessions in the database: they survive a restart, and are deleted before their end is acknowledged. */
export interface RememberedSessionStore {
  add(session: Session): Promise<void>
  remove(keyHash: string): Promise<void>
  removeOfUser(userID: ID, except?: string): Promise<void>
  removeAll(): Promise<void>
  /** Caps every expiry at sign-in + `lengthMs` and at `now` + `lengthMs`. */
  shorten(lengthMs: number, now: number): Promise<void>
  /** Removes the sessions that expired before `now`. */
  removeExpired(now: number): Promise<void>
  /** All remembered sessions, oldest first. Sessions of earlier generations were removed when the current one began. */
  all(): Promise<Session[]>
  byHash(keyHash: string): Promise<Session | undefined>
}

/**
 * The public id of a session: the first 16 hexadecimal digits of its key's hash. It gives no access, since the key
 * cannot be derived from it.
 */
export function sessionID({ keyHash }: Pick<Session, 'keyHash'>): ID {
  return Buffer.from(keyHash, 'base64url').toString('hex', 0, 8) as ID
}
