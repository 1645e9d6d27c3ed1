import type { Kysely } from 'kysely'
import type { SessionEndStore } from '../../domain/records/session-ends.ts'
import type { Tables } from './tables.ts'

export function createSessionEndStore(db: Kysely<Tables>): SessionEndStore {
  return {
    async ofUser(userID) {
      const row = await db
        .selectFrom('users')
        .innerJoin('cluster', (join) => join.onTrue())
        .select(['users.session_generation as user', 'users.kept_session as kept'])
        .select('cluster.session_generation as instance')
        .where('users.id', '=', userID)
        .executeTakeFirst()
      return (
        row && { instanceGeneration: row.instance, userGeneration: row.user, kept: row.kept ?? undefined }
      )
    },
    async has(keyHash) {
      const row = await db
        .selectFrom('ended_sessions')
        .select('key_hash')
        .where('key_hash', '=', keyHash)
        .executeTakeFirst()
      return row !== undefined
    },
    async end(keyHash, until) {
      await db
        .insertInto('ended_sessions')
        .values({ key_hash: keyHash, until })
        .onConflict((conflict) => conflict.column('key_hash').doNothing())
        .execute()
    },
    async endAllOf(userID, except) {
      const row = await db
        .updateTable('users')
        .set((each) => ({
          session_generation: each('session_generation', '+', 1),
          kept_session: except ?? null,
        }))
        .where('id', '=', userID)
        .returning('session_generation')
        .executeTakeFirst()
      return row?.session_generation ?? Number.MAX_SAFE_INTEGER
    },
    async endAllOfInstance() {
      const row = await db
        .updateTable('cluster')
        .set((each) => ({ session_generation: each('session_generation', '+', 1) }))
        .returning('session_generation')
        .executeTakeFirstOrThrow()
      return row.session_generation
    },
    async removeBefore(time, limit) {
      const result = await db
        .deleteFrom('ended_sessions')
        .where('key_hash', 'in', (each) =>
          each.selectFrom('ended_sessions').select('key_hash').where('until', '<', time).limit(limit),
        )
        .executeTakeFirst()
      return Number(result.numDeletedRows)
    },
  }
}
