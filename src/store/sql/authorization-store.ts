import type { Kysely, Selectable } from 'kysely'
import type { Authorization, AuthorizationStore } from '../../domain/records/authorization.ts'
import { added, countByOrganization, inPortions, tokensSize, whereGiven } from './query.ts'
import type { Tables } from './tables.ts'

/** Rows and hashes in one statement; a row has 14 parameters. */
const [ROWS, HASHES] = [100, 500]

export function createAuthorizationStore(db: Kysely<Tables>): AuthorizationStore {
  return { ...writesTo(db), ...readsFrom(db), ...countsIn(db) }
}

type Writes =
  | 'add'
  | 'addAll'
  | 'update'
  | 'markExpired'
  | 'noteUse'
  | 'remove'
  | 'removeOfUser'
  | 'removeOfOrganization'
type Counts = 'sizeOfUser' | 'noteworthy' | 'countByOrganization'

function writesTo(db: Kysely<Tables>): Pick<AuthorizationStore, Writes> {
  return {
    async add(authorization) {
      const result = await db
        .insertInto('authorizations')
        .values(newRow(authorization))
        .onConflict((conflict) => conflict.column('hashed_token').doNothing())
        .executeTakeFirstOrThrow()
      return added(result)
    },

    async addAll(all) {
      for (let start = 0; start < all.length; start += ROWS) {
        await db
          .insertInto('authorizations')
          .values(all.slice(start, start + ROWS).map(newRow))
          .execute()
      }
    },
    async update({ id, status, description, updatedAt, expiresAt, hashedToken, previous }) {
      await db
        .updateTable('authorizations')
        .set({
          status,
          description,
          updated_at: updatedAt,
          expires_at: expiresAt ?? null,
          hashed_token: hashedToken,
          previous_hashed_token: previous?.hashedToken ?? null,
          previous_until: previous?.until ?? null,
        })
        .where('id', '=', id)
        .execute()
    },
    async markExpired(at, id) {
      const expired = db
        .updateTable('authorizations')
        .set({ expired: 1 })
        .where('expires_at', '<=', at)
        // A year of more than four digits is written with a sign, and so is in no order with others.
        .where('expires_at', 'not like', '+%')
        .where('expired', '=', 0)
      await whereGiven(expired, 'id', '=', id).execute()
      const replaced = db
        .updateTable('authorizations')
        .set({ previous_hashed_token: null, previous_until: null })
        .where('previous_until', '<=', at)
      await whereGiven(replaced, 'id', '=', id).execute()
    },
    async noteUse(uses) {
      for (const { id, at } of uses) {
        await db.updateTable('authorizations').set({ last_used_at: at }).where('id', '=', id).execute()
      }
    },
    async remove(id) {
      const result = await db.deleteFrom('authorizations').where('id', '=', id).executeTakeFirst()
      return result.numDeletedRows > 0n
    },
    async removeOfUser(userID) {
      await db.deleteFrom('authorizations').where('user_id', '=', userID).execute()
    },
    async removeOfOrganization(orgID) {
      await db.deleteFrom('authorizations').where('org_id', '=', orgID).execute()
    },
  }
}

