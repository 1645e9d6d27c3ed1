import type { Kysely } from 'kysely'
import type { KnownAddressStore } from '../../domain/records/known-address.ts'
import type { Tables } from './tables.ts'

export function createKnownAddressStore(db: Kysely<Tables>): KnownAddressStore {
  return {
    async isKnown(userID, address, since) {
      const row = await db
        .selectFrom('known_addresses')
        .select('last_at')
        .where('user_id', '=', userID)
        .where('address', '=', address)
        .where('last_at', '>=', since)
        .executeTakeFirst()
      return row !== undefined
    },
    async note(userID, address, at) {
      await db
        .insertInto('known_addresses')
        .values({ user_id: userID, address, last_at: at })
        .onConflict((conflict) => conflict.columns(['user_id', 'address']).doUpdateSet({ last_at: at }))
        .execute()
    },
    async removeOfUser(userID) {
      await db.deleteFrom('known_addresses').where('user_id', '=', userID).execute()
    },
    async removeBefore(time) {
      await db.deleteFrom('known_addresses').where('last_at', '<', time).execute()
    },
  }
}
