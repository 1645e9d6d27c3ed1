import { unavailable } from '../base/errors.ts'
import type { Epoch, EpochStore } from '../records/epoch.ts'
import type { Stamp } from '../records/stamps.ts'

/**
 * How long after it began to read the epoch a node may go on using its caches. All times here are milliseconds of
 * this machine's steady clock; clocks of two nodes are never compared.
 */
export const LEASE_MS = 2000
/** Two clocks do not count two seconds at exactly the same speed. */
const MARGIN_MS = 200
/** After this time every node has read the new epoch or stopped using what it cached before. */
export const QUARANTINE_MS = LEASE_MS + MARGIN_MS

/**
 * Makes a node refuse to use sessions and cached rights while it is connected to a session store that is no longer
 * the current one: that store may lack the end of a session, or a change of rights. docs/architecture.md has the
 * argument.
 */
export interface Fence {
  /** Call it for every new connection before using it, with the id of the store's run that answers there. */
  connected(sessionStoreID: string): Promise<void>
  /** The run of the store that stamps are read from now; undefined before the first connection. */
  sessionStoreID(): string | undefined
  /** Reads the epoch again; call it several times per lease. Throws if that fails. */
  renew(): Promise<void>
  /**
   * Tags a stamp that was read from that run of the store, so that it differs from those of other epochs; null if
   * this node may cache nothing now.
   */
  tag(stamp: string, from: string): Stamp
  /** The run of the store that holds the stamps in that epoch. Throws `unavailable` if it is not known here. */
  require(epoch: number): string
  /** How long a change must wait until no node uses what it cached in an earlier epoch. */
  quarantineMs(): number
  /** Whether the connected store is no longer the current one. */
  isOvertaken(): boolean
}

export function createFence(deps: {
  epochs: EpochStore
  /** Milliseconds that only grow, also while the process is stopped. */
  steady: () => number
}): Fence {
  const { epochs, steady } = deps
  let known: (Epoch & { readonly learnedAt: number }) | undefined
  let leaseFrom = Number.NEGATIVE_INFINITY
  let connectedTo: string | undefined

  function learn(epoch: Epoch, readFrom: number): void {
    // A slow reading may arrive after a newer one.
    if (known && epoch.number < known.number) return
    if (epoch.number !== known?.number) known = { ...epoch, learnedAt: steady() }
    leaseFrom = Math.max(leaseFrom, readFrom)
  }

  const inForce = () => connectedTo !== undefined && connectedTo === known?.sessionStoreID

  return {
    async connected(sessionStoreID) {
      // Set before waiting: a connection that is lost while it waits here must not replace a later one.
      connectedTo = sessionStoreID
      const from = steady()
      learn(await epochs.begin(sessionStoreID), from)
    },
    sessionStoreID: () => connectedTo,
    async renew() {
      const from = steady()
      learn(await epochs.read(), from)
    },
    tag(stamp, from) {
      if (!known || from !== known.sessionStoreID || steady() - leaseFrom >= LEASE_MS) return null
      return `${known.number} ${stamp}`
    },
    require(epoch) {
      if (connectedTo !== undefined && known?.number === epoch && inForce()) return connectedTo
      throw unavailable('the session store has just changed; try again shortly', { retryAfterSeconds: 1 })
    },
    quarantineMs: () => Math.max((known?.learnedAt ?? 0) + QUARANTINE_MS - steady(), 0),
    isOvertaken: () => connectedTo !== undefined && !inForce(),
  }
}
