import type { ThrottledGuess } from './guess-guard.ts'

/** A client's address that is held back now. */
export interface ThrottledAddress {
  readonly address: string
  readonly scope: ThrottledGuess['scope']
  /** Until when: milliseconds since 1970. */
  readonly until: number
}

/** Remembers who was held back last, for operators to see; it decides nothing. */
export interface ThrottledList {
  /** Those soonest free make room where there are too many. */
  note(throttled: ThrottledGuess): void
  /** Those held back now, by any of the nodes that share the list; the longest first. */
  list(): Promise<ThrottledAddress[]>
}

export const MOST_THROTTLED = 200
