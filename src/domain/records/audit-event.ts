/** What is written of what happened: who, what, to what, from where, with which outcome. Never a secret. */
import type { Id } from '../base/id.ts'

/** `success` for what was done; the rest for what was not. */
export type AuditOutcome = 'success' | 'refused' | 'throttled' | 'expired'

/** Names are those that users, organizations, buckets and tokens had when the event happened. */
export interface AuditActor {
  readonly userID?: Id | undefined
  readonly userName?: string | undefined
  readonly sessionID?: Id | undefined
  readonly authorizationID?: Id | undefined
  /** The description of that token. */
  readonly authorizationDescription?: string | undefined
  /** The organization of that token. Its owners alone, and operators, may read the description. */
  readonly authorizationOrgID?: Id | undefined
}

export interface AuditTarget {
  /** Such as `user`, `organization`, `bucket`, `authorization`, `session`. */
  readonly type: string
  readonly id?: Id | undefined
  /** Of a token its description, of a route its operation id. Sessions and the instance have none. */
  readonly name?: string | undefined
  /** The user whom it concerns, where the target is something else: who joined, whose token or session it is. */
  readonly userID?: Id | undefined
  readonly userName?: string | undefined
  /** The organization in which the target lies, whose owners may read of it. */
  readonly orgID?: Id | undefined
  readonly orgName?: string | undefined
}

export interface AuditEvent {
  /** Ascends with time. */
  readonly id: Id
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
  /** How often it happened: more than one only for what is written in batches. */
  readonly count: number
}

export interface AuditFilter {
  /** Who did it, or whom it concerns. */
  readonly userID?: Id | undefined
  readonly event?: string | undefined
  readonly outcome?: string | undefined
  /** RFC 3339: from this time on. */
  readonly start?: string | undefined
  /** RFC 3339: before this time. */
  readonly stop?: string | undefined
  /** Only what lies in one of these organizations; undefined is no limit. */
  readonly orgIDs?: readonly Id[] | undefined
}

export interface AuditPage {
  readonly limit: number
  readonly offset: number
  /** Go on after this event, in the direction of the list. */
  readonly after?: Id | undefined
  /** The newest first unless false. */
  readonly descending: boolean
}

export interface AuditStore {
  /** Adds events; one whose id is there already is given its new count. */
  append(events: readonly AuditEvent[]): Promise<void>
  list(filter: AuditFilter, page: AuditPage): Promise<AuditEvent[]>
  /** How often it happened, by outcome; those that never did are missing. */
  count(filter: AuditFilter): Promise<ReadonlyMap<AuditOutcome, number>>
  /** Removes at most `limit` events from before that time; how many there were. */
  removeBefore(time: string, limit: number): Promise<number>
}
