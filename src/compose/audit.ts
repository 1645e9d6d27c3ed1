/** The audit log: events of changes, and counted refusals, throttling and expiry. */
import { appendNamed } from '../domain/audit/audit-names.ts'
import { type AuditSink, createAuditTrail } from '../domain/audit/audit-trail.ts'
import { createAuditBatches } from '../domain/audit/refusal-batches.ts'
import type { Clock } from '../domain/base/clock.ts'
import type { IDGenerator } from '../domain/base/id.ts'
import type { Log } from '../domain/base/log.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { Session } from '../domain/records/session.ts'
import { expiryOf } from '../domain/sessions/session-expiry.ts'
import { createWritesBesideChanges } from '../domain/writes-beside-changes.ts'

export type AuditParts = ReturnType<typeof composeAudit>

export function composeAudit(parts: {
  store: IdentityStore
  ids: IDGenerator
  now: Clock
  log: Log
  sink: AuditSink | undefined
}) {
  const { store, ...common } = parts
  const append = appendNamed({ records: store, append: createWritesBesideChanges(store).appendEvents })
  const batches = createAuditBatches({ append, ...common })
  const expiredUnpersisted = new Set<string>()
  return {
    batches,
    trail: createAuditTrail({ batches, ...common }),
    /** Hashes of remembered sessions that have expired by this clock while their rows are still there. */
    expiredUnpersisted,
    /** To be called by the session store for every session that expires. */
    onExpired(session: Session): void {
      if (session.remembered) expiredUnpersisted.add(session.keyHash)
      batches.add(expiryOf(session))
    },
  }
}
