import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * The key under which the names of users are unique, however they are composed. It may be null: nodes of the version
 * before insert users without it, and of names that were alike already only one can have it. `fillNameKeys` fills it.
 */
export const nameKeys: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('users').addColumn('name_key', 'text').execute()
    await db.schema.createIndex('users_by_name_key').unique().on('users').column('name_key').execute()
  },
}
