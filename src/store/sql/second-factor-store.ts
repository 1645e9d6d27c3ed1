import type { Kysely, Selectable } from 'kysely'
import type { ID } from '../../domain/base/id.ts'
import type {
  FactorHolderStore,
  RecoveryCodeStore,
  SecondFactor,
  SecondFactorStore,
} from '../../domain/records/second-factor.ts'
import { added } from './query.ts'
import type { Tables } from './tables.ts'

export function createSecondFactorStore(db: Kysely<Tables>): SecondFactorStore {
  return {
    async add(factor) {
      const result = await db
        .insertInto('second_factors')
        .values(rowOf(factor))
        .onConflict((conflict) => conflict.column('credential_id').doNothing())
        .executeTakeFirstOrThrow()
      return added(result)
    },
    async ofUser(userID) {
      const rows = await db
        .selectFrom('second_factors')
        .selectAll()
        .where('user_id', '=', userID)
        .orderBy('id')
        .execute()
      return rows.map(factorOf)
    },
    async hasAny(userID) {
      const row = await db
        .selectFrom('second_factors')
        .select('id')
        .where('user_id', '=', userID)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },
    async byCredential(credentialID) {
      const row = await db
        .selectFrom('second_factors')
        .selectAll()
        .where('credential_id', '=', credentialID)
        .executeTakeFirst()
      return row && factorOf(row)
    },
    async acceptStep(id, step, at) {
      const result = await db
        .updateTable('second_factors')
        .set({ counter: step, last_used_at: at })
        .where('id', '=', id)
        .where('counter', '<', step)
        .executeTakeFirst()
      return result.numUpdatedRows > 0n
    },
    async notePasskey(id, { counter, mustRise, at }) {
      let update = db.updateTable('second_factors').set({ counter, last_used_at: at }).where('id', '=', id)
      // An authenticator that does not count says 0, as it did before.
      if (mustRise) update = update.where('counter', counter === 0 ? '=' : '<', counter)
      const result = await update.executeTakeFirst()
      return result.numUpdatedRows > 0n
    },
    async rename(userID, id, name) {
      const result = await db
        .updateTable('second_factors')
        .set({ name })
        .where('user_id', '=', userID)
        .where('id', '=', id)
        .executeTakeFirst()
      return result.numUpdatedRows > 0n
    },
    async remove(userID, id) {
      const result = await db
        .deleteFrom('second_factors')
        .where('user_id', '=', userID)
        .where('id', '=', id)
        .executeTakeFirst()
      return result.numDeletedRows > 0n
    },
    async removeOfUser(userID) {
      const result = await db.deleteFrom('second_factors').where('user_id', '=', userID).executeTakeFirst()
      return Number(result.numDeletedRows)
    },
  }
}

export function createRecoveryCodeStore(db: Kysely<Tables>): RecoveryCodeStore {
  const removeOfUser: RecoveryCodeStore['removeOfUser'] = async (userID) => {
    await db.deleteFrom('recovery_codes').where('user_id', '=', userID).execute()
  }
  return {
    removeOfUser,
    async replace(userID, hashes) {
      await removeOfUser(userID)
      const rows = hashes.map((hash) => ({ user_id: userID, hash }))
      if (rows.length > 0) await db.insertInto('recovery_codes').values(rows).execute()
    },
    async use(userID, hash) {
      const result = await db
        .deleteFrom('recovery_codes')
        .where('user_id', '=', userID)
        .where('hash', '=', hash)
        .executeTakeFirst()
      return result.numDeletedRows > 0n
    },
    async left(userID) {
      const row = await db
        .selectFrom('recovery_codes')
        .select((each) => each.fn.countAll<number>().as('count'))
        .where('user_id', '=', userID)
        .executeTakeFirstOrThrow()
      return Number(row.count)
    },
  }
}

export function createFactorHolderStore(db: Kysely<Tables>): FactorHolderStore {
  const find = (userID: ID) =>
    db.selectFrom('second_factor_users').selectAll().where('user_id', '=', userID).executeTakeFirst()
  return {
    graceUsed: async (userID) => (await find(userID))?.grace_used ?? 0,
    async countGrace(userID) {
      const row = await db
        .insertInto('second_factor_users')
        .values({ user_id: userID, grace_used: 1, handle: null })
        .onConflict((conflict) =>
          conflict
            .column('user_id')
            .doUpdateSet((each) => ({ grace_used: each('second_factor_users.grace_used', '+', 1) })),
        )
        .returning('grace_used')
        .executeTakeFirstOrThrow()
      return row.grace_used
    },
    async endGrace(userID) {
      const ended = { grace_used: ENDED_GRACE }
      await db
        .insertInto('second_factor_users')
        .values({ user_id: userID, handle: null, ...ended })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet(ended))
        .execute()
    },
    async handle(userID, made) {
      await db
        .insertInto('second_factor_users')
        .values({ user_id: userID, grace_used: 0, handle: made })
        .onConflict((conflict) =>
          conflict
            .column('user_id')
            .doUpdateSet({ handle: made })
            .where('second_factor_users.handle', 'is', null),
        )
        .execute()
      return (await find(userID))?.handle ?? made
    },
    handleOf: async (userID) => (await find(userID))?.handle ?? undefined,
    async reassign(from, to) {
      for (const table of TABLES_OF_USERS) {
        await db.updateTable(table).set({ user_id: to }).where('user_id', '=', from).execute()
      }
    },
    async removeOfUser(userID) {
      for (const table of TABLES_OF_USERS) await db.deleteFrom(table).where('user_id', '=', userID).execute()
    },
  }
}

/** Far more than the setting allows. */
const ENDED_GRACE = 1_000_000

const TABLES_OF_USERS = [
  'second_factors',
  'recovery_codes',
  'application_passwords',
  'second_factor_users',
] as const

type Row = Selectable<Tables['second_factors']>

function rowOf(factor: SecondFactor): Row {
  return {
    id: factor.id,
    user_id: factor.userID,
    kind: factor.kind,
    name: factor.name,
    secret: factor.secret,
    credential_id: factor.credentialID ?? null,
    counter: factor.counter,
    details: factor.passkey ? JSON.stringify(factor.passkey) : '',
    created_at: factor.createdAt,
    last_used_at: factor.lastUsedAt ?? null,
  }
}

function factorOf(row: Row): SecondFactor {
  return {
    id: row.id,
    userID: row.user_id,
    kind: row.kind,
    name: row.name,
    secret: row.secret,
    credentialID: row.credential_id ?? undefined,
    counter: row.counter,
    passkey: row.details === '' ? undefined : JSON.parse(row.details),
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
  }
}
