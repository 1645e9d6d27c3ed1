/**
 * The rule for the clock at a start. The store has a mark of how far time had come. Within a day of it the clock goes
 * on from the later of the two, and expiry is persisted. Further away, the server was off for long or the clock is
 * wrong, and nothing shows which: the clock is used, so what has expired by it is refused, and what a client was
 * refused is persisted as expired, but upkeep deletes and expires nothing and leaves the mark, until the server has run
 * for a day in which the clock was not set.
 *
 * The later of the two alone would not do: one start with a clock that is years ahead would raise the mark, and so
 * expire every token and session, and delete the audit log, also after the clock is set right.
 */

export interface ClockMarkStore {
  /** How far time had come, in milliseconds since 1970; undefined before it was noted for the first time. */
  get(): Promise<number | undefined>
  set(at: number): Promise<void>
}

/** The largest distance from the mark, before or after it, at which a clock is trusted at once. */
export const PLAUSIBLE_MS = 24 * 3600_000

export interface ClockStart {
  /**
   * Decides at which time the server's clock starts: the later of `system` and `mark` or, if they are more than a day
   * apart, `system`, marked doubtful. Both are milliseconds since 1970: `system` is the machine's or database's clock,
   * `mark` the last time at which the data was used (undefined in a new store).
   */
  readonly at: number
  readonly isDoubtful: boolean
}

/** The time to begin with. `system` and `mark` are milliseconds since 1970; `mark` is undefined in new data. */
export function startOfClock(system: number, mark: number | undefined): ClockStart {
  if (mark === undefined) return { at: system, isDoubtful: false }
  if (Math.abs(system - mark) > PLAUSIBLE_MS) return { at: system, isDoubtful: true }
  return { at: Math.max(system, mark), isDoubtful: false }
}
