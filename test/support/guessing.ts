/** For tests: a guess guard with counters in memory, a movable clock, and outcomes as words. */
import { SluiceError } from '../../src/domain/base/errors.ts'
import type { ID } from '../../src/domain/base/id.ts'
import { createGuessGuard, type ThrottledGuess } from '../../src/domain/guessing/guess-guard.ts'
import { DEFAULT_GUESS_LIMITS, type GuessLimits } from '../../src/domain/guessing/guess-limits.ts'
import { createMemoryGuessCounters } from '../../src/store/memory/guess-counters.ts'

export const SECOND = 1000
export const MINUTE = 60 * SECOND

/** Who attempts, from where, and whether the address is known for that user. */
export interface Try {
  readonly name: string
  readonly address: string
  readonly userID?: ID
  readonly known?: boolean
}

export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

/** Lets everything proceed that can. */
export const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** The number of occurrences of each. */
export function tally(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

/** `right`, `wrong`, `429 in` with the seconds, or `rejected` with the message. */
export async function outcomeOf(attempt: Promise<boolean>): Promise<string> {
  try {
    return (await attempt) ? 'right' : 'wrong'
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'too many requests') {
      return `429 in ${error.retryAfterSeconds}`
    }
    return `rejected: ${(error as Error).message}`
  }
}

export function guessing(limits: Partial<GuessLimits> = {}) {
  let at = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
  let tried = 0
  const now = () => at
  const throttled: ThrottledGuess[] = []
  const counters = createMemoryGuessCounters()
  const guard = createGuessGuard({
    counters,
    limits: { ...DEFAULT_GUESS_LIMITS, ...limits },
    now,
    onThrottled: (each) => throttled.push(each),
  })

  function attempt({ known = false, ...who }: Try, verify: () => Promise<boolean>): Promise<string> {
    return outcomeOf(
      guard.attempt({ ...who, known: () => known }, () => {
        tried += 1
        return verify()
      }),
    )
  }
  /** A verification that takes some time, like the real one. */
  const answering = (right: boolean) => () => turn().then(() => right)

  return {
    ...{ guard, counters, throttled, now, attempt },
    wrong: (given: Try) => attempt(given, answering(false)),
    right: (given: Try) => attempt(given, answering(true)),
    refusal: (address: string) => outcomeOf(guard.countRefusal(address).then(() => false)),
    wrongToken: (address: string) => outcomeOf(guard.countWrongToken(address).then(() => false)),
    /** The number of passwords verified. */
    tried: () => tried,
    forward(ms: number) {
      at += ms
    },
  }
}
