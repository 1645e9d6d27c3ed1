import type { Kysely, Selectable } from 'kysely'
import type { RememberedSessionStore, Session } from '../../domain/records/session.ts'
import { readDetails, writeDetails } from '../shared/session-details.ts'
import { whereGiven } from './query.ts'
import type { Tables } from './tables.ts'

export function createRememberedSessionStore(db: Kysely<Tables>): RememberedSessionStore {
  const remembered = () =>
    db
      .selectFrom('remembered_sessions')
      .leftJoin('users', 'users.id', 'remembered_sessions.user_id')
      .innerJoin('cluster', (join) => join.onTrue())
      .selectAll('remembered_sessions')
      .select(['users.session_generation as user', 'cluster.session_generation as instance'])
  return {
    async add(session) {
      await db
        .insertInto('remembered_sessions')
        .values({
          key_hash: session.keyHash,
          user_id: session.userID,
          org_id: session.orgID ?? null,
          created_at: session.createdAt,
          last_used_at: session.lastUsedAt,
          expires_at: session.expiresAt,
          address: session.address,
          user_agent: session.userAgent,
          details: writeDetails(session),
        })
        .execute()
    },
    async remove(keyHash) {
      await db.deleteFrom('remembered_sessions').where('key_hash', '=', keyHash).execute()
    },
    async removeOfUser(userID, except) {
      const ofUser = db.deleteFrom('remembered_sessions').where('user_id', '=', userID)
      await whereGiven(ofUser, 'key_hash', '!=', except).execute()
    },
    async removeAll() {
      await db.deleteFrom('remembered_sessions').execute()
    },
    async shorten(lengthMs, now) {
      await db
        .updateTable('remembered_sessions')
        .set((row) => ({ expires_at: row('created_at', '+', lengthMs) }))
        .where((row) => row('expires_at', '>', row('created_at', '+', lengthMs)))
        .execute()
      await db
        .updateTable('remembered_sessions')
        .set({ expires_at: now + lengthMs })
        .where('expires_at', '>', now + lengthMs)
        .execute()
    },
    async removeExpired(now) {
      await db.deleteFrom('remembered_sessions').where('expires_at', '<=', now).execute()
    },
    async all() {
      const rows = await remembered().orderBy('remembered_sessions.created_at').execute()
      return rows.map(read)
    },
    async byHash(keyHash) {
      const row = await remembered().where('key_hash', '=', keyHash).executeTakeFirst()
      return row && read(row)
    },
  }
}

type Row = Selectable<Tables['remembered_sessions']> & { instance: number; user: number | null }

function read(row: Row): Session {
  return {
    keyHash: row.key_hash,
    userID: row.user_id,
    orgID: row.org_id ?? undefined,
    createdAt: Number(row.created_at),
    lastUsedAt: Number(row.last_used_at),
    expiresAt: Number(row.expires_at),
    cookieSentAt: Number(row.created_at),
    address: row.address,
    userAgent: row.user_agent,
    remembered: true,
    instanceGeneration: row.instance,
    userGeneration: row.user ?? 0,
    ...readDetails(row.details, Number(row.created_at)),
  }
}
