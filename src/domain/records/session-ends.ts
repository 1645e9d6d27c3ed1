/** Ended sessions as recorded in the database, so that a session store that lost writes cannot revive one. */
import type { ID } from '../base/id.ts'
import type { Session } from './session.ts'

/** Counters that grow when all sessions end, of the instance or of the user. A session keeps those it began with. */
export interface SessionGenerations {
  readonly instanceGeneration: number
  readonly userGeneration: number
}

export interface SessionEnds extends SessionGenerations {
  /** Key hash of the session that was exempt when the user's other sessions last ended. */
  readonly kept: string | undefined
}

export interface SessionEndStore {
  /** Undefined if the user does not exist. */
  ofUser(userID: ID): Promise<SessionEnds | undefined>
  /** Whether this session was ended individually. */
  has(keyHash: string): Promise<boolean>
  /** Ends one session. The record is kept at least until `until`, when the session would have expired anyway. */
  end(keyHash: string, until: number): Promise<void>
  /** Ends all sessions of a user but `except` and returns the user's new generation. */
  endAllOf(userID: ID, except: string | undefined): Promise<number>
  /** Ends all sessions of all users and returns the instance's new generation. */
  endAllOfInstance(): Promise<number>
  /** Deletes at most `limit` records whose `until` lies before `time`, and returns the number deleted. */
  removeBefore(time: number, limit: number): Promise<number>
}

/** Whether a session was ended together with all others of its user or of the instance. */
export function isOfEarlierGeneration(session: Session, ends: SessionEnds): boolean {
  if (session.instanceGeneration !== ends.instanceGeneration) return true
  return session.userGeneration !== ends.userGeneration && session.keyHash !== ends.kept
}
