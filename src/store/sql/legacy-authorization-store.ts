import type { Kysely, Selectable } from 'kysely'
import type {
  LegacyAuthorization,
  LegacyAuthorizationStore,
} from '../../domain/records/legacy-authorization.ts'
import { added, inPortions, tokensSize, whereGiven } from './query.ts'
import type { Tables } from './tables.ts'

export function createLegacyAuthorizationStore(db: Kysely<Tables>): LegacyAuthorizationStore {
  const authorizations = () => db.selectFrom('legacy_authorizations').selectAll()
  return {
    async add(authorization) {
      const result = await db
        .insertInto('legacy_authorizations')
        .values({
          id: authorization.id,
          name: authorization.name,
          status: authorization.status,
          description: authorization.description,
          org_id: authorization.orgID,
          user_id: authorization.userID,
          permissions: JSON.stringify(authorization.permissions),
          password_hash: null,
          created_at: authorization.createdAt,
          updated_at: authorization.updatedAt,
        })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .executeTakeFirstOrThrow()
      return added(result)
    },

    async update({ id, status, description, updatedAt }) {
      await db
        .updateTable('legacy_authorizations')
        .set({ status, description, updated_at: updatedAt })
        .where('id', '=', id)
        .execute()
    },

    async remove(id) {
      const result = await db.deleteFrom('legacy_authorizations').where('id', '=', id).executeTakeFirst()
      return result.numDeletedRows > 0n
    },

    async removeOfUser(userID) {
      await db.deleteFrom('legacy_authorizations').where('user_id', '=', userID).execute()
    },

    async removeOfOrganization(orgID) {
      await db.deleteFrom('legacy_authorizations').where('org_id', '=', orgID).execute()
    },

    async byID(id) {
      return read(await authorizations().where('id', '=', id).executeTakeFirst())
    },

    async byIDs(ids) {
      const rows = await inPortions(ids, (portion) => authorizations().where('id', 'in', portion).execute())
      return rows.map((row) => read(row))
    },

    async byName(name) {
      return read(await authorizations().where('name', '=', name).executeTakeFirst())
    },

    async list({ userID, orgID }) {
      const ofUser = whereGiven(authorizations(), 'user_id', '=', userID)
      const rows = await whereGiven(ofUser, 'org_id', '=', orgID).orderBy('id').execute()
      return rows.map((row) => read(row))
    },

    sizeOfUser: (userID) => tokensSize(db, 'legacy_authorizations', userID),

    async passwordHashOf(id) {
      const row = await db
        .selectFrom('legacy_authorizations')
        .select('password_hash')
        .where('id', '=', id)
        .executeTakeFirst()
      return row?.password_hash ?? undefined
    },

    async setPasswordHash(id, hash) {
      await db
        .updateTable('legacy_authorizations')
        .set({ password_hash: hash })
        .where('id', '=', id)
        .execute()
    },
  }
}

type Row = Selectable<Tables['legacy_authorizations']>

function read(row: Row): LegacyAuthorization
function read(row: Row | undefined): LegacyAuthorization | undefined
function read(row: Row | undefined): LegacyAuthorization | undefined {
  if (!row) return undefined
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    description: row.description,
    orgID: row.org_id,
    userID: row.user_id,
    permissions: JSON.parse(row.permissions),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
