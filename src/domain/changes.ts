import type { Id } from './id.ts'
import type { IdentityRecords, IdentityStore } from './identity-store.ts'
import type { Log } from './log.ts'
import type { Caller } from './principals/principal.ts'
import type { Principals } from './principals/principals.ts'

/** What was done, to what, by whom: one line in the log. */
export interface Activity {
  /** Such as `user.create`. */
  readonly event: string
  /** The id of what it was done to. */
  readonly target: Id
  readonly caller?: Caller | undefined
}

export interface Change extends IdentityRecords {
  /** Declares that what this user is or may do is changed, so that nobody goes on with what was before. */
  affects(userID: Id): void
  /** Declares what is done, for the log. */
  records(activity: Activity): void
}

/**
 * Runs a change in one transaction. When it is kept, and before the caller goes on, the principals of all
 * users whom it affects are forgotten, so that it shows in the very next request.
 */
export type Changes = <T>(work: (change: Change) => Promise<T>) => Promise<T>

export function createChanges(deps: {
  store: Pick<IdentityStore, 'transaction'>
  principals: Pick<Principals, 'forget'>
  log: Log
}): Changes {
  return async (work) => {
    const affected = new Set<Id>()
    const activities: Activity[] = []
    const result = await deps.store.transaction((records) =>
      work({
        ...records,
        affects: (userID) => affected.add(userID),
        records: (activity) => activities.push(activity),
      }),
    )
    for (const userID of affected) deps.principals.forget(userID)
    for (const activity of activities) logActivity(deps.log, activity)
    return result
  }
}

function logActivity(log: Log, { event, target, caller }: Activity): void {
  log.info(event, {
    target,
    ...(caller
      ? {
          userID: caller.principal.user.id,
          address: caller.origin.address,
          requestID: caller.origin.requestID,
          traceID: caller.origin.traceID,
        }
      : {}),
  })
}
