/** How many attempts a guesser has (ASVS 5.0 6.1.1, 6.3.1). All numbers are whole and at least 1. */
export interface GuessLimits {
  /** Failures of one user from one address that cost no delay. */
  readonly pairFree: number
  /** The delay after the last free failure; every further one doubles it. */
  readonly pairFirstDelayMs: number
  readonly pairLongestDelayMs: number
  /** Failures per window of one user, from all addresses that are new to it. */
  readonly user: number
  /** Wrong passwords per window from one address, for all users together; and as many wrong tokens. */
  readonly address: number
  /** A window begins with the first failure; a pair's failures are forgotten this long after its last delay. */
  readonly windowMs: number
}

export const DEFAULT_GUESS_LIMITS: GuessLimits = Object.freeze({
  pairFree: 5,
  pairFirstDelayMs: 10_000,
  pairLongestDelayMs: 900_000,
  user: 30,
  address: 100,
  windowMs: 900_000,
})
