import type { Clock } from '../base/clock.ts'
import type { ID } from '../base/id.ts'
import {
  createTrafficSeries,
  type Traffic,
  type TrafficCounts,
  type TrafficSeries,
} from './traffic-series.ts'

/** One finished request to the gateway. */
export interface TrafficUse {
  /** Undefined if the request was refused before its organization was known; the same for user and token. */
  readonly orgID: ID | undefined
  readonly userID: ID | undefined
  /** The token; undefined for a session too. */
  readonly authorizationID: ID | undefined
  /** The status of the answer; 0 if there was none. */
  readonly status: number
  /** Whether the answer ended early. */
  readonly isCutOff: boolean
  readonly bytesIn: number
  readonly bytesOut: number
}

export interface TrafficTotals {
  readonly lastHour: TrafficCounts
  readonly lastDay: TrafficCounts
}

export interface TrafficOfOne extends TrafficTotals {
  readonly id: ID
}

/**
 * What this process forwarded in the last hour and in the last 24 hours. It begins with zero at each start, and each node
 * of a cluster has its own.
 */
export interface TrafficAccount {
  note(use: TrafficUse): void
  /** When this account began, in milliseconds since 1970. */
  readonly since: number
  /** All requests, also those of callers and organizations that are not known. */
  total(): TrafficTotals
  ofUser(id: ID): Traffic
  ofToken(id: ID): Traffic
  /** In no order. */
  organizations(): readonly TrafficOfOne[]
  /** In no order. */
  tokens(): readonly TrafficOfOne[]
}

/** How many organizations, users and tokens are kept of each kind. */
export const MOST_KEPT = 1000

/** Bounded: of more than `mostKept` organizations, users or tokens, those are forgotten that were idle for long. */
export function createTrafficAccount({
  now,
  mostKept = MOST_KEPT,
}: {
  now: Clock
  mostKept?: number
}): TrafficAccount {
  const all = createTrafficSeries()
  const [ofOrganization, ofUser, ofToken] = [createKept(mostKept), createKept(mostKept), createKept(mostKept)]

  return {
    note(use) {
      const at = now()
      const counts = countsOf(use)
      all.add(at, counts)
      ofOrganization.add(use.orgID, at, counts)
      ofUser.add(use.userID, at, counts)
      ofToken.add(use.authorizationID, at, counts)
    },
    since: now(),
    total: () => all.totals(now()),
    ofUser: (id) => ofUser.read(id, now()),
    ofToken: (id) => ofToken.read(id, now()),
    organizations: () => ofOrganization.totals(now()),
    tokens: () => ofToken.totals(now()),
  }
}

const REFUSED: ReadonlySet<number> = new Set([401, 403, 429])

function countsOf({ status, isCutOff, bytesIn, bytesOut }: TrafficUse): TrafficCounts {
  const isRefused = REFUSED.has(status)
  const isError = !isRefused && (isCutOff || status === 0 || status >= 400)
  return { requests: 1, refused: isRefused ? 1 : 0, errors: isError ? 1 : 0, bytesIn, bytesOut }
}

interface Slot {
  id: ID
  readonly series: TrafficSeries
  /** Whether the series was used since the last search for a slot to reuse passed it. */
  isUsed: boolean
}

/**
 * The series of one kind. Once there are enough, a new one takes the slot of one that was not used since the search last
 * came by ("second chance"), which costs a request less than an exact order of last use would.
 */
function createKept(most: number) {
  const slots: Slot[] = []
  const kept = new Map<ID, Slot>()
  let next = 0

  function slotFor(id: ID): Slot {
    if (slots.length < most) {
      const slot = { id, series: createTrafficSeries(), isUsed: true }
      slots.push(slot)
      kept.set(id, slot)
      return slot
    }
    for (;;) {
      const slot = slots[next] as Slot
      next = (next + 1) % most
      if (slot.isUsed) {
        slot.isUsed = false
        continue
      }
      kept.delete(slot.id)
      slot.series.reset()
      slot.id = id
      kept.set(id, slot)
      return slot
    }
  }

  return {
    add(id: ID | undefined, at: number, counts: TrafficCounts): void {
      if (id === undefined) return
      const slot = kept.get(id) ?? slotFor(id)
      slot.isUsed = true
      slot.series.add(at, counts)
    },
    read: (id: ID, at: number): Traffic => (kept.get(id)?.series ?? createTrafficSeries()).read(at),
    totals: (at: number): TrafficOfOne[] => slots.map(({ id, series }) => ({ id, ...series.totals(at) })),
  }
}
