import type { Kysely } from 'kysely'
import type { ClockMarkStore } from '../../domain/base/clock-mark.ts'
import type { Tables } from './tables.ts'

/** The table has one row. */
const ID = 1

export function createClockMarkStore(db: Kysely<Tables>): ClockMarkStore {
  return {
    async get() {
      const row = await db.selectFrom('clock_mark').select('at').where('id', '=', ID).executeTakeFirst()
      return row && Number(row.at)
    },
    async set(at) {
      await db
        .insertInto('clock_mark')
        .values({ id: ID, at })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ at }))
        .execute()
    },
  }
}
