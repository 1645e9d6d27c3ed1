import type { Kysely } from 'kysely'
import type { PasswordStore } from '../../domain/records/password-store.ts'
import type { Tables } from './tables.ts'

export function createPasswordStore(db: Kysely<Tables>): PasswordStore {
  return {
    async get(userID) {
      const row = await db
        .selectFrom('passwords')
        .select(['hash', 'must_change'])
        .where('user_id', '=', userID)
        .executeTakeFirst()
      return row && { hash: row.hash, mustChange: row.must_change !== 0 }
    },
    async set(userID, { hash, mustChange }) {
      const values = { hash, must_change: mustChange ? 1 : 0 }
      await db
        .insertInto('passwords')
        .values({ user_id: userID, ...values })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet(values))
        .execute()
    },
    async remove(userID) {
      await db.deleteFrom('passwords').where('user_id', '=', userID).execute()
    },
  }
}
