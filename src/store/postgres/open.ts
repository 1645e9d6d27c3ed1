import { readFileSync } from 'node:fs'
import { Kysely, sql } from 'kysely'
import type { IdentityStore } from '../../domain/records/identity-store.ts'
import { createSqlIdentityStore, type SqlEngine } from '../sql/identity-store.ts'
import { migrate, NewerSchemaError } from '../sql/migrate.ts'
import { fillNameKeys } from '../sql/name-keys.ts'
import type { Tables } from '../sql/tables.ts'
import { createPostgresDialect } from './dialect.ts'
import { createPool } from './pool.ts'
import { StoreUnreachableError } from './unreachable.ts'
import { parsePostgresUrl, placeOf } from './url.ts'

export interface PostgresOptions {
  /** `postgres://user@host:port/database`; see `parsePostgresUrl`. */
  readonly url: string
  /** A file with the password, read at each new connection; without it the URL's password is used. */
  readonly passwordFile?: string | undefined
  /** A certificate (PEM) to trust. */
  readonly caFile?: string | undefined
  /** How many connections at most. */
  readonly poolSize: number
  /** How long a statement and the wait for a connection may each take, in milliseconds. */
  readonly timeoutMs: number
}

/** A migration of millions of rows, and waiting for one on another node, may take this long. */
const MIGRATION_TIMEOUT_MS = 600_000

/**
 * Opens the store in a database, whose schema it brings up to date; of nodes that start together one does, and
 * the others wait. Throws `StoreUnreachableError`, `PostgresUrlError`, or `NewerSchemaError` for data that a
 * newer Sluice does not let this one use.
 */
export async function openPostgresStore(options: PostgresOptions): Promise<IdentityStore> {
  const forMigration = await openPostgresDatabase({
    ...options,
    poolSize: 1,
    timeoutMs: MIGRATION_TIMEOUT_MS,
  })
  await forMigration.destroy()
  return createSqlIdentityStore(connect(options), POSTGRES)
}

/** The database itself, with its schema up to date. */
export async function openPostgresDatabase(options: PostgresOptions): Promise<Kysely<Tables>> {
  const db = connect(options)
  try {
    const { rows } = await sql<{ schema: string | null; encoding: string }>`
      select current_schema() as schema, current_setting('server_encoding') as encoding`.execute(db)
    const { schema, encoding } = rows[0] ?? {}
    if (encoding !== 'UTF8') throw new Error(`its encoding is ${encoding}, and must be UTF8`)
    if (!schema) throw new Error('no schema of its search path exists')
    await migrate(db, schema)
    await fillNameKeys(db)
    return db
  } catch (error) {
    await db.destroy()
    if (error instanceof NewerSchemaError) throw error
    throw new StoreUnreachableError(placeOfUrl(options), error)
  }
}

/** Where the database is, for people, without user and password. */
export function placeOfUrl({ url, caFile }: Pick<PostgresOptions, 'url' | 'caFile'>): string {
  return placeOf(parsePostgresUrl(url, caFile))
}

function connect({ url, passwordFile, caFile, poolSize, timeoutMs }: PostgresOptions): Kysely<Tables> {
  const target = parsePostgresUrl(url, caFile)
  const password = () => (passwordFile ? readFileSync(passwordFile, 'utf8').trimEnd() : target.password)
  return new Kysely<Tables>({
    dialect: createPostgresDialect(createPool({ target, password, size: poolSize, timeoutMs })),
  })
}

/**
 * An entry of an index has at most 2704 bytes (a third of a page of 8 kB), of which a bucket's name leaves room for the
 * id of its organization.
 */
const LONGEST_INDEXED_NAME = 2600

const POSTGRES: SqlEngine = {
  longestName: LONGEST_INDEXED_NAME,
  async time(db) {
    const { rows } = await sql<{ ms: number }>`
      select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as ms`.execute(db)
    return Number(rows[0]?.ms)
  },
  async nodeNumber(db) {
    const { rows } = await sql<{ number: number }>`select nextval('node_numbers') as number`.execute(db)
    return Number(rows[0]?.number)
  },
}
