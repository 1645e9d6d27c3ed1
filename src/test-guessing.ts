/** For tests of guessing: a guard, a clock that the test moves, and verifications that end when it says so. */
import type { SluiceError } from './domain/errors.ts'
import { createGuessGuard, type ThrottledGuess } from './domain/guessing/guess-guard.ts'
import { DEFAULT_GUESS_LIMITS, type GuessLimits } from './domain/guessing/guess-limits.ts'
import { createMemoryGuessCounters } from './domain/guessing/memory-guess-counters.ts'

export const SECOND = 1000
export const MINUTE = 60 * SECOND
const START = Date.UTC(2026, 0, 1)

/** Until all that can go on without a verification's end has done so. */
export const turn = () => new Promise((resolve) => setImmediate(resolve))

export interface Try {
  readonly name: string
  readonly address: string
  readonly known?: boolean
}

/** What a try came to, or `429 in 10` when it was throttled for so many seconds. */
export async function outcomeOf(attempt: Promise<boolean>): Promise<string> {
  return attempt.then(
    (right) => (right ? 'right' : 'wrong'),
    (error: SluiceError) =>
      error.code === 'too many requests' ? `429 in ${error.retryAfterSeconds}` : `rejected: ${error.message}`,
  )
}

export function guessing(limits: Partial<GuessLimits> = {}) {
  let now = START
  const counters = createMemoryGuessCounters()
  const throttled: ThrottledGuess[] = []
  const guard = createGuessGuard({
    counters,
    limits: { ...DEFAULT_GUESS_LIMITS, ...limits },
    now: () => now,
    onThrottled: (each) => throttled.push(each),
  })
  /** Calls of `verify`. */
  let tried = 0

  const attempt = ({ name, address, known = false }: Try, verify: () => Promise<boolean>) =>
    outcomeOf(
      guard.attempt({ name, address, known: () => known }, () => {
        tried += 1
        return verify()
      }),
    )

  return {
    guard,
    counters,
    throttled,
    attempt,
    tried: () => tried,
    now: () => now,
    forward: (ms: number) => {
      now += ms
    },
    wrong: (each: Try) => attempt(each, () => turn().then(() => false)),
    right: (each: Try) => attempt(each, () => turn().then(() => true)),
    refusal: (address: string) => outcomeOf(guard.countRefusal(address).then(() => false)),
  }
}

/** How often each comes. */
export function tally(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const each of outcomes) counts[each] = (counts[each] ?? 0) + 1
  return counts
}

export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}
