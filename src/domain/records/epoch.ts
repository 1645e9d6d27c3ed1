/**
 * The reign of one session store. Where another takes over (a replica, or the same one restarted), it may have
 * forgotten what was written last, so the store of record says which one is in force, and each is an epoch.
 */
export interface Epoch {
  /** Grows by one with each. */
  readonly number: number
  /** The session store's own name for this run of it; undefined before the first. */
  readonly sessionStoreID: string | undefined
}

export interface EpochStore {
  read(): Promise<Epoch>
  /**
   * Begins the epoch of this session store, unless it is in force already; which one is in force then. Waits
   * for the changes under way, none of which is kept in the new epoch on the word of the old one.
   */
  begin(sessionStoreID: string): Promise<Epoch>
  /** Begins another one of the same session store, for a change that affects everybody. */
  advance(): Promise<void>
}
