/** For tests: a model of the guessing rules that keeps the whole history and recounts it for every answer. */
import type { GuessClaim, GuessOutcome, GuessRule } from '../../src/domain/guessing/guess-counters.ts'

interface Settled {
  readonly claims: readonly GuessClaim[]
  readonly outcome: GuessOutcome | 'asked'
  readonly at: number
}

export type ModelAnswer =
  | { readonly kind: 'place' }
  | { readonly kind: 'throttled'; readonly by: string; readonly retryAfterMs: number }
  /** The attempt waits until the one in flight at that position settles. */
  | { readonly kind: 'full'; readonly behind: number }

export function createGuessModel() {
  const settled: Settled[] = []
  const inFlight: (readonly GuessClaim[])[] = []

  /** The failures that count at that time, and how long they still throttle. */
  function standing(key: string, { free, windowMs, delays }: GuessRule, at: number) {
    let failures = 0
    let heldUntil = 0
    let forgottenAt = Number.POSITIVE_INFINITY
    for (const event of [...settled, { claims: [{ key }], outcome: 'asked', at }]) {
      if (!event.claims.some((claim) => claim.key === key)) continue
      if (event.at >= forgottenAt || (event.outcome === 'right' && delays)) {
        failures = 0
        heldUntil = 0
        forgottenAt = Number.POSITIVE_INFINITY
      }
      if (event.outcome !== 'wrong') continue
      failures += 1
      if (delays) {
        const delayMs =
          failures < free ? 0 : Math.min(delays.firstMs * 2 ** (failures - free), delays.longestMs)
        heldUntil = event.at + delayMs
        forgottenAt = heldUntil + windowMs
      } else {
        if (failures === 1) forgottenAt = event.at + windowMs
        heldUntil = failures >= free ? forgottenAt : 0
      }
    }
    return { failures, heldMs: Math.max(heldUntil - at, 0) }
  }

  return {
    /** The answer to an attempt, which is in flight from now on if it gets a place. */
    ask(claims: readonly GuessClaim[], at: number): ModelAnswer {
      let full: string | undefined
      let throttled: Extract<ModelAnswer, { kind: 'throttled' }> | undefined
      for (const { key, rule, exempt } of claims) {
        if (exempt) continue
        const { failures, heldMs } = standing(key, rule, at)
        const flying = inFlight.filter((each) => each.some((claim) => claim.key === key)).length
        if (heldMs > (throttled?.retryAfterMs ?? 0))
          throttled = { kind: 'throttled', by: key, retryAfterMs: heldMs }
        if (flying >= (failures < rule.free ? rule.free - failures : 1)) full ??= key
      }
      if (throttled) return throttled
      if (full !== undefined) {
        return { kind: 'full', behind: inFlight.findIndex((each) => each.some(({ key }) => key === full)) }
      }
      inFlight.push(claims)
      return { kind: 'place' }
    },
    /** Settles the attempt in flight at that position. */
    settle(position: number, outcome: GuessOutcome, at: number): void {
      settled.push(...inFlight.splice(position, 1).map((claims) => ({ claims, outcome, at })))
    },
  }
}
