/** What this node keeps of forwarded requests, and who reads it. */

import type { IdentityStore } from '../domain/records/identity-store.ts'
import { createTrafficAccount, type TrafficAccount } from '../domain/traffic/traffic-account.ts'
import { createTrafficOf, type TrafficOf } from '../domain/traffic/traffic-of.ts'
import { createTrafficSummary } from '../domain/traffic/traffic-summary.ts'
import {
  createObservedUpstream,
  type ObservedUpstream,
  type ReadUpstreamState,
  readNoUpstream,
} from '../domain/traffic/upstream-state.ts'
import type { ComposedDomain } from './domain.ts'

export interface ComposedTraffic {
  readonly account: TrafficAccount
  readonly observed: ObservedUpstream
  readonly upstreamState: ReadUpstreamState
  readonly summary: ReturnType<typeof createTrafficSummary>
  readonly of: TrafficOf
}

/** `upstreamState` is where a better source of upstream's state takes the place of what forwarded requests show. */
export function composeTraffic(parts: {
  store: Pick<IdentityStore, 'organizations' | 'authorizations' | 'users'>
  domain: Pick<ComposedDomain, 'users' | 'authorizations'>
  hasUpstream: boolean
  now: () => number
}): ComposedTraffic {
  const { store, domain, hasUpstream, now } = parts
  const account = createTrafficAccount({ now })
  const observed = createObservedUpstream({ now })
  const upstreamState = hasUpstream ? observed.read : readNoUpstream
  return {
    account,
    observed,
    upstreamState,
    summary: createTrafficSummary({ account, ...store }),
    of: createTrafficOf({ account, upstreamState, ...domain }),
  }
}
