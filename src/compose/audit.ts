/** The audit log: events of changes, counted refusals, throttling and expiry, and the use of data if that is wanted. */
import { appendNamed } from '../domain/audit/audit-names.ts'
import { type AuditSink, createAuditTrail } from '../domain/audit/audit-trail.ts'
import { createDataTrail } from '../domain/audit/data-trail.ts'
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
  /** Whether queries, deletes and writes of data are recorded too. */
  recordsData: boolean
}) {
  const { store, recordsData, ...common } = parts
  const append = appendNamed({ records: store, append: createWritesBesideChanges(store).appendEvents })
  const batches = createAuditBatches({ append, ...common })
  const data = recordsData ? createDataTrail({ append, ...common }) : undefined
  const expiredUnpersisted = new Set<string>()
  return {
    batches,
    data,
    /** Writes what waits to be written, so that a reader of the log sees it. */
    async flush(): Promise<void> {
      await batches.flush()
      await data?.flush()
    },
    /** Writes what waits and ends the timers. */
    async stop(): Promise<void> {
      await batches.stop()
      await data?.stop()
    },
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
