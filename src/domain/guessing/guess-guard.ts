import { hash } from 'node:crypto'
import type { Clock } from '../base/clock.ts'
import { SluiceError } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import type { MaybePromise } from '../base/maybe-promise.ts'
import type { GuessClaim, GuessCounters, GuessOutcome, GuessPlace, GuessRule } from './guess-counters.ts'
import type { GuessLimits } from './guess-limits.ts'

export interface GuessAttempt {
  /** The typed name, of any length, in canonical form, whether or not a user has it. Case matters. */
  readonly name: string
  /** The user of that name; failures are counted by this id, so that renaming a user gives no new attempts. */
  readonly userID?: ID | undefined
  /** The typed name as a directory compares names, if there is one: its variants share their failures. */
  readonly variant?: string | undefined
  /** The client's address as `addressKey` writes it. */
  readonly address: string
  /** Whether that user signed in from this address within the last 30 days; false for unknown names. */
  readonly known: () => MaybePromise<boolean>
}

/** An attempt at an entry of a directory, which is found by several names. */
export interface EntryAttempt extends Pick<GuessAttempt, 'userID' | 'address' | 'known'> {
  /** Tells the entry from all others; failures are counted by `userID` if the entry has a user. */
  readonly entry: string
  readonly variant: string
}

/** What held an attempt back. Without the typed name, because people type passwords there by mistake. */
export interface ThrottledGuess {
  readonly scope: GuessClaim['scope']
  /** The key whose failures hold the attempt back. It contains the hash of an unknown name, so it must never be shown. */
  readonly key: string
  /** The user who has the typed name; undefined for addresses, tokens and unknown names. */
  readonly userID?: ID | undefined
  readonly address: string
  readonly retryAfterSeconds: number
}

/** `known`: from a known address of that user; `calm`: nothing failed of late for that name or from that address. */
export type Standing = 'known' | 'calm' | 'others'

/** `right-so-far`: right, but a second factor is still due; it counts neither as a failure nor clears any. */
export type GuessVerdict = boolean | 'right-so-far'

export interface GuessGuard {
  /**
   * Runs `verify` and returns its result (true for `right-so-far`), or throws `too many requests` without running
   * it. Attempts beyond the free ones wait for those in flight; if `verify` rejects, the attempt does not count. At a
   * known address a user is held back only by failures from that very address, so that a stranger cannot lock the
   * owner out (ASVS 5.0 6.1.1).
   */
  attempt(attempt: GuessAttempt, verify: (standing: Standing) => Promise<GuessVerdict>): Promise<boolean>
  /**
   * The same for the entry that a typed name stands for, within the attempt for the name, which counts for the address.
   * The one for the name comes first, so that an attempt that is held back asks the directory nothing.
   */
  attemptEntry(attempt: EntryAttempt, verify: () => Promise<GuessVerdict>): Promise<boolean>
  /**
   * The same for the second factor of a user whose password was right. Failures count for the user whatever the
   * address, and for the address. A right one also clears the password's failures from that address.
   */
  attemptFactor(
    attempt: { readonly userID: ID; readonly address: string },
    verify: () => Promise<boolean>,
  ): Promise<boolean>
  /**
   * The same for a code that a signed-in user brings from another device. Failures count for the user whatever the
   * address, and for the address; a right one clears none, since an attacker has right ones too.
   */
  attemptCode(
    attempt: { readonly userID: ID; readonly address: string },
    verify: () => Promise<boolean>,
  ): Promise<boolean>
  /**
   * Counts unreadable credentials as a wrong password of the address; throws `too many requests` if the address has
   * reached its limit.
   */
  countRefusal(address: string): Promise<void>
  /**
   * Counts a wrong token of the address, apart from passwords: an agent that keeps using a revoked token must not
   * stop a person at that address from signing in. Throws `too many requests` if the address has reached its limit.
   * Call it after looking the token up: a right token is never held back.
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

  function claimWho(who: string, address: string, known: boolean): GuessClaim[] {
    const pair: GuessClaim = { key: `pair:${who}:${address}`, scope: 'pair', rule: pairRule }
    return known ? [pair] : [pair, { key: `user:${who}`, scope: 'user', rule: userRule }]
  }

  function claimAll({ name, userID, variant, address }: GuessAttempt, known: boolean): GuessClaim[] {
    // Computed for existing names too, at the same cost.
    const nameHash = hashOfName(name)
    const whos = new Set([userID ?? nameHash, ...(variant === undefined ? [] : [hashOfName(variant)])])
    const claims = [...whos].flatMap((who) => claimWho(who, address, known))
    return [...claims, known ? { ...claimAddress(address), exempt: true } : claimAddress(address)]
  }

  /** `related` are further keys that hold back the same user, for operators who release it. */
  async function enter(
    claims: readonly GuessClaim[],
    address: string,
    userID?: ID,
    related: readonly GuessClaim[] = [],
  ): Promise<GuessPlace> {
    const answer = await counters.reserve(claims, now())
    if (answer.kind === 'place') return answer
    const retryAfterSeconds = Math.max(Math.ceil(answer.retryAfterMs / 1000), 1)
    const { key, scope } = answer.by
    const isOfUser = userID && (scope === 'pair' || scope === 'user')
    const others = isOfUser ? [...claims, ...related].filter((each) => each.scope === scope) : []
    for (const each of new Set([key, ...others.map((other) => other.key)])) {
      deps.onThrottled?.({ scope, key: each, address, retryAfterSeconds, ...(isOfUser ? { userID } : {}) })
    }
    throw tooManyTries(retryAfterSeconds)
  }

