import type { AuditEvent } from './records/audit-event.ts'
import type { AuthorizationStore } from './records/authorization.ts'
import type { IdentityStore } from './records/identity-store.ts'

/**
 * The only two writes that begin a transaction without `changes()`. Neither alters what anybody is or may do, so no
 * node has to hear of it; every other one belongs into `changes()`, and the linter refuses it elsewhere.
 */
export interface WritesBesideChanges {
  /** Events of what was not done, such as refusals, which belong to no change. */
  appendEvents(events: readonly AuditEvent[]): Promise<void>
  /** When tokens were last used. */
  noteTokenUse(...args: Parameters<AuthorizationStore['noteUse']>): Promise<void>
}

/** Each is one transaction, and so one wait for the disk, however many there are. */
export function createWritesBesideChanges(store: Pick<IdentityStore, 'transaction'>): WritesBesideChanges {
  return {
    appendEvents: (events) => store.transaction(({ audit }) => audit.append(events)),
    noteTokenUse: (uses) => store.transaction(({ authorizations }) => authorizations.noteUse(uses)),
  }
}
