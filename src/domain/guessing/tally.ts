/** What is counted under one key, and what a rule makes of it. */
import type { GuessOutcome, GuessRule } from './guess-counters.ts'

export interface Tally {
  failures: number
  /** When the first and the last of them came; without meaning while there are none. */
  firstAt: number
  lastAt: number
  inFlight: number
}

export function emptyTally(): Tally {
  return { failures: 0, firstAt: 0, lastAt: 0, inFlight: 0 }
}

/** Forgets expired failures. To be called before any other question at that time. */
export function bringUpTo(tally: Tally, rule: GuessRule, at: number): void {
  if (tally.lastAt > at) {
    // A clock that was set back must not make a delay longer than it is.
    tally.firstAt -= tally.lastAt - at
    tally.lastAt = at
  }
  if (at >= forgottenAt(tally, rule)) tally.failures = 0
}

export function forgottenAt({ failures, firstAt, lastAt }: Tally, rule: GuessRule): number {
  return rule.windowMs + (rule.delays ? lastAt + delayMs(failures, rule) : firstAt)
}

/** For how many milliseconds failures alone hold back every try; 0 where they do not. */
export function heldBackMs(tally: Tally, rule: GuessRule, at: number): number {
  if (tally.failures < rule.free) return 0
  const end = rule.delays ? tally.lastAt + delayMs(tally.failures, rule) : forgottenAt(tally, rule)
  return Math.max(end - at, 0)
}

/** Whether one more may start, where failures alone do not hold it back. */
export function hasPlace({ failures, inFlight }: Tally, { free }: GuessRule): boolean {
  return failures < free ? failures + inFlight < free : inFlight === 0
}

export function countOutcome(tally: Tally, rule: GuessRule, outcome: GuessOutcome, at: number): void {
  if (outcome === 'right' && rule.delays) tally.failures = 0
  if (outcome !== 'wrong') return
  if (tally.failures === 0) tally.firstAt = at
  tally.lastAt = at
  tally.failures += 1
}

function delayMs(failures: number, { free, delays }: GuessRule): number {
  if (!delays || failures < free) return 0
  return Math.min(delays.firstMs * 2 ** (failures - free), delays.longestMs)
}
