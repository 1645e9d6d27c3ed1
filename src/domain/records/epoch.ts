/**
 * The period during which one Redis process is the active session store. When another one takes over (a replica, or
 * the same one after a restart) it may lack the last writes. So the database names the active one and counts epochs.
 */
export interface Epoch {
  /** Increases by one with each epoch. */
  readonly number: number
  /** Identifies this run of the session store, as the store itself reports it; undefined before the first epoch. */
  readonly sessionStoreID: string | undefined
}

export interface EpochStore {
  read(): Promise<Epoch>
  /**
   * Begins an epoch for this session store, unless the current epoch is already its own, and returns the current
   * epoch. Waits for changes in progress, so none that checked the old epoch commits in the new one.
   */
  begin(sessionStoreID: string): Promise<Epoch>
  /** Begins another epoch of the same session store, for a change that affects all users. */
  advance(): Promise<void>
}
