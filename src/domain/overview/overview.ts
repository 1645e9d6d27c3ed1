/** What operators look at first: how many are signed in, who is held back, how sign-ins went. */
import type { AuditBatches } from '../audit/audit-batches.ts'
import type { AuditEvent, AuditStore } from '../audit/audit-event.ts'
import type { Clock } from '../clock.ts'
import type { ThrottledAddress, ThrottledList } from '../guessing/throttled-list.ts'
import type { OrganizationStore } from '../organizations/organization.ts'
import { type Principal, requireOperator } from '../principals/principal.ts'
import type { SessionStore } from '../sessions/session.ts'
import type { UserStore } from '../users/user.ts'

/** Sign-ins in one stretch of time, by how they ended. */
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
    /** The oldest first, without a gap. */
    readonly points: readonly SignInPoint[]
    /** Whether there were more sign-ins than were counted; then the oldest are missing. */
    readonly truncated: boolean
  }
}

export type ReadOverview = (principal: Principal, hours: number) => Promise<Overview>

const POINTS = 48
const BATCH = 1000
/** What is read of the log at the most, so that a glance costs no more on a busy server. */
const MOST_EVENTS = 20_000

export function createOverview(deps: {
  audit: Pick<AuditStore, 'list'>
  batches: Pick<AuditBatches, 'flush'>
  sessionStore: Pick<SessionStore, 'count'>
  throttled: Pick<ThrottledList, 'list'>
  users: Pick<UserStore, 'count'>
  organizations: Pick<OrganizationStore, 'count'>
  now: Clock
}): ReadOverview {
  async function signIns(hours: number): Promise<Overview['signIns']> {
    const lengthMs = (hours * 3_600_000) / POINTS
    const end = Math.ceil(deps.now() / lengthMs) * lengthMs
    const begin = end - POINTS * lengthMs
    const points = Array.from({ length: POINTS }, (_, index) => {
      return { start: new Date(begin + index * lengthMs).toISOString(), success: 0, refused: 0, throttled: 0 }
    })
    await deps.batches.flush()
    let read = 0
    let after: AuditEvent['id'] | undefined
    for (;;) {
      const page = { limit: BATCH, offset: 0, after, descending: true }
      const filter = { event: 'signin', start: new Date(begin).toISOString() }
      const events = await deps.audit.list(filter, page)
      for (const { time, outcome, count } of events) {
        const point = points[Math.floor((Date.parse(time) - begin) / lengthMs)]
        if (point && outcome !== 'expired') point[outcome] += count
      }
      read += events.length
      if (events.length < BATCH || read >= MOST_EVENTS) {
        return { bucketSeconds: lengthMs / 1000, points, truncated: events.length === BATCH }
      }
      after = events.at(-1)?.id
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
    }
  }
}