function readsFrom(db: Kysely<Tables>): Omit<AuthorizationStore, Writes | Counts> {
  const authorizations = () => db.selectFrom('authorizations').selectAll()
  return {
    async byIDs(ids) {
      const rows = await inPortions(ids, (portion) => authorizations().where('id', 'in', portion).execute())
      return rows.map((row) => read(row))
    },
    async byID(id) {
      return read(await authorizations().where('id', '=', id).executeTakeFirst())
    },
    async byHash(...hashes) {
      const row =
        (await authorizations().where('hashed_token', 'in', hashes).executeTakeFirst()) ??
        (await authorizations().where('previous_hashed_token', 'in', hashes).executeTakeFirst())
      return read(row)
    },
    async takenAmong(hashes) {
      const taken = new Set<string>()
      for (const column of ['hashed_token', 'previous_hashed_token'] as const) {
        for (let start = 0; start < hashes.length; start += HASHES) {
          const rows = await db
            .selectFrom('authorizations')
            .select(`${column} as hash`)
            .where(column, 'in', hashes.slice(start, start + HASHES))
            .execute()
          for (const { hash } of rows) if (hash !== null) taken.add(hash)
        }
      }
      return taken
    },

    async list({ userID, orgID }) {
      const ofUser = whereGiven(authorizations(), 'user_id', '=', userID)
      const rows = await whereGiven(ofUser, 'org_id', '=', orgID).orderBy('id').execute()
      return rows.map((row) => read(row))
    },
    async grants({ userID, orgID }) {
      const granting = db
        .selectFrom('authorizations')
        .select(['user_id', 'org_id', 'permissions', 'expires_at'])
        .distinct()
        .where('status', '=', 'active')
        .where('expired', '=', 0)
      const ofUser = whereGiven(granting, 'user_id', '=', userID)
      const rows = await whereGiven(ofUser, 'org_id', '=', orgID).execute()
      return rows.map(({ user_id, org_id, permissions, expires_at }) => ({
        ...{ userID: user_id, orgID: org_id, status: 'active', permissions: JSON.parse(permissions) },
        expiresAt: expires_at ?? undefined,
      }))
    },
    async usersOfOrganization(orgID) {
      const rows = await db
        .selectFrom('authorizations')
        .select('user_id')
        .distinct()
        .where('org_id', '=', orgID)
        .execute()
      return rows.map((row) => row.user_id)
    },
  }
}

function countsIn(db: Kysely<Tables>): Pick<AuthorizationStore, Counts> {
  return {
    sizeOfUser: (userID) => tokensSize(db, 'authorizations', userID),
    countByOrganization: (orgIDs) => countByOrganization(db, 'authorizations', orgIDs),
    async noteworthy(now, soon) {
      const active = () =>
        db
          .selectFrom('authorizations')
          .select((each) => each.fn.countAll<number | string>().as('count'))
          .where('status', '=', 'active')
          .where('expired', '=', 0)
      const expiring = await active()
        .where('expires_at', '>', now)
        .where('expires_at', '<=', soon)
        .executeTakeFirstOrThrow()
      const neverUsed = await active()
        .where('last_used_at', 'is', null)
        .where((each) =>
          each.or([
            each('expires_at', 'is', null),
            each('expires_at', '>', now),
            // For the same reason as in `markExpired`.
            each('expires_at', 'like', '+%'),
          ]),
        )
        .executeTakeFirstOrThrow()
      return { expiring: Number(expiring.count), neverUsed: Number(neverUsed.count) }
    },
  }
}

type Row = Selectable<Tables['authorizations']>

function newRow(authorization: Authorization): Row {
  return {
    id: authorization.id,
    hashed_token: authorization.hashedToken,
    status: authorization.status,
    description: authorization.description,
    org_id: authorization.orgID,
    user_id: authorization.userID,
    permissions: JSON.stringify(authorization.permissions),
    created_at: authorization.createdAt,
    updated_at: authorization.updatedAt,
    expires_at: authorization.expiresAt ?? null,
    last_used_at: null,
    previous_hashed_token: null,
    previous_until: null,
    expired: 0,
  }
}

function read(row: Row): Authorization
function read(row: Row | undefined): Authorization | undefined
function read(row: Row | undefined): Authorization | undefined {
  if (!row) return undefined
  return {
    id: row.id,
    hashedToken: row.hashed_token,
    status: row.status,
    description: row.description,
    orgID: row.org_id,
    userID: row.user_id,
    permissions: JSON.parse(row.permissions),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at ?? undefined,
    ...(row.expired === 1 ? { expired: true } : {}),
    lastUsedAt: row.last_used_at ?? undefined,
    previous:
      row.previous_hashed_token && row.previous_until
        ? { hashedToken: row.previous_hashed_token, until: row.previous_until }
        : undefined,
  }
}
