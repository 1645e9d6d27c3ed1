import type { ThrottledGuess } from './guess-guard.ts'

/** A client's address that is throttled now. */
export interface ThrottledAddress {
  readonly address: string
  readonly scope: ThrottledGuess['scope']
  /** When throttling ends: milliseconds since 1970. */
  readonly until: number
}

/** Remembers throttled addresses for operators to see; it decides nothing. */
export interface ThrottledList {
  /** Adds one. If there are too many, the one whose throttling ends first is dropped. */
  note(throttled: ThrottledGuess): void
  /** The addresses that are throttled now, by any node that shares the list; the longest first. */
  list(): Promise<ThrottledAddress[]>
}

export const MOST_THROTTLED = 200
