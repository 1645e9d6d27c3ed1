import type { Kysely } from 'kysely'
import type { PasswordStore } from '../../domain/passwords/password-store.ts'
import type { Tables } from './tables.ts'

export function createPasswordStore(db: Kysely<Tables>): PasswordStore {
  return {
    async get(userID) {
      const row = await db
        .selectFrom('passwords')
        .select('hash')
        .where('user_id', '=', userID)
        .executeTakeFirst()
      return row?.hash
    },
    async set(userID, hash) {
      await db
        .insertInto('passwords')
        .values({ user_id: userID, hash })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ hash }))
        .execute()
    },
    async remove(userID) {
      await db.deleteFrom('passwords').where('user_id', '=', userID).execute()
    },
  }
}
