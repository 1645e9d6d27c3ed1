/** Where failures are counted. The guard knows only this, so that several servers can count together. */

/** How failures under one key hold back further tries. Times are milliseconds. */
export interface GuessRule {
  /** Failures and tries in flight that are allowed at once; at least 1. */
  readonly free: number
  readonly windowMs: number
  /**
   * Without: the window begins with the first failure, and who has no free try left waits for its end. A
   * fixed window: around its end up to twice as many failures fit into `windowMs`.
   *
   * With: each failure from the last free one on costs a delay, the first one or twice the one before; then
   * one try at a time. A right try clears all; else failures are forgotten `windowMs` after the last delay.
   */
  readonly delays?: { readonly firstMs: number; readonly longestMs: number }
}

/** One key under which a try is counted. */
export interface GuessClaim {
  readonly key: string
  /** What the key stands for; one key always comes with the same rule. */
  readonly scope: 'pair' | 'user' | 'address' | 'token'
  readonly rule: GuessRule
  /** A try that this key does not hold back, but whose failure counts. */
  readonly exempt?: boolean
}

/** `undecided`: it came to no verdict, so it is neither a failure nor a success. */
export type GuessOutcome = 'right' | 'wrong' | 'undecided'

/** A try that is in flight: it has a place under each of its keys. */
export interface GuessPlace {
  readonly kind: 'place'
  /**
   * Whether nothing had failed under any of the claims when it was taken, and no other try was in flight for the user:
   * of many that come for one name at once, one is calm.
   */
  readonly isCalm: boolean
  /** Frees the places and counts the outcome, atomically, then decides who waits. To be called once. */
  settle(outcome: GuessOutcome, at: number): Promise<void>
}

export interface GuessThrottled {
  readonly kind: 'throttled'
  /** Of all the claims that hold the try back, the one that does so longest. */
  readonly by: GuessClaim
  readonly retryAfterMs: number
}

export interface GuessCounters {
  /**
   * Takes a place under every key, or under none. Refuses if past failures exhaust a rule. If only tries in flight are
   * in the way, waits for one key's (on one node first come, first served) and decides again when one of them settles;
   * that is bounded by how long a try takes, and by the number of open requests.
   *
   * Must be atomic over all the claims, among all servers that share the counters; then places need a lease,
   * so that those of a server that died become free.
   *
   * @param at milliseconds since 1970; those who share counters share the clock
   */
  reserve(claims: readonly GuessClaim[], at: number): Promise<GuessPlace | GuessThrottled>
}
