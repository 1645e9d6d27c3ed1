/**
 * Time limits of the simulated databases, in milliseconds. Marks expire sooner than in `src/store/redis` to keep runs
 * short; the relations between the limits are the same.
 */
export const STATEMENT_TIMEOUT_MS = 2000
/** After these times PostgreSQL ends a transaction that is idle, or that waits for the lock. */
export const IDLE_IN_TRANSACTION_MS = 2000
export const LOCK_TIMEOUT_MS = 2000
/** The longest time that PostgreSQL takes for a commit. */
export const LONGEST_COMMIT_MS = 3000
/** The largest error of a node's wall clock. */
export const WALL_MS = 1000
/** More than the time between a mark and the end of its transaction, measured on any two nodes' wall clocks. */
export const MARK_MS = 8000
export const RENEW_EVERY_MS = 700
/**
 * How much faster or slower than real time a node's clock may run. Two nodes that differ by this much in opposite
 * directions still measure two seconds within the fence's margin of each other.
 */
export const DRIFT = 0.045
