import type {
  GuessClaim,
  GuessCounters,
  GuessOutcome,
  GuessPlace,
  GuessThrottled,
} from '../../domain/guessing/guess-counters.ts'
import {
  bringUpTo,
  countOutcome,
  emptyTally,
  forgottenAt,
  hasPlace,
  heldBackMs,
  type Tally,
} from '../../domain/guessing/tally.ts'
import { createTwoGenerationCache } from '../../domain/guessing/two-generation-cache.ts'

/** Each takes some 200 bytes. */
const DEFAULT_LIMIT = 100_000

interface Waiter {
  readonly claims: readonly GuessClaim[]
  readonly decided: (answer: GuessPlace | GuessThrottled) => void
}

/** Attempts wait only for attempts in flight, so there is never a waiter without one. */
interface Counter extends Tally {
  readonly waiting: Waiter[]
}

export interface MemoryGuessCounters extends GuessCounters {
  /** How many keys have failures or tries in flight. */
  size(): number
}

/**
 * Counts for one server, in memory: a restart forgets. At most `limit` keys without an attempt in flight are
 * remembered; the one whose last attempt is longest ago is dropped first. To push a key out takes tens of thousands
 * of failures elsewhere, from hundreds of addresses, since each address has its limit.
 */
export function createMemoryGuessCounters(options: { limit?: number } = {}): MemoryGuessCounters {
  const busy = new Map<string, Counter>()
  const idle = createTwoGenerationCache<Counter>(options.limit ?? DEFAULT_LIMIT)

  function counterOf({ key, rule }: GuessClaim, at: number): Counter {
    const counter = busy.get(key) ?? idle.get(key) ?? { ...emptyTally(), waiting: [] }
    bringUpTo(counter, rule, at)
    return counter
  }

  /** Returns a place, or the refusal, or the counter whose attempts in flight must settle first. */
  function decide(claims: readonly GuessClaim[], at: number): GuessPlace | GuessThrottled | Counter {
    const counted = claims.map((claim) => ({ claim, counter: counterOf(claim, at) }))
    let throttled: GuessThrottled | undefined
    let full: Counter | undefined
    for (const { claim, counter } of counted) {
      if (claim.exempt) continue
      const retryAfterMs = heldBackMs(counter, claim.rule, at)
      if (retryAfterMs > (throttled?.retryAfterMs ?? 0)) {
        throttled = { kind: 'throttled', by: claim, retryAfterMs }
      }
      if (!hasPlace(counter, claim.rule)) full ??= counter
    }
    if (throttled) return throttled
    if (full) return full
    const isCalm = counted.every(
      ({ claim, counter }) => counter.failures === 0 && (claim.scope !== 'user' || counter.inFlight === 0),
    )
    for (const { claim, counter } of counted) {
      counter.inFlight += 1
      idle.drop(claim.key)
      busy.set(claim.key, counter)
    }
    return { kind: 'place', isCalm, settle: async (outcome, settledAt) => settle(claims, outcome, settledAt) }
  }

  function settle(claims: readonly GuessClaim[], outcome: GuessOutcome, at: number): void {
    const counted = claims.map((claim) => ({ claim, counter: counterOf(claim, at) }))
    for (const { claim, counter } of counted) {
      counter.inFlight -= 1
      countOutcome(counter, claim.rule, outcome, at)
    }
    for (const { counter } of counted) decideWaiting(counter, at)
    for (const { claim, counter } of counted) {
      if (counter.inFlight > 0) continue
      busy.delete(claim.key)
      if (counter.failures > 0) idle.keep(claim.key, counter, forgottenAt(counter, claim.rule), at)
    }
  }

  /** Decides again for the attempts that wait at this counter, in order, until it has no place left. */
  function decideWaiting(counter: Counter, at: number): void {
    for (let waiter = counter.waiting[0]; waiter; waiter = counter.waiting[0]) {
      const answer = decide(waiter.claims, at)
      if (answer === counter) return
      counter.waiting.shift()
      if ('kind' in answer) waiter.decided(answer)
      else answer.waiting.push(waiter)
    }
  }

  return {
    async reserve(claims, at) {
      const answer = decide(claims, at)
      if ('kind' in answer) return answer
      return new Promise((decided) => answer.waiting.push({ claims, decided }))
    },
    async forget(key) {
      idle.drop(key)
      const counter = busy.get(key)
      if (counter) counter.failures = 0
    },
    size: () => busy.size + idle.size(),
  }
}
