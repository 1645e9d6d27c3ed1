import type { Kysely } from 'kysely'
import type { ImportedRecordStore } from '../../domain/records/imported-records.ts'
import type { Tables } from './tables.ts'

/** Parameters in one statement. */
const PORTION = 500

export function createImportedRecordStore(db: Kysely<Tables>): ImportedRecordStore {
  return {
    async among(keys) {
      const found = new Set<string>()
      for (let start = 0; start < keys.length; start += PORTION) {
        const rows = await db
          .selectFrom('imported_records')
          .select('key')
          .where('key', 'in', keys.slice(start, start + PORTION))
          .execute()
        for (const { key } of rows) found.add(key)
      }
      return found
    },

    async note(keys) {
      for (let start = 0; start < keys.length; start += PORTION) {
        await db
          .insertInto('imported_records')
          .values(keys.slice(start, start + PORTION).map((key) => ({ key })))
          .onConflict((conflict) => conflict.column('key').doNothing())
          .execute()
      }
    },
  }
}
