/** Where failures are counted. The guard sees only this interface, so that several servers can count together. */

/** How failures under one key hold back further tries. Times are milliseconds. */
export interface GuessRule {
  /** Failures and tries in flight that are allowed at once; at least 1. */
  readonly free: number
  readonly windowMs: number
  /**
   * Without delays: the window begins with the first failure, and a client without free attempts must wait until it
   * ends. The window is fixed, so up to twice as many failures fit into `windowMs` around its end.
   *
   * With delays: each failure from the last free one on costs a delay, the first `firstMs`, each further one twice
   * the one before; after it one attempt at a time. A right attempt clears everything; otherwise failures are
   * forgotten `windowMs` after the last delay.
   */
  readonly delays?: { readonly firstMs: number; readonly longestMs: number }
}

/** One key under which an attempt is counted. */
export interface GuessClaim {
  readonly key: string
  /** What the key stands for; one key always comes with the same rule. */
  readonly scope: 'pair' | 'user' | 'address' | 'token'
  readonly rule: GuessRule
  /** This key does not hold the attempt back, but counts its failure. */
  readonly exempt?: boolean
}

/** `undecided`: it came to no verdict, so it is neither a failure nor a success. */
export type GuessOutcome = 'right' | 'wrong' | 'undecided'

/** An attempt in flight: it has a place under each of its keys. */
export interface GuessPlace {
  readonly kind: 'place'
  /**
   * Whether, when the place was taken, nothing had failed under any of the claims and no other attempt for the user
   * was in flight: of many simultaneous attempts for one name, one is calm.
   */
  readonly isCalm: boolean
  /** Frees the places and counts the outcome, atomically, and then lets waiting attempts decide again. Call it once. */
  settle(outcome: GuessOutcome, at: number): Promise<void>
}

export interface GuessThrottled {
  readonly kind: 'throttled'
  /** The claim that holds the attempt back longest. */
  readonly by: GuessClaim
  readonly retryAfterMs: number
}

export interface GuessCounters {
  /**
   * Takes a place under every key, or under none. Refuses if past failures exhaust a rule. If only attempts in flight
   * are in the way, it waits for those of one key (on one node in order of arrival) and decides again when one of
   * them settles; the wait is bounded by how long an attempt takes, and by the number of open requests.
   *
   * Must be atomic over all claims, among all servers that share the counters; shared places need a lease, so that
   * those of a crashed server become free.
   *
   * @param at milliseconds since 1970, by a clock that all servers that share the counters share
   */
  reserve(claims: readonly GuessClaim[], at: number): Promise<GuessPlace | GuessThrottled>
  /** Forgets the failures under a key, on all servers that share the counters. Attempts in flight keep their places. */
  forget(key: string): Promise<void>
}
