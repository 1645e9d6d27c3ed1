import type { Id } from '../base/id.ts'

/**
 * Stands for all that a user is and may do at a moment: what was loaded after reading a stamp still holds while
 * reading it again gives the same. Null is no stamp: a change is under way, or nobody can say whether there
 * was one, so nothing that was loaded before holds.
 */
export type Stamp = string | null

/** The one stamp where a single process changes everything: it forgets by itself what it changes. */
export const ALONE: Stamp = 'alone'

/** A change under way, of which every node knows. */
export interface ChangeMark {
  /**
   * To be called when the change is kept: the users have a new stamp from then on. Returns once no node can go on
   * with what was before; never throws. Where nobody knows whether the change is kept, the mark is left alone: it
   * is over by itself when the store of record cannot keep it any more.
   */
  settle(): Promise<void>
}

/** How several nodes learn of each other's changes. All methods throw `unavailable` where they cannot tell. */
export interface Stamps {
  read(userID: Id): Promise<Stamp>
  /**
   * Takes these users' stamps away until the mark is settled. To be called in the transaction that changes them,
   * as the last thing before it is kept; it must not be kept where this throws.
   *
   * @param epoch of the store of record, as that transaction reads it
   */
  mark(userIDs: readonly Id[], epoch: number): Promise<ChangeMark>
  /** To be called after the epoch was advanced: returns once no node can go on with what was before. */
  settleEpoch(): Promise<void>
}
