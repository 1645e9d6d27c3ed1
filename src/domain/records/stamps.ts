import type { ID } from '../base/id.ts'

/**
 * A version of everything about a user: record, memberships and tokens. Data loaded after reading a stamp is current as
 * long as reading the stamp again gives the same text. Null means that a change is or may be in progress, so nothing
 * loaded before may be used.
 */
export type Stamp = string | null

/** The constant stamp on a single node, which drops from its own cache whatever it changes. */
export const ALONE: Stamp = 'alone'

/** A change under way, of which every node knows. */
export interface ChangeMark {
  /**
   * Call after the commit: the users get new stamps. Returns once no node can use data from before the change; never
   * throws. If it is unknown whether the commit succeeded, do not call it: the mark expires by itself, by which time
   * the database can no longer commit the change.
   */
  settle(): Promise<void>
}

/** How nodes learn of each other's changes. All methods throw `unavailable` if Redis cannot be asked. */
export interface Stamps {
  read(userID: ID): Promise<Stamp>
  /**
   * Removes these users' stamps until the mark is settled. Call it last in the transaction that changes them, before
   * the commit; if it throws, roll back.
   *
   * @param epoch the current epoch as read in that transaction
   */
  mark(userIDs: readonly ID[], epoch: number): Promise<ChangeMark>
  /** To be called after the epoch was advanced: returns once no node can go on with what was before. */
  settleEpoch(): Promise<void>
}
