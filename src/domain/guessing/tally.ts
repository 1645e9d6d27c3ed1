/** The count under one key, and how a rule judges it. */
import type { GuessOutcome, GuessRule } from './guess-counters.ts'

export interface Tally {
  failures: number
  /** When the first and the last failure came; meaningless without failures. */
  firstAt: number
  lastAt: number
  inFlight: number
}

export function emptyTally(): Tally {
  return { failures: 0, firstAt: 0, lastAt: 0, inFlight: 0 }
}

/** Forgets expired failures. Call it before any other function with the same time. */
export function bringUpTo(tally: Tally, rule: GuessRule, at: number): void {
  if (tally.lastAt > at) {
    // If the clock was set back, moves the failures back with it, so that no delay becomes longer.
    tally.firstAt -= tally.lastAt - at
    tally.lastAt = at
  }
  if (at >= forgottenAt(tally, rule)) tally.failures = 0
}

export function forgottenAt({ failures, firstAt, lastAt }: Tally, rule: GuessRule): number {
  return rule.windowMs + (rule.delays ? lastAt + delayMs(failures, rule) : firstAt)
}

/** For how many milliseconds failures hold back every attempt; 0 if they do not. */
export function heldBackMs(tally: Tally, rule: GuessRule, at: number): number {
  if (tally.failures < rule.free) return 0
  const end = rule.delays ? tally.lastAt + delayMs(tally.failures, rule) : forgottenAt(tally, rule)
  return Math.max(end - at, 0)
}

/** Whether one more attempt may start, if failures do not hold it back. */
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
