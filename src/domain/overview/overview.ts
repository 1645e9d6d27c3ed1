/** The operators' overview: live sessions, throttled addresses, sign-ins over time, traffic, and upstream's state. */

import { type Principal, requireOperator } from '../access/principal.ts'
import type { AuditBatches } from '../audit/refusal-batches.ts'
import type { Clock } from '../base/clock.ts'
import type { ThrottledAddress, ThrottledList } from '../guessing/throttled-list.ts'
import type { AuditOutcome, AuditStore } from '../records/audit-event.ts'
import type { OrganizationStore } from '../records/organization.ts'
import type { SessionStore } from '../records/session.ts'
import type { UserStore } from '../records/user.ts'
import type { TrafficSummary } from '../traffic/traffic-summary.ts'
import type { ReadUpstreamState, UpstreamState } from '../traffic/upstream-state.ts'

/** The number of sign-ins in one interval, by outcome. */
export interface SignInPoint {
  /** RFC 3339, UTC. */
  readonly start: string
  readonly success: number
  readonly refused: number
  readonly throttled: number
}

export interface Overview {
  readonly liveSessions: number
  readonly users: number
  readonly organizations: number
  readonly throttled: readonly ThrottledAddress[]
  readonly signIns: {
    readonly bucketSeconds: number
    /** Oldest first, without gaps. */
    readonly points: readonly SignInPoint[]
  }
  /** Of this node. */
  readonly traffic: TrafficSummary
  readonly upstream: UpstreamState
}

export type ReadOverview = (principal: Principal, hours: number) => Promise<Overview>

const POINTS = 48

export function createOverview(deps: {
  audit: Pick<AuditStore, 'count'>
  batches: Pick<AuditBatches, 'flush'>
  sessionStore: Pick<SessionStore, 'count'>
  throttled: Pick<ThrottledList, 'list'>
  users: Pick<UserStore, 'count'>
  organizations: Pick<OrganizationStore, 'count'>
  traffic: () => Promise<TrafficSummary>
  upstreamState: ReadUpstreamState
  now: Clock
}): ReadOverview {
  async function signIns(hours: number): Promise<Overview['signIns']> {
    const lengthMs = (hours * 3_600_000) / POINTS
    const end = Math.ceil(deps.now() / lengthMs) * lengthMs
    await deps.batches.flush()
    const points: SignInPoint[] = []
    // One query at a time, so that other requests get their turn in between.
    for (let at = end - POINTS * lengthMs; at < end; at += lengthMs) {
      const [start, stop] = [new Date(at).toISOString(), new Date(at + lengthMs).toISOString()]
      const counts = await deps.audit.count({ event: 'signin', start, stop })
      const of = (outcome: AuditOutcome) => counts.get(outcome) ?? 0
      points.push({
        start,
        success: of('success'),
        refused: of('refused'),
        throttled: of('throttled'),
      })
      await new Promise((resolve) => setImmediate(resolve))
    }
    return { bucketSeconds: lengthMs / 1000, points }
  }

  return async (principal, hours) => {
    requireOperator(principal, 'read')
    return {
      liveSessions: await deps.sessionStore.count(),
      users: await deps.users.count(),
      organizations: await deps.organizations.count(),
      throttled: await deps.throttled.list(),
      signIns: await signIns(hours),
      traffic: await deps.traffic(),
      upstream: deps.upstreamState(),
    }
  }
}
