import { type Kysely, type Selectable, sql } from 'kysely'
import type { ID } from '../../domain/base/id.ts'
import type { Membership, MembershipStore, ProvidedRole } from '../../domain/records/membership.ts'
import { added, inPortions } from './query.ts'
import type { Tables } from './tables.ts'

export function createMembershipStore(db: Kysely<Tables>): MembershipStore {
  const memberships = () =>
    db.selectFrom('memberships').select(['user_id', 'resource_type', 'resource_id', 'role'])
  const provided = () => db.selectFrom('provided_memberships').selectAll()

  async function removeWhere(column: 'resource_id' | 'user_id', id: ID): Promise<void> {
    for (const table of ['memberships', 'provided_memberships'] as const) {
      await db.deleteFrom(table).where(column, '=', id).execute()
    }
  }

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
    async provide(userID, { issuer, provider }, given) {
      await db
        .deleteFrom('provided_memberships')
        .where('user_id', '=', userID)
        .where('issuer', '=', issuer)
        .execute()
      for (const { resourceType, resourceID, role, group } of given) {
        await db
          .insertInto('provided_memberships')
          .values({
            ...{ user_id: userID, resource_type: resourceType, resource_id: resourceID, role },
            ...{ issuer, provider, group_name: group },
          })
          .execute()
      }
    },
    async reassignProvided(from, to) {
      await db
        .updateTable('provided_memberships')
        .set({ resource_id: to })
        .where('resource_id', '=', from)
        .execute()
    },
    removeOfResource: (resourceID) => removeWhere('resource_id', resourceID),
    removeOfUser: (userID) => removeWhere('user_id', userID),
    async ofUser(userID) {
      const rows = await memberships().where('user_id', '=', userID).orderBy('position').execute()
      const more = await provided()
        .where('user_id', '=', userID)
        .orderBy('resource_id')
        .orderBy('issuer')
        .execute()
      return joined(rows.map(read), more)
    },
    async ofResource(resourceID) {
      const rows = await memberships().where('resource_id', '=', resourceID).orderBy('user_id').execute()
      const more = await provided()
        .where('resource_id', '=', resourceID)
        .orderBy('user_id')
        .orderBy('issuer')
        .execute()
      if (more.length === 0) return rows.map(read)
      return joined(rows.map(read), more).sort((one, other) => (one.userID < other.userID ? -1 : 1))
    },
    async countByResource(resourceIDs) {
      const rows = await inPortions(resourceIDs, (portion) =>
        db
          .selectFrom(
            db
              .selectFrom('memberships')
              .select(['resource_id', 'user_id'])
              .where('resource_id', 'in', portion)
              .union(
                db
                  .selectFrom('provided_memberships')
                  .select(['resource_id', 'user_id'])
                  .where('resource_id', 'in', portion),
              )
              .as('held'),
          )
          .select((each) => ['resource_id', each.fn.countAll<number>().as('count')])
          .groupBy('resource_id')
          .execute(),
      )
      return new Map(rows.map(({ resource_id, count }) => [resource_id, Number(count)]))
    },
  }
}

/** Adds what providers give to what was given by hand: the stronger role counts. */
function joined(
  byHand: Membership[],
  provided: readonly Selectable<Tables['provided_memberships']>[],
): Membership[] {
  if (provided.length === 0) return byHand
  // An organization and the instance may have the same id.
  const keyOf = (held: Membership) => `${held.resourceType} ${held.resourceID} ${held.userID}`
  const found = new Map(byHand.map((held) => [keyOf(held), held]))
  for (const row of provided) {
    const one = read(row)
    const held = found.get(keyOf(one))
    const role: ProvidedRole = {
      ...{ issuer: row.issuer, provider: row.provider, group: row.group_name, role: row.role },
    }
    found.set(keyOf(one), {
      ...one,
      role: held?.role === 'owner' || one.role === 'owner' ? 'owner' : 'member',
      given: {
        byHand: held?.given ? held.given.byHand : held?.role,
        byProviders: [...(held?.given?.byProviders ?? []), role],
      },
    })
  }
  return [...found.values()]
}

function read(row: Omit<Selectable<Tables['memberships']>, 'position'>): Membership {
  return {
    userID: row.user_id,
    resourceType: row.resource_type,
    resourceID: row.resource_id,
    role: row.role,
  }
}
