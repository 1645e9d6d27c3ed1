import type { Kysely, Selectable } from 'kysely'
import { foldCase } from '../../domain/base/fold-case.ts'
import type { UserEmail, UserEmailStore } from '../../domain/records/user-email.ts'
import type { Tables } from './tables.ts'

export function createUserEmailStore(db: Kysely<Tables>): UserEmailStore {
  return {
    async of(userID) {
      const row = await db
        .selectFrom('user_emails')
        .selectAll()
        .where('user_id', '=', userID)
        .executeTakeFirst()
      return row && emailOf(row)
    },
    async withAddress(address, limit) {
      const rows = await db
        .selectFrom('user_emails')
        .selectAll()
        .where('address_key', '=', foldCase(address))
        .orderBy('user_id')
        .limit(limit)
        .execute()
      return rows.map(emailOf)
    },
    async set({ userID, address, verifiedAt, pending }) {
      const columns = {
        address: address ?? null,
        address_key: address === undefined ? null : foldCase(address),
        verified_at: verifiedAt ?? null,
        pending: pending ?? null,
      }
      await db
        .insertInto('user_emails')
        .values({ user_id: userID, ...columns })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet(columns))
        .execute()
    },
    async remove(userID) {
      const result = await db.deleteFrom('user_emails').where('user_id', '=', userID).executeTakeFirst()
      return result.numDeletedRows > 0n
    },
    async reassign(from, to) {
      await db.updateTable('user_emails').set({ user_id: to }).where('user_id', '=', from).execute()
    },
  }
}

function emailOf(row: Selectable<Tables['user_emails']>): UserEmail {
  return {
    userID: row.user_id,
    address: row.address ?? undefined,
    verifiedAt: row.verified_at ?? undefined,
    pending: row.pending ?? undefined,
  }
}
