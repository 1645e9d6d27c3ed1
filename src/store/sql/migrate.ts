import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { identities } from './migrations/0001-identities.ts'
import { sessionsAndAudit } from './migrations/0002-sessions-and-audit.ts'
import { cluster } from './migrations/0005-cluster.ts'

/** Every migration there is, in the order of their numbers. One that was released is never changed. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-identities': identities,
  '0002-sessions-and-audit': sessionsAndAudit,
  '0005-cluster': cluster,
}

/** Thrown when the data was written by a newer Sluice. */
export class NewerSchemaError extends Error {
  constructor(unknown: string) {
    super(
      `the data was written by a newer Sluice (it has the migration ${unknown}); run that version, or restore a backup of this one`,
    )
    this.name = 'NewerSchemaError'
  }
}

/**
 * Brings the schema up to date, all of it in one transaction or nothing. Refuses a schema that is newer than
 * this program with `NewerSchemaError`, and changes nothing then.
 */
export async function migrate<T>(db: Kysely<T>): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (tables.some(({ name }) => name === 'kysely_migration')) {
    const applied = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
    const unknown = applied.rows.find(({ name }) => !(name in MIGRATIONS))
    if (unknown) throw new NewerSchemaError(unknown.name)
  }
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}
