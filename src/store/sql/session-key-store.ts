import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { SecondFactorKeyStore } from '../../domain/records/second-factor.ts'
import type { SessionKeyStore } from '../../domain/records/session-key.ts'
import type { Tables } from './tables.ts'

/** The table has one row. */
const ID = 1
/** The key is as long as SHA-256's output (RFC 2104, section 3). */
const KEY_BYTES = 32

export const createSessionKeyStore = (db: Kysely<Tables>): SessionKeyStore => keyIn(db, 'session_key')

export const createSecondFactorKeyStore = (db: Kysely<Tables>): SecondFactorKeyStore =>
  keyIn(db, 'second_factor_key')

function keyIn(db: Kysely<Tables>, table: 'session_key' | 'second_factor_key') {
  const find = () => db.selectFrom(table).select('key').where('id', '=', ID).executeTakeFirst()
  return {
    async get() {
      const found = await find()
      if (found) return Buffer.from(found.key, 'base64url')
      const key = randomBytes(KEY_BYTES).toString('base64url')
      // If several nodes start together, only one of them creates the key; the others read it.
      await db
        .insertInto(table)
        .values({ id: ID, key })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute()
      return Buffer.from((await find())?.key ?? key, 'base64url')
    },
  }
}
