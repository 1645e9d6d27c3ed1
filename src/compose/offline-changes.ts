/** How commands change the data without a server, whether or not servers run on it. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Settings } from '../config/settings.ts'
import { appendNamed } from '../domain/audit/audit-names.ts'
import { createAuditTrail } from '../domain/audit/audit-trail.ts'
import { createAuditBatches } from '../domain/audit/refusal-batches.ts'
import { createIDGenerator } from '../domain/base/id.ts'
import { createChanges } from '../domain/changes.ts'
import { QUARANTINE_MS } from '../domain/cluster/fence.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { SessionStore } from '../domain/records/session.ts'
import { createWritesBesideChanges } from '../domain/writes-beside-changes.ts'

export const QUIET = { info() {}, warn() {}, error() {} }

/**
 * Composes `changes` and an id generator for a command that writes to the database without a running server. Each
 * change must declare that it affects all users, because running nodes of a cluster only learn that the epoch
 * advanced. New ids are greater than all ids in the database.
 */
export async function composeOfflineChanges(
  settings: Pick<Settings, 'store'>,
  store: IdentityStore,
  sessionStore: Pick<SessionStore, 'ofUser' | 'removeOfUser'>,
) {
  // The store's own time, as that of a running node is.
  const ahead = (await store.time()) - Date.now()
  const now = () => Date.now() + ahead
  const ids = createIDGenerator({ now, node: await store.nodeNumber(), after: await store.newestID() })
  const common = { ids, now, log: QUIET, sink: undefined }
  const append = appendNamed({ records: store, append: createWritesBesideChanges(store).appendEvents })
  const batches = createAuditBatches({ append, ...common })
  const changes = createChanges({
    store,
    sessionStore,
    audit: createAuditTrail({ batches, ...common }),
    // This process keeps nothing. Running nodes read the epoch, whether Redis can be reached from here or not.
    principals: { forget() {}, forgetAll() {} },
    stamps: settings.store === 'postgres' ? EPOCH_ALONE : undefined,
  })
  return { changes, ids, now }
}

/** Every change of a command advances the epoch; after that every node has stopped using what it kept. */
const EPOCH_ALONE = {
  mark(): never {
    throw new Error('a change of a command affects everybody')
  },
  settleEpoch: () => sleep(QUARANTINE_MS),
}
