/** How long compiled principals are cached, and how many. */
import type { Clock } from '../base/clock.ts'
import type { Stamps } from '../records/stamps.ts'

export const KEPT_PRINCIPALS = 100_000
/**
 * How long a principal is cached at most in a cluster. A program that can write to Redis could restore an old stamp
 * and so keep a node using old rights; this bounds for how long.
 */
export const LONGEST_KEPT_MS = 5 * 60_000

export interface Keeping {
  readonly now: Clock
  /** Undefined on a single node, whose own process makes every change. */
  readonly stamps: Pick<Stamps, 'read'> | undefined
}

/**
 * When an entry that is loaded now is loaded again at the latest. Other programs may be able to write stamps, so in a
 * cluster an entry is loaded again after a while even if its stamp is unchanged.
 */
export const endOfKeeping = ({ now, stamps }: Keeping): number =>
  stamps ? now() + LONGEST_KEPT_MS : Number.POSITIVE_INFINITY

/** Most entries never end, and to read the clock costs more than the rest of a look-up. */
export const isAhead = (at: number, now: Clock): boolean => at === Number.POSITIVE_INFINITY || at > now()
