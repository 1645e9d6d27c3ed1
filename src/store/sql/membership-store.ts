import { type Kysely, type Selectable, sql } from 'kysely'
import type { Membership, MembershipStore } from '../../domain/records/membership.ts'
import { added, inPortions } from './query.ts'
import type { Tables } from './tables.ts'

export function createMembershipStore(db: Kysely<Tables>): MembershipStore {
  const memberships = () =>
    db.selectFrom('memberships').select(['user_id', 'resource_type', 'resource_id', 'role'])
  return {
    async add({ userID, resourceType, resourceID, role }) {
      const result = await db
        .insertInto('memberships')
        .values((each) => ({
          position: each
            .selectFrom('memberships')
            .select(sql<number>`coalesce(max(position), 0) + 1`.as('position'))
            .where('user_id', '=', userID),
          user_id: userID,
          resource_type: resourceType,
          resource_id: resourceID,
          role,
        }))
        .onConflict((conflict) => conflict.columns(['resource_id', 'user_id']).doNothing())
        .executeTakeFirstOrThrow()
      return added(result)
    },
    async remove(resourceID, userID) {
      const result = await db
        .deleteFrom('memberships')
        .where('resource_id', '=', resourceID)
        .where('user_id', '=', userID)
        .executeTakeFirst()
      return result.numDeletedRows > 0n
    },
    async removeOfResource(resourceID) {
      await db.deleteFrom('memberships').where('resource_id', '=', resourceID).execute()
    },
    async removeOfUser(userID) {
      await db.deleteFrom('memberships').where('user_id', '=', userID).execute()
    },
    async ofUser(userID) {
      const rows = await memberships().where('user_id', '=', userID).orderBy('position').execute()
      return rows.map(read)
    },
    async ofResource(resourceID) {
      const rows = await memberships().where('resource_id', '=', resourceID).orderBy('user_id').execute()
      return rows.map(read)
    },
    async countByResource(resourceIDs) {
      const rows = await inPortions(resourceIDs, (portion) =>
        db
          .selectFrom('memberships')
          .select((each) => ['resource_id', each.fn.countAll<number>().as('count')])
          .where('resource_id', 'in', portion)
          .groupBy('resource_id')
          .execute(),
      )
      return new Map(rows.map(({ resource_id, count }) => [resource_id, Number(count)]))
    },
  }
}

function read(row: Omit<Selectable<Tables['memberships']>, 'position'>): Membership {
  return {
    userID: row.user_id,
    resourceType: row.resource_type,
    resourceID: row.resource_id,
    role: row.role,
  }
}
