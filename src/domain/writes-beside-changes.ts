import type { AuditEvent } from './records/audit-event.ts'
import type { AuthorizationStore } from './records/authorization.ts'
import type { IdentityStore } from './records/identity-store.ts'

/**
 * The only two writes that begin a transaction without `changes()`. Neither changes a record or right of a user, so
 * other nodes need not learn of it. Every other write belongs into `changes()`; the linter refuses it elsewhere.
 */
export interface WritesBesideChanges {
  /** Appends events that belong to no change, such as refusals. */
  appendEvents(events: readonly AuditEvent[]): Promise<void>
  /** Records when tokens were last used. */
  noteTokenUse(...args: Parameters<AuthorizationStore['noteUse']>): Promise<void>
}

/** Each call is one transaction, and so one wait for the disk, however many records it writes. */
export function createWritesBesideChanges(store: Pick<IdentityStore, 'transaction'>): WritesBesideChanges {
  return {
    appendEvents: (events) => store.transaction(({ audit }) => audit.append(events)),
    noteTokenUse: (uses) => store.transaction(({ authorizations }) => authorizations.noteUse(uses)),
  }
}
