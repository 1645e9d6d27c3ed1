/** What this node keeps of forwarded requests, and who reads it; the figures that operators see first. */

import { createOverview, type ReadOverview } from '../domain/overview/overview.ts'
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
  readonly overview: ReadOverview
  readonly of: TrafficOf
}

/** `upstreamState` is where a better source of upstream's state takes the place of what forwarded requests show. */
export function composeTraffic(parts: {
  store: IdentityStore
  domain: Pick<ComposedDomain, 'users' | 'authorizations' | 'throttled'>
  batches: Parameters<typeof createOverview>[0]['batches']
  sessionStore: Parameters<typeof createOverview>[0]['sessionStore']
  hasUpstream: boolean
  now: () => number
}): ComposedTraffic {
  const { store, domain, batches, sessionStore, hasUpstream, now } = parts
  const account = createTrafficAccount({ now })
  const observed = createObservedUpstream({ now })
  const upstreamState = hasUpstream ? observed.read : readNoUpstream
  return {
    account,
    observed,
    upstreamState,
    overview: createOverview({
      ...{ ...store, batches, sessionStore, throttled: domain.throttled, now },
      ...{ traffic: createTrafficSummary({ account, ...store }), upstreamState },
    }),
    of: createTrafficOf({ account, upstreamState, ...domain }),
  }
}
