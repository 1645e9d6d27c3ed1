import type { Epoch, EpochStore } from '../records/epoch.ts'
import type { Stamp } from '../records/stamps.ts'
import { LEASE_MS } from './fence.ts'

/**
 * The stamp of a single node, which keeps its sessions itself and shares the database only with commands such as
 * `recovery`. Such a command advances the epoch. A node that cannot read the epoch goes on using its caches for one
 * lease, and no longer.
 */
export interface EpochLease {
  /** The same for all users. Null if the caches may not be used now. */
  stamp(): Stamp
  /** Reads the epoch; call it several times per lease. Throws if it cannot be read. */
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
      // A slow reading may arrive after a newer one.
      if (known && read.number < known.number) return
      known = read
      from = Math.max(from, started)
    },
  }
}
