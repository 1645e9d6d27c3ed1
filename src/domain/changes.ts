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
  /** Declares the same of everybody. */
  affectsEverybody(): void
  /**
   * Adds an event to the audit log, written at the end of this transaction. The target needs only its id: a missing name
   * is looked up then.
   */
  records(event: DoneEvent): void
  /**
   * Ends all sessions of a user but that one: the remembered with the change, the others right after it. Where
   * there are any, that is recorded too, as done by the caller of the change.
   */
  endsSessionsOf(userID: ID, by: ActorAndOrigin, except?: string): Promise<void>
}

/** Who makes a change, and from where. */
type ActorAndOrigin = Pick<DoneEvent, 'caller' | 'origin' | 'actor'>

/**
 * Runs a change in one transaction, in which its audit events are written too. When it is kept, and before the
 * caller goes on, the principals of all users whom it affects are forgotten, on every node, and the sessions that
 * it ends are gone, so that it shows in the very next request.
 */
export type Changes = <T>(work: (change: Change) => Promise<T>) => Promise<T>

export function createChanges(deps: {
  store: Pick<IdentityStore, 'transaction'>
  principals: Pick<Principals, 'forget' | 'forgetAll'>
  sessionStore: Pick<SessionStore, 'ofUser' | 'removeOfUser'>
  audit: Pick<AuditTrail, 'eventOf' | 'written'>
  /** Undefined where this process alone changes what it keeps. */
  stamps: Pick<Stamps, 'mark' | 'settleEpoch'> | undefined
  /** Called after every change that was kept, with the users whom it affects. */
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
          // A sign-in after the commit stays: its session is of the new generation.
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
      // The last thing: what is kept from here on shows everywhere, and what is not shows nowhere. What affects
      // everybody needs no marks, since nothing that is kept outlives the epoch.
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
