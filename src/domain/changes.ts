import type { Principals } from './access/principals.ts'
import { withNames } from './audit/audit-names.ts'
import type { AuditTrail } from './audit/audit-trail.ts'
import type { DoneEvent } from './audit/done-event.ts'
import type { ID } from './base/id.ts'
import type { IdentityRecords, IdentityStore } from './records/identity-store.ts'
import type { SessionStore } from './records/session.ts'
import type { Stamps } from './records/stamps.ts'

export interface Change extends IdentityRecords {
  /** Declares that this user's record or rights change, so that no request uses the earlier ones. */
  affects(userID: ID): void
  /** Declares the same for all users. */
  affectsEverybody(): void
  /**
   * Adds an event to the audit log, written at the end of this transaction. The target needs only its id: a missing name
   * is looked up then.
   */
  records(event: DoneEvent): void
  /**
   * Ends all sessions of a user except one: remembered ones within the change, others right after it. If there are
   * any, an audit event records it, with the actor of the change.
   */
  endsSessionsOf(userID: ID, by: ActorAndOrigin, except?: string): Promise<void>
}

/** Who makes a change, and from where. */
type ActorAndOrigin = Pick<DoneEvent, 'caller' | 'origin' | 'actor'>

/**
 * Runs a change in one transaction, which also writes its audit events. After the commit, and before the caller goes
 * on, every node drops its cached principals of the affected users, and the ended sessions are removed, so that the
 * very next request sees the change.
 */
export type Changes = <T>(work: (change: Change) => Promise<T>) => Promise<T>

export function createChanges(deps: {
  store: Pick<IdentityStore, 'transaction'>
  principals: Pick<Principals, 'forget' | 'forgetAll'>
  sessionStore: Pick<SessionStore, 'ofUser' | 'removeOfUser'>
  audit: Pick<AuditTrail, 'eventOf' | 'written'>
  /** Undefined on a single node, whose own process makes every change. */
  stamps: Pick<Stamps, 'mark' | 'settleEpoch'> | undefined
  /** Called after every committed change, with the users whom it affects. */
  onKept?: ((affected: ReadonlySet<ID> | 'everybody') => void) | undefined
}): Changes {
  return async (work) => {
    const affected = new Set<ID>()
    let affectsEverybody = false
    const done: DoneEvent[] = []
    const ended: { userID: ID; except: string | undefined; before: number }[] = []
    const { result, events, mark } = await deps.store.transaction(async (records) => {
      const result = await work({
        ...records,
        affects: (userID) => affected.add(userID),
        affectsEverybody() {
          affectsEverybody = true
        },
        records: (event) => done.push(event),
        async endsSessionsOf(userID, by, except) {
          const live = await deps.sessionStore.ofUser(userID)
          await records.rememberedSessions.removeOfUser(userID, except)
          // A session that starts after the commit has the new generation, and stays.
          ended.push({ userID, except, before: await records.sessionEnds.endAllOf(userID, except) })
          affected.add(userID)
          if (live.some(({ keyHash }) => keyHash !== except)) {
            done.push({ ...by, event: 'session.end', target: { type: 'user', id: userID } })
          }
        },
      })
      const events = await withNames(done.map(deps.audit.eventOf), records)
      await records.audit.append(events)
      if (affectsEverybody) await records.epochs.advance()
      // Marked last, so that every committed change is seen everywhere and no uncommitted one is. A change that
      // affects all users needs no marks, since no cached value outlives the epoch.
      const mark =
        affected.size > 0 && !affectsEverybody
          ? await deps.stamps?.mark([...affected], (await records.epochs.read()).number)
          : undefined
      return { result, events, mark }
    })
    for (const userID of affected) deps.principals.forget(userID)
    await mark?.settle()
    if (affectsEverybody) {
      deps.principals.forgetAll()
      await deps.stamps?.settleEpoch()
    }
    deps.onKept?.(affectsEverybody ? 'everybody' : affected)
    for (const { userID, ...which } of ended) await deps.sessionStore.removeOfUser(userID, which)
    deps.audit.written(events)
    return result
  }
}
