import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { SessionKeyStore } from '../../domain/records/session-key.ts'
import type { Tables } from './tables.ts'

/** The table has one row. */
const ID = 1
/** As many as SHA-256 gives (RFC 2104, section 3). */
const KEY_BYTES = 32

export function createSessionKeyStore(db: Kysely<Tables>): SessionKeyStore {
  const find = () => db.selectFrom('session_key').select('key').where('id', '=', ID).executeTakeFirst()
  return {
    async get() {
      const found = await find()
      if (found) return Buffer.from(found.key, 'base64url')
      const key = randomBytes(KEY_BYTES).toString('base64url')
      // Of nodes that start together one makes it.
      await db
        .insertInto('session_key')
        .values({ id: ID, key })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute()
      return Buffer.from((await find())?.key ?? key, 'base64url')
    },
  }
}
