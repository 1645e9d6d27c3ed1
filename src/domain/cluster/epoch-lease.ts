import type { Epoch, EpochStore } from '../records/epoch.ts'
import type { Stamp } from '../records/stamps.ts'
import { LEASE_MS } from './fence.ts'

/**
 * The stamp of a node that shares the database only with commands such as `recovery`, and keeps its
 * sessions itself. Such a command advances the epoch; a node that cannot read the epoch goes on with what it keeps
 * for a lease, and no longer.
 */
export interface EpochLease {
  /** The same for all users. Null where nothing that is kept may be used now. */
  stamp(): Stamp
  /** Reads the epoch; to be called several times in a lease. Throws where that fails. */
  renew(): Promise<void>
}

export function createEpochLease(deps: {
  epochs: Pick<EpochStore, 'read'>
  /** Milliseconds that only grow, also while the process is stopped. */
  steady: () => number
}): EpochLease {
  let known: Epoch | undefined
  let from = Number.NEGATIVE_INFINITY
  return {
    stamp: () => (known && deps.steady() - from < LEASE_MS ? `${known.number}` : null),
    async renew() {
      const started = deps.steady()
      const read = await deps.epochs.read()
      // Readings may overtake each other.
      if (known && read.number < known.number) return
      known = read
      from = Math.max(from, started)
    },
  }
}