  async function settled(place: GuessPlace, verify: () => Promise<GuessVerdict>): Promise<boolean> {
    let outcome: GuessOutcome = 'undecided'
    try {
      const verdict = await verify()
      if (verdict !== 'right-so-far') outcome = verdict ? 'right' : 'wrong'
      return verdict !== false
    } finally {
      // Settled before the response, so that the client's next attempt finds this one counted.
      await place.settle(outcome, now())
    }
  }

  async function fail(claim: GuessClaim, address: string): Promise<void> {
    const place = await enter([claim], address)
    await place.settle('wrong', now())
  }

  return {
    async attempt(attempt, verify) {
      const isKnown = await attempt.known()
      const place = await enter(claimAll(attempt, isKnown), attempt.address, attempt.userID)
      return settled(place, () => verify(isKnown ? 'known' : place.isCalm ? 'calm' : 'others'))
    },
    async attemptEntry({ entry, userID, variant, address, known }, verify) {
      const isKnown = await known()
      const claims = claimWho(userID ?? hashOfName(`entry ${entry}`), address, isKnown)
      const related = claimWho(hashOfName(variant), address, isKnown)
      return settled(await enter(claims, address, userID, related), verify)
    },
    async attemptFactor({ userID, address }, verify) {
      const claims: GuessClaim[] = [
        { key: `factor:${userID}`, scope: 'user', rule: pairRule },
        { key: `pair:${userID}:${address}`, scope: 'pair', rule: pairRule, exempt: true },
        claimAddress(address),
      ]
      return settled(await enter(claims, address, userID), verify)
    },
    async attemptCode({ userID, address }, verify) {
      const claims: GuessClaim[] = [
        { key: `device-code:${userID}`, scope: 'user', rule: userRule },
        claimAddress(address),
      ]
      return settled(await enter(claims, address, userID), verify)
    },
    countRefusal: (address) => fail(claimAddress(address), address),
    countWrongToken: (address) =>
      fail({ key: `token:${address}`, scope: 'token', rule: addressRule }, address),
  }
}

/**
 * A hash has a fixed length, so a long name cannot fill the memory, and no name can be mistaken for an id or for another
 * name with its address.
 */
function hashOfName(name: string): string {
  return hash('sha256', name, 'base64url')
}

function tooManyTries(retryAfterSeconds: number): SluiceError {
  const wait = retryAfterSeconds === 1 ? '1 second' : `${retryAfterSeconds} seconds`
  return new SluiceError('too many requests', `too many tries; wait ${wait} before the next one`, {
    retryAfterSeconds,
    reason: 'throttled',
  })
}
