/** The store into which `import` writes, and the importer. */
import { existsSync } from 'node:fs'
import type { Settings } from '../config/settings.ts'
import { createImporter, type Importer } from '../domain/import/importer.ts'
import { openStore } from '../store/open.ts'
import { composeOfflineChanges } from './offline-changes.ts'

/** All of an import is one transaction, and a portion of it may wait for a slow disk. */
const TIMEOUT_MS = 600_000

/**
 * Opens the store of the settings, which is made if it is not there; a dry run then works on one in memory. Throws as
 * `openStore` does.
 */
export async function openImporter(
  settings: Settings,
  dryRun: boolean,
): Promise<Importer & { readonly about: string; close(): Promise<void> }> {
  const isNew = settings.store === 'disk' && !existsSync(settings.sqlitePath)
  const choice = { ...settings, storeTimeout: TIMEOUT_MS }
  const { store, about } = await openStore(dryRun && isNew ? { ...choice, store: 'memory' } : choice)
  try {
    const { changes } = await composeOfflineChanges(settings, store, NO_SESSIONS)
    const origin = { address: '', userAgent: 'sluice import', requestID: '' }
    const importer = createImporter({ changes, longestName: store.longestName, origin })
    return { ...importer, about, close: () => store.close() }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** An import ends none. */
const NO_SESSIONS = { ofUser: async () => [], removeOfUser: async () => 0 }
