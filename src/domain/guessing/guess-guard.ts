import { hash } from 'node:crypto'
import type { Clock } from '../base/clock.ts'
import { SluiceError } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import type { MaybePromise } from '../base/maybe-promise.ts'
import type { GuessClaim, GuessCounters, GuessOutcome, GuessPlace, GuessRule } from './guess-counters.ts'
import type { GuessLimits } from './guess-limits.ts'

export interface GuessAttempt {
  /** What was typed, of any length, in canonical form, whether or not anyone has that name. Case matters. */
  readonly name: string
  /** The user of that name, under whom it is counted: a user who is renamed stays the same one. */
  readonly userID?: ID | undefined
  /** The client's address as `addressKey` writes it. */
  readonly address: string
  /** Whether that user signed in from this address within the last 30 days; false for unknown names. */
  readonly known: () => MaybePromise<boolean>
}

/** What held a try back. Without the name: people type their passwords there. */
export interface ThrottledGuess {
  readonly scope: GuessClaim['scope']
  readonly address: string
  readonly retryAfterSeconds: number
}

/** `known`: from a known address of that user; `calm`: nothing failed of late for that name or from that address. */
export type Standing = 'known' | 'calm' | 'others'

export interface GuessGuard {
  /**
   * Answers what `verify` does, or throws `too many requests` without calling it. Tries beyond the free ones
   * wait for those in flight; a rejected `verify` was no try. From a known address a user is held back only
   * by failures from that very address, so that a stranger cannot lock the owner out (ASVS 5.0 6.1.1).
   */
  attempt(attempt: GuessAttempt, verify: (standing: Standing) => Promise<boolean>): Promise<boolean>
  /**
   * Counts unreadable credentials where a password was asked for, as a wrong password of the address; throws
   * `too many requests` where it had its share.
   */
  countRefusal(address: string): Promise<void>
  /**
   * Counts a wrong token, for the address and apart from passwords: an agent that goes on with a revoked token keeps
   * no person at that address from signing in. Throws `too many requests` where the address had its share. To be
   * called after the token was looked up: a right one is never held back.
   */
  countWrongToken(address: string): Promise<void>
}

/** Withstands guessing (ASVS 5.0 6.3.1), the same for names that exist and those that do not (6.3.8). */
export function createGuessGuard(deps: {
  counters: GuessCounters
  limits: GuessLimits
  now: Clock
  onThrottled?: (throttled: ThrottledGuess) => void
}): GuessGuard {
  const { counters, limits, now } = deps
  const { windowMs } = limits
  const delays = { firstMs: limits.pairFirstDelayMs, longestMs: limits.pairLongestDelayMs }
  const pairRule: GuessRule = { free: limits.pairFree, windowMs, delays }
  const userRule: GuessRule = { free: limits.user, windowMs }
  const addressRule: GuessRule = { free: limits.address, windowMs }

  function claimAddress(address: string): GuessClaim {
    return { key: `address:${address}`, scope: 'address', rule: addressRule }
  }

  function claimAll({ name, userID, address }: GuessAttempt, known: boolean): GuessClaim[] {
    // A hash has one length, so a name can neither fill the memory nor be read as an id or as another name and
    // address. It is made for those who exist too, at the same cost.
    const nameHash = hash('sha256', name, 'base64url')
    const who = userID ?? nameHash
    const pair: GuessClaim = { key: `pair:${who}:${address}`, scope: 'pair', rule: pairRule }
    if (known) return [pair, { ...claimAddress(address), exempt: true }]
    return [pair, { key: `user:${who}`, scope: 'user', rule: userRule }, claimAddress(address)]
  }

  async function enter(claims: readonly GuessClaim[], address: string): Promise<GuessPlace> {
    const answer = await counters.reserve(claims, now())
    if (answer.kind === 'place') return answer
    const retryAfterSeconds = Math.max(Math.ceil(answer.retryAfterMs / 1000), 1)
    deps.onThrottled?.({ scope: answer.by.scope, address, retryAfterSeconds })
    throw tooManyTries(retryAfterSeconds)
  }

  async function fail(claim: GuessClaim, address: string): Promise<void> {
    const place = await enter([claim], address)
    await place.settle('wrong', now())
  }

  return {
    async attempt(attempt, verify) {
      const isKnown = await attempt.known()
      const place = await enter(claimAll(attempt, isKnown), attempt.address)
      let outcome: GuessOutcome = 'undecided'
      try {
        const right = await verify(isKnown ? 'known' : place.isCalm ? 'calm' : 'others')
        outcome = right ? 'right' : 'wrong'
        return right
      } finally {
        // Before the answer, so that the client's next try finds it counted.
        await place.settle(outcome, now())
      }
    },
    countRefusal: (address) => fail(claimAddress(address), address),
    countWrongToken: (address) =>
      fail({ key: `token:${address}`, scope: 'token', rule: addressRule }, address),
  }
}

function tooManyTries(retryAfterSeconds: number): SluiceError {
  const wait = retryAfterSeconds === 1 ? '1 second' : `${retryAfterSeconds} seconds`
  return new SluiceError('too many requests', `too many tries; wait ${wait} before the next one`, {
    retryAfterSeconds,
    reason: 'throttled',
  })
}
