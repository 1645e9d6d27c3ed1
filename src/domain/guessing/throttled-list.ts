import type { ID } from '../base/id.ts'
import type { ThrottledGuess } from './guess-guard.ts'

/** A client's address that is throttled now. */
export interface ThrottledAddress {
  readonly address: string
  readonly scope: ThrottledGuess['scope']
  /** The key of the `ThrottledGuess`; undefined if a node of an earlier version noted the address. */
  readonly key: string | undefined
  readonly userID?: ID | undefined
  /** When throttling ends: milliseconds since 1970. */
  readonly until: number
}

/** Remembers throttled addresses for operators to see; it decides nothing. */
export interface ThrottledList {
  /** Adds one. If there are too many, the one whose throttling ends first is dropped. */
  note(throttled: ThrottledGuess): void
  /** The addresses that are throttled now, by any node that shares the list; the longest first. */
  list(): Promise<ThrottledAddress[]>
  /** Removes all addresses that this key throttles. */
  remove(key: string): Promise<void>
}

export const MOST_THROTTLED = 200
