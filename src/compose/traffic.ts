/** What this node keeps of forwarded requests, and who reads it. */

import type { IdentityStore } from '../domain/records/identity-store.ts'
import { createTrafficAccount, type TrafficAccount } from '../domain/traffic/traffic-account.ts'
import { createTrafficSummary } from '../domain/traffic/traffic-summary.ts'
import {
  createObservedUpstream,
  type ObservedUpstream,
  type ReadUpstreamState,
  readNoUpstream,
} from '../domain/traffic/upstream-state.ts'

export interface ComposedTraffic {
  readonly account: TrafficAccount
  readonly observed: ObservedUpstream
  readonly upstreamState: ReadUpstreamState
  readonly summary: ReturnType<typeof createTrafficSummary>
}

/** `upstreamState` is where a better source of upstream's state takes the place of what forwarded requests show. */
export function composeTraffic(parts: {
  store: Pick<IdentityStore, 'organizations' | 'authorizations' | 'users'>
  hasUpstream: boolean
  now: () => number
}): ComposedTraffic {
  const { store, hasUpstream, now } = parts
  const account = createTrafficAccount({ now })
  const observed = createObservedUpstream({ now })
  return {
    account,
    observed,
    upstreamState: hasUpstream ? observed.read : readNoUpstream,
    summary: createTrafficSummary({ account, ...store }),
  }
}
