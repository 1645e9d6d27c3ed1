import { unavailable } from '../base/errors.ts'
import type { Epoch, EpochStore } from '../records/epoch.ts'
import type { Stamp } from '../records/stamps.ts'

/**
 * How long after it began to read the epoch a node may go on with what it keeps. Everything here is in
 * milliseconds of this machine's steady clock; no two nodes' clocks are ever compared.
 */
export const LEASE_MS = 2000
/** Two clocks that both count two seconds do not end them together. */
const MARGIN_MS = 200
/** After this time every node has read the new epoch or stopped using what it kept in the one before. */
export const QUARANTINE_MS = LEASE_MS + MARGIN_MS

/**
 * Holds a node that talks to a session store that is no longer the current one: what it reads there proves nothing. The
 * argument is in docs/architecture.md.
 */
export interface Fence {
  /** To be called for every new connection, before it is used, with the run of the store that answers there. */
  connected(sessionStoreID: string): Promise<void>
  /** The run of the store that stamps are read from now; undefined before the first connection. */
  sessionStoreID(): string | undefined
  /** Reads the epoch again; to be called several times in a lease. Throws if that fails. */
  renew(): Promise<void>
  /**
   * A stamp that was read from that run of the store, tagged so that it differs from those of other epochs; null where
   * this node may keep nothing now.
   */
  tag(stamp: string, from: string): Stamp
  /** The run of the store that holds the stamps in that epoch. Throws `unavailable` where it is not known here. */
  require(epoch: number): string
  /** How long a change must wait until no node uses what it kept in an earlier epoch. */
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
    // Readings may overtake each other.
    if (known && epoch.number < known.number) return
    if (epoch.number !== known?.number) known = { ...epoch, learnedAt: steady() }
    leaseFrom = Math.max(leaseFrom, readFrom)
  }

  const inForce = () => connectedTo !== undefined && connectedTo === known?.sessionStoreID

  return {
    async connected(sessionStoreID) {
      // At once: a connection that was lost while it waited here must not count after the next one.
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
