/** The operators' overview: live sessions, throttled addresses, sign-ins over time, traffic, and upstream's state. */

import { type Principal, requireOperator } from '../access/principal.ts'
import type { AuditBatches } from '../audit/refusal-batches.ts'
import type { Clock } from '../base/clock.ts'
import type { ID } from '../base/id.ts'
import type { AuditOutcome, AuditStore } from '../records/audit-event.ts'
import type { AuthorizationStore, NoteworthyTokens } from '../records/authorization.ts'
import type { OrganizationStore } from '../records/organization.ts'
import type { SessionStore } from '../records/session.ts'
import type { User, UserStore } from '../records/user.ts'
import type { ListedThrottled, Throttled } from '../throttled/throttled.ts'
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

/** Sign-ins that were refused or throttled. */
export interface RefusedSignIns {
  /** The users for whom most were refused; undefined for those deleted since. Unknown names are not counted. */
  readonly users: readonly {
    readonly userID: ID
    readonly name: string | undefined
    readonly count: number
  }[]
  /** The addresses from which most came. */
  readonly addresses: readonly { readonly address: string; readonly count: number }[]
}

export interface Overview {
  readonly liveSessions: number
  readonly users: number
  readonly organizations: number
  readonly throttled: readonly ListedThrottled[]
  readonly refused: RefusedSignIns
  readonly tokens: NoteworthyTokens
  readonly signIns: {
    readonly bucketSeconds: number
    /** Oldest first, without gaps. */
    readonly points: readonly SignInPoint[]
  }
  /** The traffic that this node has counted. */
  readonly traffic: TrafficSummary
  readonly upstream: UpstreamState
}

export type ReadOverview = (principal: Principal, hours: number) => Promise<Overview>

const POINTS = 48
const MOST_REFUSED = 5
const SOON_MS = 30 * 86_400_000

export function createOverview(deps: {
  audit: Pick<AuditStore, 'count' | 'mostRefused'>
  authorizations: Pick<AuthorizationStore, 'noteworthy'>
  batches: Pick<AuditBatches, 'flush'>
  sessionStore: Pick<SessionStore, 'count'>
  throttled: Pick<Throttled, 'list'>
  users: Pick<UserStore, 'count' | 'byIDs'>
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

  async function refused(hours: number): Promise<RefusedSignIns> {
    const start = new Date(deps.now() - hours * 3_600_000).toISOString()
    const ofUsers = await deps.audit.mostRefused('user', start, MOST_REFUSED)
    const ofAddresses = await deps.audit.mostRefused('address', start, MOST_REFUSED)
    const ids = ofUsers.map(({ of }) => of as ID)
    const names = new Map<ID, User['name']>()
    for (const { id, name } of await deps.users.byIDs(ids)) names.set(id, name)
    return {
      users: ofUsers.map(({ of, count }) => ({ userID: of as ID, name: names.get(of as ID), count })),
      addresses: ofAddresses.map(({ of, count }) => ({ address: of, count })),
    }
  }

  return async (principal, hours) => {
    requireOperator(principal, 'read')
    return {
      liveSessions: await deps.sessionStore.count(),
      users: await deps.users.count(),
      organizations: await deps.organizations.count(),
      throttled: await deps.throttled.list(),
      signIns: await signIns(hours),
      refused: await refused(hours),
      tokens: await deps.authorizations.noteworthy(
        new Date(deps.now()).toISOString(),
        new Date(deps.now() + SOON_MS).toISOString(),
      ),
      traffic: await deps.traffic(),
      upstream: deps.upstreamState(),
    }
  }
}
