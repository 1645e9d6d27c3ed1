import type { Kysely, Selectable } from 'kysely'
import type { ApplicationPassword, ApplicationPasswordStore } from '../../domain/records/second-factor.ts'
import type { Tables } from './tables.ts'

export function createApplicationPasswordStore(db: Kysely<Tables>): ApplicationPasswordStore {
  return {
    async add(password) {
      await db
        .insertInto('application_passwords')
        .values({
          id: password.id,
          user_id: password.userID,
          name: password.name,
          hash: password.hash,
          access: password.access,
          created_at: password.createdAt,
          expires_at: password.expiresAt ?? null,
          last_used_at: password.lastUsedAt ?? null,
        })
        .execute()
    },
    async ofUser(userID) {
      const rows = await db
        .selectFrom('application_passwords')
        .selectAll()
        .where('user_id', '=', userID)
        .orderBy('id')
        .execute()
      return rows.map(passwordOf)
    },
    async find(userID, hash) {
      const row = await db
        .selectFrom('application_passwords')
        .selectAll()
        .where('user_id', '=', userID)
        .where('hash', '=', hash)
        .executeTakeFirst()
      return row && passwordOf(row)
    },
    async noteUse(id, at) {
      await db.updateTable('application_passwords').set({ last_used_at: at }).where('id', '=', id).execute()
    },
    async remove(userID, id) {
      const result = await db
        .deleteFrom('application_passwords')
        .where('user_id', '=', userID)
        .where('id', '=', id)
        .executeTakeFirst()
      return result.numDeletedRows > 0n
    },
    async removeOfUser(userID) {
      await db.deleteFrom('application_passwords').where('user_id', '=', userID).execute()
    },
  }
}

function passwordOf(row: Selectable<Tables['application_passwords']>): ApplicationPassword {
  return {
    id: row.id,
    userID: row.user_id,
    name: row.name,
    hash: row.hash,
    access: row.access,
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
    lastUsedAt: row.last_used_at ?? undefined,
  }
}
