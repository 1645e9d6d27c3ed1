/** What this node keeps of forwarded requests, and who reads it; the figures that operators see first. */

import { createOverview, type ReadOverview } from '../domain/overview/overview.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import { createTrafficAccount, type TrafficAccount } from '../domain/traffic/traffic-account.ts'
import { createTrafficOf, type TrafficOf } from '../domain/traffic/traffic-of.ts'
import { createTrafficSummary } from '../domain/traffic/traffic-summary.ts'
import {
  type CheckedUpstream,
  createObservedUpstream,
  type ObservedUpstream,
  type ReadUpstreamState,
  readNoUpstream,
} from '../domain/traffic/upstream-state.ts'
import type { ComposedDomain } from './domain.ts'

export interface ComposedTraffic {
  readonly account: TrafficAccount
  readonly observed: ObservedUpstream | undefined
  readonly upstreamState: ReadUpstreamState
  readonly overview: ReadOverview
  readonly of: TrafficOf
}

export function composeTraffic(parts: {
  store: IdentityStore
  domain: Pick<ComposedDomain, 'users' | 'authorizations' | 'throttled'>
  batches: Parameters<typeof createOverview>[0]['batches']
  sessionStore: Parameters<typeof createOverview>[0]['sessionStore']
  /** Undefined without any upstream. */
  checked: CheckedUpstream | undefined
  now: () => number
}): ComposedTraffic {
  const { store, domain, batches, sessionStore, checked, now } = parts
  const account = createTrafficAccount({ now })
  const observed = checked && createObservedUpstream({ checked, now })
  const upstreamState = observed?.read ?? readNoUpstream
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
