/** What the store of record knows of ended sessions, so that none lives on because a session store forgot its end. */
import type { Id } from '../base/id.ts'
import type { Session } from './session.ts'

/** Grow when all sessions end: everybody's, or the user's. A session belongs to those in which it began. */
export interface SessionGenerations {
  readonly instanceGeneration: number
  readonly userGeneration: number
}

export interface SessionEnds extends SessionGenerations {
  /** The session that went on when the user's others ended last. */
  readonly kept: string | undefined
}

export interface SessionEndStore {
  /** Undefined where there is no such user. */
  ofUser(userID: Id): Promise<SessionEnds | undefined>
  /** Whether this session was ended by itself. */
  has(keyHash: string): Promise<boolean>
  /** Ends one; that is known at least until `until`, when it would have ended anyway. */
  end(keyHash: string, until: number): Promise<void>
  /** Ends all of a user's but that one. The user's new generation: no session of an earlier one goes on. */
  endAllOf(userID: Id, except: string | undefined): Promise<number>
  /** The new generation of the instance. */
  endEverybodys(): Promise<number>
  /** Forgets at most `limit` ends that nobody needs any more; how many those were. */
  removeBefore(time: number, limit: number): Promise<number>
}

/** Whether a session ended with all others. */
export function isOfEarlierGeneration(session: Session, ends: SessionEnds): boolean {
  if (session.instanceGeneration !== ends.instanceGeneration) return true
  return session.userGeneration !== ends.userGeneration && session.keyHash !== ends.kept
}
