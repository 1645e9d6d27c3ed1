import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { identities } from './migrations/0001-identities.ts'
import { sessionsAndAudit } from './migrations/0002-sessions-and-audit.ts'
import { auditSubject } from './migrations/0003-audit-subject.ts'
import { clock } from './migrations/0004-clock.ts'
import { cluster } from './migrations/0005-cluster.ts'
import { nameKeys } from './migrations/0006-name-keys.ts'
import { auditNames } from './migrations/0007-audit-names.ts'
import { sessionKey } from './migrations/0008-session-key.ts'
import { sessionDetails } from './migrations/0009-session-details.ts'
import { imports } from './migrations/0010-imports.ts'
import { auditData } from './migrations/0011-audit-data.ts'
import { secondFactors } from './migrations/0012-second-factors.ts'
import { linkedIdentities } from './migrations/0013-linked-identities.ts'
import { oneTimeLinks } from './migrations/0014-one-time-links.ts'

/** Every migration there is, in the order of their numbers. One that was released is never changed. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-identities': identities,
  '0002-sessions-and-audit': sessionsAndAudit,
  '0003-audit-subject': auditSubject,
  '0004-clock': clock,
  '0005-cluster': cluster,
  '0006-name-keys': nameKeys,
  '0007-audit-names': auditNames,
  '0008-session-key': sessionKey,
  '0009-session-details': sessionDetails,
  '0010-imports': imports,
  '0011-audit-data': auditData,
  '0012-second-factors': secondFactors,
  '0013-linked-identities': linkedIdentities,
  '0014-one-time-links': oneTimeLinks,
}

/**
 * For a migration beside which an older Sluice goes on working: the newest migration that the oldest such Sluice
 * has. A migration that is not named here is one that older ones refuse. From one minor version to the next each
 * is named, so that nodes can be upgraded one by one.
 */
const COMPATIBLE_FROM: Readonly<Record<string, string>> = {
  '0006-name-keys': '0005-cluster',
  '0007-audit-names': '0005-cluster',
  '0008-session-key': '0005-cluster',
  '0009-session-details': '0005-cluster',
  '0010-imports': '0005-cluster',
  '0011-audit-data': '0005-cluster',
  '0012-second-factors': '0005-cluster',
  '0013-linked-identities': '0005-cluster',
  '0014-one-time-links': '0005-cluster',
}

/** Thrown when the data was written by a newer Sluice, which does not say that this one may use it. */
export class NewerSchemaError extends Error {
  constructor(unknown: string) {
    super(
      `the data was written by a newer Sluice (it has the migration ${unknown}), and this one is too old to work beside it; run that version, or restore a backup of this one`,
    )
    this.name = 'NewerSchemaError'
  }
}

export interface KnownMigrations {
  readonly migrations: Readonly<Record<string, Migration>>
  readonly compatibleFrom: Readonly<Record<string, string>>
}

/**
 * Brings the schema up to date, all of it in one transaction or nothing. A schema that is newer than this program
 * is left as it is: used if every migration of it allows that, else refused with `NewerSchemaError`.
 * `schema` is the one that holds the tables, if an engine has several. Only tests name other migrations.
 */
export async function migrate<T>(
  db: Kysely<T>,
  schema?: string,
  { migrations, compatibleFrom }: KnownMigrations = {
    migrations: MIGRATIONS,
    compatibleFrom: COMPATIBLE_FROM,
  },
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const tables = await tablesOf(transaction, schema)
    const unknown = tables.has('kysely_migration') ? await unknownMigrations(transaction, migrations) : []
    if (unknown.length > 0) {
      const oldest = tables.has('schema_compatibility') ? await oldestCompatible(transaction) : new Map()
      return requireCompatible(unknown, oldest, migrations)
    }
    const migrator = new Migrator({
      db: transaction,
      provider: { getMigrations: async () => ({ ...migrations }) },
      ...(schema === undefined ? {} : { migrationTableSchema: schema }),
    })
    const { error } = await migrator.migrateToLatest()
    if (error) throw error
    for (const [name, oldest] of Object.entries(compatibleFrom)) {
      await sql`insert into schema_compatibility values (${name}, ${oldest}) on conflict do nothing`.execute(
        transaction,
      )
    }
  })
}

async function tablesOf<T>(db: Kysely<T>, schema: string | undefined): Promise<Set<string>> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  const own = tables.filter((table) => schema === undefined || table.schema === schema)
  return new Set(own.map(({ name }) => name))
}

async function unknownMigrations<T>(db: Kysely<T>, known: KnownMigrations['migrations']): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  return rows.map(({ name }) => name).filter((name) => !(name in known))
}

/** For each migration that allows an older program: the newest one that the oldest such program knows. */
async function oldestCompatible<T>(db: Kysely<T>): Promise<Map<string, string>> {
  const { rows } = await sql<{ migration: string; min_compatible: string }>`
    select migration, min_compatible from schema_compatibility`.execute(db)
  return new Map(rows.map((row) => [row.migration, row.min_compatible]))
}

function requireCompatible(
  unknown: readonly string[],
  oldest: ReadonlyMap<string, string>,
  known: KnownMigrations['migrations'],
): void {
  const newest = Object.keys(known).sort().at(-1) ?? ''
  const incompatible = unknown.find((name) => (oldest.get(name) ?? name) > newest)
  if (incompatible !== undefined) throw new NewerSchemaError(incompatible)
}
