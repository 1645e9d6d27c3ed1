/** What a clock is worth that is found at the start, by how far time had come when the data was last used. */

export interface ClockMarkStore {
  /** How far time had come, in milliseconds since 1970; undefined before it was noted for the first time. */
  get(): Promise<number | undefined>
  set(at: number): Promise<void>
}

/**
 * Nobody can tell a clock that is wrong from a server that stood still for long. What is further from the mark than
 * this, before it or after it, is gone by, but nothing is made final by it.
 */
export const PLAUSIBLE_MS = 24 * 3600_000

export interface ClockStart {
  /** The time to begin with. */
  readonly at: number
  readonly isDoubtful: boolean
}

/**
 * The time to begin with, by the system's. A clock that was set back by less than a day goes on from the mark, so
 * that nothing that was over begins anew; to wait for one that is further ahead would be worse.
 */
export function startOfClock(system: number, mark: number | undefined): ClockStart {
  if (mark === undefined) return { at: system, isDoubtful: false }
  if (Math.abs(system - mark) > PLAUSIBLE_MS) return { at: system, isDoubtful: true }
  return { at: Math.max(system, mark), isDoubtful: false }
}
