import type { Kysely } from 'kysely'
import { canonicalName, nameKey } from '../../domain/records/name-key.ts'
import type { User, UserStore } from '../../domain/records/user.ts'
import { freeNameKey } from './name-keys.ts'
import { added, changed, direction, inPortions, whereGiven } from './query.ts'
import type { Tables } from './tables.ts'

export function createUserStore(db: Kysely<Tables>): UserStore {
  const users = () => db.selectFrom('users').select(['id', 'name', 'status'])
  return {
    async add(user) {
      const key = nameKey(user.name)
      await freeNameKey(db, key)
      const result = await db
        .insertInto('users')
        .values({ ...user, name_key: key })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow()
      return added(result)
    },
    async addAlike(user) {
      const key = nameKey(user.name)
      await freeNameKey(db, key)
      const alike = await users().where('name_key', '=', key).executeTakeFirst()
      const result = await db
        .insertInto('users')
        .values({ ...user, name_key: alike ? null : key })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .executeTakeFirstOrThrow()
      if (!added(result)) return 'taken'
      return alike ? 'added alike' : 'added'
    },

    async update({ id, name, status }) {
      const same = await changed(
        db.updateTable('users').set({ status }).where('id', '=', id).where('name', '=', name),
      )
      // A name that stays needs no key: others may have been like it before there were keys.
      if (same) return true
      const key = nameKey(name)
      await freeNameKey(db, key)
      const others = users()
        .where((each) => each.or([each('name', '=', name), each('name_key', '=', key)]))
        .where('id', '!=', id)
      const update = db
        .updateTable('users')
        .set({ name, name_key: key, status })
        .where('id', '=', id)
        .where((each) => each.not(each.exists(others)))
      return changed(update)
    },
    async remove(id) {
      const result = await db.deleteFrom('users').where('id', '=', id).executeTakeFirst()
      return result.numDeletedRows > 0n
    },
    byID: (id) => users().where('id', '=', id).executeTakeFirst(),
    async byName(name) {
      const key = nameKey(name)
      // One row in either case, since reading one takes time that would tell whether there is such a user.
      const row = await db
        .selectFrom(db.selectNoFrom((each) => each.lit(1).as('one')).as('always'))
        .leftJoin('users as exact', (join) => join.on('exact.name', '=', name))
        .leftJoin('users as alike', (join) => join.on('alike.name_key', '=', key))
        .select(['exact.id', 'exact.name', 'exact.status'])
        .select(['alike.id as alike_id', 'alike.name as alike_name', 'alike.status as alike_status'])
        .executeTakeFirstOrThrow()
      const exact = { id: row.id, name: row.name, status: row.status }
      const alike = { id: row.alike_id, name: row.alike_name, status: row.alike_status }
      // A node of an older version that renames a user leaves the key of the name before.
      // Names that show nothing are alike, and an empty one that was typed is none of them.
      const isAlike = nameKey(alike.name ?? name) === key && canonicalName(name) !== ''
      if (exact.id !== null) return exact as User
      return alike.id !== null && isAlike ? (alike as User) : undefined
    },
    byIDs: (ids) => inPortions(ids, (portion) => users().where('id', 'in', portion).execute()),
    list(page) {
      const { order, beyond } = direction(page)
      return whereGiven(users(), 'id', beyond, page.after)
        .orderBy('id', order)
        .limit(page.limit)
        .offset(page.offset)
        .execute()
    },
    async count() {
      const row = await db
        .selectFrom('users')
        .select((each) => each.fn.countAll<number | bigint | string>().as('count'))
        .executeTakeFirstOrThrow()
      return Number(row.count)
    },
  }
}
