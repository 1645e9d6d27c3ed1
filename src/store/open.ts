/** Opens the configured store. */
import type { IdentityStore } from '../domain/records/identity-store.ts'
import { openMemoryStore, openSqliteStore } from './sqlite/open.ts'

export interface StoreChoice {
  readonly store: 'disk' | 'memory' | 'postgres'
  /** Only for `disk`. */
  readonly sqlitePath: string
  /** Only for `postgres`, like the following ones. */
  readonly postgresUrl: string | undefined
  readonly postgresPasswordFile: string | undefined
  readonly postgresCaFile: string | undefined
  readonly postgresPoolSize: number
  /** Milliseconds. */
  readonly storeTimeout: number
}

/** The store, and a sentence for the log about where its data is, without credentials. */
export async function openStore(choice: StoreChoice): Promise<{ store: IdentityStore; about: string }> {
  if (choice.store === 'memory') {
    return { store: await openMemoryStore(), about: 'data is kept in memory only' }
  }
  if (choice.store === 'postgres') {
    const options = postgresOptions(choice)
    // Imported only here, so that a start without PostgreSQL need not load its driver.
    const { openPostgresStore, placeOfUrl } = await import('./postgres/open.ts')
    return {
      store: await openPostgresStore(options),
      about: `data is in PostgreSQL at ${placeOfUrl(options)}`,
    }
  }
  return { store: await openSqliteStore(choice.sqlitePath), about: `data is in ${choice.sqlitePath}` }
}

export function postgresOptions(choice: Omit<StoreChoice, 'store' | 'sqlitePath'>) {
  return {
    url: choice.postgresUrl ?? '',
    passwordFile: choice.postgresPasswordFile,
    caFile: choice.postgresCaFile,
    poolSize: choice.postgresPoolSize,
    timeoutMs: choice.storeTimeout,
  }
}
