/**
 * What the simulated engines are held to, in milliseconds. Marks run out sooner than in `src/store/redis`, so that
 * runs are short; what must hold between the times is the same.
 */
export const STATEMENT_TIMEOUT_MS = 2000
/** PostgreSQL ends a transaction that says nothing for so long, and one that waits so long for its turn. */
export const IDLE_IN_TRANSACTION_MS = 2000
export const LOCK_TIMEOUT_MS = 2000
/** How long PostgreSQL may need for a commit that it has begun. */
export const LONGEST_COMMIT_MS = 3000
/** How far a node's idea of the time of day may be wrong. */
export const WALL_MS = 1000
/** More than may lie between a mark and the end of its transaction, by any two nodes' time of day. */
export const MARK_MS = 8000
export const RENEW_EVERY_MS = 700
/**
 * How much faster or slower than real time a node's clock may run: two that differ by this much in opposite
 * directions count two seconds within the fence's margin of each other.
 */
export const DRIFT = 0.045
