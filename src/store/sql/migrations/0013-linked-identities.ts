import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Identities of users at providers, and what providers give. Older nodes go on without, and so give less. */
export const linkedIdentities: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('linked_identities')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('issuer', 'text', (column) => column.notNull())
      .addColumn('subject', 'text', (column) => column.notNull())
      .addColumn('provider', 'text', (column) => column.notNull())
      .addColumn('name_there', 'text', (column) => column.notNull())
      .addColumn('linked_at', 'bigint', (column) => column.notNull())
      .addColumn('linked_by', 'text')
      .addColumn('last_sign_in_at', 'bigint')
      .addColumn('data', 'text')
      .addUniqueConstraint('linked_identities_by_subject', ['issuer', 'subject'])
      .addUniqueConstraint('linked_identities_of_user', ['user_id', 'issuer'])
      .execute()
    await db.schema
      .createTable('provided_memberships')
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('resource_type', 'text', (column) => column.notNull())
      .addColumn('resource_id', 'text', (column) => column.notNull())
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('issuer', 'text', (column) => column.notNull())
      .addColumn('provider', 'text', (column) => column.notNull())
      .addColumn('group_name', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('provided_memberships_of_user', ['user_id', 'resource_id', 'issuer'])
      .execute()
    await db.schema
      .createIndex('provided_memberships_by_resource')
      .on('provided_memberships')
      .columns(['resource_id', 'user_id'])
      .execute()
    await db.schema
      .createTable('switched_off_tokens')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .execute()
    await db.schema
      .createIndex('switched_off_tokens_by_user')
      .on('switched_off_tokens')
      .columns(['user_id', 'id'])
      .execute()
  },
}
