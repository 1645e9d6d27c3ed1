import type { Kysely, Selectable } from 'kysely'
import type {
  LinkedIdentity,
  LinkedIdentityStore,
  OutsideKey,
  SwitchedOffTokenStore,
} from '../../domain/records/outside-identity.ts'
import { added, inPortions, whereGiven } from './query.ts'
import type { Tables } from './tables.ts'

export function createLinkedIdentityStore(db: Kysely<Tables>): LinkedIdentityStore {
  const identities = () => db.selectFrom('linked_identities').selectAll()
  const change = ({ issuer, subject }: OutsideKey) =>
    db.updateTable('linked_identities').where('issuer', '=', issuer).where('subject', '=', subject)
  return {
    async add(identity) {
      const result = await db
        .insertInto('linked_identities')
        .values(rowOf(identity))
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow()
      return added(result)
    },
    async find({ issuer, subject }) {
      const row = await identities()
        .where('issuer', '=', issuer)
        .where('subject', '=', subject)
        .executeTakeFirst()
      return row && identityOf(row)
    },
    async ofUser(userID) {
      const rows = await identities().where('user_id', '=', userID).orderBy('id').execute()
      return rows.map(identityOf)
    },
    async hasAny(userID) {
      const row = await db
        .selectFrom('linked_identities')
        .select('id')
        .where('user_id', '=', userID)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },
    async among(userIDs) {
      const rows = await inPortions(userIDs, (portion) =>
        db.selectFrom('linked_identities').select('user_id').where('user_id', 'in', portion).execute(),
      )
      return new Set(rows.map(({ user_id }) => user_id))
    },
    async ofIssuer(issuer, { after, limit }) {
      const ofIssuer = identities().where('issuer', '=', issuer)
      const rows = await whereGiven(ofIssuer, 'subject', '>', after).orderBy('subject').limit(limit).execute()
      return rows.map(identityOf)
    },
    async countOfIssuer(issuer) {
      const row = await db
        .selectFrom('linked_identities')
        .select((each) => each.fn.countAll<number>().as('count'))
        .where('issuer', '=', issuer)
        .executeTakeFirstOrThrow()
      return Number(row.count)
    },
    async issuers() {
      const rows = await db
        .selectFrom('linked_identities')
        .select('issuer')
        .distinct()
        .orderBy('issuer')
        .execute()
      return rows.map(({ issuer }) => issuer)
    },
    async noteSignIn(key, { provider, nameThere, at }) {
      await change(key).set({ provider, name_there: nameThere, last_sign_in_at: at }).execute()
    },
    async setData(key, data) {
      await change(key)
        .set({ data: data ?? null })
        .execute()
    },
    async remove(userID, id) {
      const result = await db
        .deleteFrom('linked_identities')
        .where('id', '=', id)
        .where('user_id', '=', userID)
        .executeTakeFirst()
      return result.numDeletedRows > 0n
    },
    async removeOfUser(userID) {
      await db.deleteFrom('linked_identities').where('user_id', '=', userID).execute()
    },
    async reassign(from, to) {
      for (const table of ['linked_identities', 'provided_memberships', 'switched_off_tokens'] as const) {
        await db.updateTable(table).set({ user_id: to }).where('user_id', '=', from).execute()
      }
    },
  }
}

export function createSwitchedOffTokenStore(db: Kysely<Tables>): SwitchedOffTokenStore {
  return {
    async add({ id, kind, userID, at, reason }) {
      await db
        .insertInto('switched_off_tokens')
        .values({ id, kind, user_id: userID, at, reason })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ at, reason }))
        .execute()
    },
    async ofUser(userID) {
      const rows = await db
        .selectFrom('switched_off_tokens')
        .selectAll()
        .where('user_id', '=', userID)
        .orderBy('at')
        .orderBy('id')
        .execute()
      return rows.map(({ id, kind, user_id, at, reason }) => {
        return { id, kind, userID: user_id, at: Number(at), reason }
      })
    },
    async has(id) {
      const row = await db
        .selectFrom('switched_off_tokens')
        .select('id')
        .where('id', '=', id)
        .executeTakeFirst()
      return row !== undefined
    },
    async removeOfUser(userID) {
      await db.deleteFrom('switched_off_tokens').where('user_id', '=', userID).execute()
    },
  }
}

type Row = Selectable<Tables['linked_identities']>

function rowOf(identity: LinkedIdentity): Row {
  return {
    id: identity.id,
    user_id: identity.userID,
    issuer: identity.issuer,
    subject: identity.subject,
    provider: identity.provider,
    name_there: identity.nameThere,
    linked_at: identity.linkedAt,
    linked_by: identity.linkedBy ?? null,
    last_sign_in_at: identity.lastSignInAt ?? null,
    data: identity.data ?? null,
  }
}

function identityOf(row: Row): LinkedIdentity {
  return {
    id: row.id,
    userID: row.user_id,
    issuer: row.issuer,
    subject: row.subject,
    provider: row.provider,
    nameThere: row.name_there,
    linkedAt: Number(row.linked_at),
    linkedBy: row.linked_by ?? undefined,
    lastSignInAt: row.last_sign_in_at === null ? undefined : Number(row.last_sign_in_at),
    data: row.data ?? undefined,
  }
}
