import type { Kysely } from 'kysely'
import type {
  RequiredFor,
  SecondFactorPolicyStore,
  SpentChallengeStore,
} from '../../domain/records/second-factor.ts'
import { added, inPortions } from './query.ts'
import type { Tables } from './tables.ts'

export function createSecondFactorPolicyStore(db: Kysely<Tables>): SecondFactorPolicyStore {
  return {
    async ofOrganizations(orgIDs) {
      const rows = await inPortions(orgIDs, (portion) =>
        db.selectFrom('second_factor_policies').selectAll().where('org_id', 'in', portion).execute(),
      )
      return new Map(rows.map((row): [typeof row.org_id, RequiredFor] => [row.org_id, row.required_for]))
    },
    async set(orgID, requiredFor) {
      await db
        .insertInto('second_factor_policies')
        .values({ org_id: orgID, required_for: requiredFor })
        .onConflict((conflict) => conflict.column('org_id').doUpdateSet({ required_for: requiredFor }))
        .execute()
    },
    async remove(orgID) {
      await db.deleteFrom('second_factor_policies').where('org_id', '=', orgID).execute()
    },
  }
}

export function createSpentChallengeStore(db: Kysely<Tables>): SpentChallengeStore {
  return {
    async spend(hash, until) {
      const result = await db
        .insertInto('spent_challenges')
        .values({ hash, until })
        .onConflict((conflict) => conflict.column('hash').doNothing())
        .executeTakeFirstOrThrow()
      return added(result)
    },
    async removeBefore(time) {
      await db.deleteFrom('spent_challenges').where('until', '<', time).execute()
    },
  }
}
