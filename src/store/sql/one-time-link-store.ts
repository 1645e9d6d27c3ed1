import type { Kysely, Selectable } from 'kysely'
import type { OneTimeLink, OneTimeLinkStore } from '../../domain/records/one-time-link.ts'
import type { Tables } from './tables.ts'

export function createOneTimeLinkStore(db: Kysely<Tables>): OneTimeLinkStore {
  return {
    async add(link) {
      await db.insertInto('one_time_links').values(rowOf(link)).execute()
    },
    async byHash(hash) {
      const row = await db
        .selectFrom('one_time_links')
        .selectAll()
        .where('hash', '=', hash)
        .executeTakeFirst()
      return row && linkOf(row)
    },
    async take(id) {
      const result = await db.deleteFrom('one_time_links').where('id', '=', id).executeTakeFirst()
      return result.numDeletedRows > 0n
    },
    async invitationsTo(orgID) {
      const rows = await db
        .selectFrom('one_time_links')
        .selectAll()
        .where('org_id', '=', orgID)
        .orderBy('id')
        .execute()
      return rows.map(linkOf)
    },
    async removeOfUser(userID, purpose) {
      const removal = db.deleteFrom('one_time_links').where('user_id', '=', userID)
      await (purpose === undefined ? removal : removal.where('purpose', '=', purpose)).execute()
    },
    async removeOfOrganization(orgID) {
      await db.deleteFrom('one_time_links').where('org_id', '=', orgID).execute()
    },
    async reassign(from, to) {
      for (const column of ['user_id', 'org_id', 'created_by'] as const) {
        await db
          .updateTable('one_time_links')
          .set({ [column]: to })
          .where(column, '=', from)
          .execute()
      }
    },
    async removeExpired(at) {
      await db.deleteFrom('one_time_links').where('expires_at', '<=', at).execute()
    },
  }
}

type Row = Selectable<Tables['one_time_links']>

function rowOf(link: OneTimeLink): Row {
  return {
    id: link.id,
    hash: link.hash,
    purpose: link.purpose,
    user_id: link.userID ?? null,
    org_id: link.orgID ?? null,
    role: link.role ?? null,
    name: link.name ?? null,
    address: link.address ?? null,
    created_by: link.createdBy ?? null,
    created_at: link.createdAt,
    expires_at: link.expiresAt,
  }
}

function linkOf(row: Row): OneTimeLink {
  return {
    id: row.id,
    hash: row.hash,
    purpose: row.purpose,
    userID: row.user_id ?? undefined,
    orgID: row.org_id ?? undefined,
    role: row.role ?? undefined,
    name: row.name ?? undefined,
    address: row.address ?? undefined,
    createdBy: row.created_by ?? undefined,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}
