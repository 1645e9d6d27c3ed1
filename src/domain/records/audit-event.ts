/**
 * An entry of the audit log: who did what, to which resource, from which address, with which outcome. No secrets of
 * Sluice; the statement of a query is the client's own text.
 */
import type { ID } from '../base/id.ts'

/**
 * `success` if the action was carried out; the other outcomes say why it was not. `failed` is an action that was allowed
 * and forwarded, and that InfluxDB did not carry out.
 */
export const AUDIT_OUTCOMES = ['success', 'refused', 'throttled', 'expired', 'failed'] as const
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number]

/** Names of users, organizations, buckets and tokens are recorded as they were when the event happened. */
export interface AuditActor {
  readonly userID?: ID | undefined
  readonly userName?: string | undefined
  readonly sessionID?: ID | undefined
  readonly authorizationID?: ID | undefined
  /** The description of that token. */
  readonly authorizationDescription?: string | undefined
  /** The organization of that token. Only its owners and operators may read the description. */
  readonly authorizationOrgID?: ID | undefined
}

export interface AuditTarget {
  /** Such as `user`, `organization`, `bucket`, `authorization`, `session`; `database` is one of the 1.x API. */
  readonly type: string
  readonly id?: ID | undefined
  /** For a token its description, for a route its operation id, for a session its provider; unset for the instance. */
  readonly name?: string | undefined
  /** The user concerned if the target is not a user: the new member, or the owner of the token or session. */
  readonly userID?: ID | undefined
  readonly userName?: string | undefined
  /** The organization of the target. Its owners may read the event. */
  readonly orgID?: ID | undefined
  readonly orgName?: string | undefined
}

export interface AuditEvent {
  /** Ascends with time. */
  readonly id: ID
  /** RFC 3339, UTC. */
  readonly time: string
  /** Such as `signin`, `signout`, `session.end`, `user.create`. */
  readonly event: string
  readonly outcome: AuditOutcome
  readonly actor: AuditActor
  readonly target: AuditTarget
  readonly address: string
  readonly userAgent: string
  readonly requestId: string
  /** How many times it happened; above 1 only for refusals and writes of data, which are counted by the minute. */
  readonly count: number
  /** The beginning of what the client sent with a query or delete. */
  readonly statement?: string | undefined
  /** Milliseconds from the arrival of a query or delete to the end of the answer. */
  readonly durationMs?: number | undefined
  /** The HTTP status of the answer to a query or delete. */
  readonly status?: number | undefined
}

export interface AuditFilter {
  /** The user who acted or whom the event concerns. */
  readonly userID?: ID | undefined
  readonly event?: string | undefined
  readonly outcome?: string | undefined
  /** RFC 3339: from this time on. */
  readonly start?: string | undefined
  /** RFC 3339: before this time. */
  readonly stop?: string | undefined
  /** Only events of these organizations; undefined for all. */
  readonly orgIDs?: readonly ID[] | undefined
}

export interface AuditPage {
  readonly limit: number
  readonly offset: number
  /** Continue after this event, in list order. */
  readonly after?: ID | undefined
  /** The newest first unless false. */
  readonly descending: boolean
}

export interface AuditStore {
  /** Adds events. If an event with that id exists, only its count is replaced. */
  append(events: readonly AuditEvent[]): Promise<void>
  list(filter: AuditFilter, page: AuditPage): Promise<AuditEvent[]>
  /** The number of matching events by outcome; outcomes without events are absent. */
  count(filter: AuditFilter): Promise<ReadonlyMap<AuditOutcome, number>>
  /** When each of these users last caused such an event with success, as RFC 3339; users without one are absent. */
  lastTimes(event: string, userIDs: readonly ID[]): Promise<ReadonlyMap<ID, string>>
  /**
   * The users or addresses with most refused and throttled sign-ins from `start` (RFC 3339) on, most first. Sign-ins
   * with an unknown name have no user.
   */
  mostRefused(
    by: 'user' | 'address',
    start: string,
    limit: number,
  ): Promise<readonly { readonly of: string; readonly count: number }[]>
  /** Removes at most `limit` events older than `time` and returns the number removed. */
  removeBefore(time: string, limit: number): Promise<number>
}
