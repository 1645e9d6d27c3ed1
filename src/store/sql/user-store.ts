import type { Kysely } from 'kysely'
import type { User, UserStore } from '../../domain/users/user.ts'
import { added, changed, direction, inPortions } from './query.ts'
import type { Tables } from './tables.ts'

export function createUserStore(db: Kysely<Tables>): UserStore {
  const users = () => db.selectFrom('users').select(['id', 'name', 'status'])
  return {
    async add(user) {
      const result = await db
        .insertInto('users')
        .values(user)
        .onConflict((conflict) => conflict.column('name').doNothing())
        .executeTakeFirstOrThrow()
      return added(result)
    },
    async update({ id, name, status }) {
      const update = db
        .updateTable('users')
        .set({ name, status })
        .where('id', '=', id)
        .where((each) => each.not(each.exists(users().where('name', '=', name).where('id', '!=', id))))
      return changed(update)
    },
    async remove(id) {
      const result = await db.deleteFrom('users').where('id', '=', id).executeTakeFirst()
      return result.numDeletedRows > 0n
    },
    byId: (id) => users().where('id', '=', id).executeTakeFirst(),
    async byName(name) {
      // One row in either case, since reading one takes time that would tell whether there is such a user.
      const { id, ...user } = await db
        .selectFrom(db.selectNoFrom((each) => each.lit(1).as('one')).as('always'))
        .leftJoin('users', (join) => join.on('users.name', '=', name))
        .select(['users.id', 'users.name', 'users.status'])
        .executeTakeFirstOrThrow()
      return id === null ? undefined : ({ id, ...user } as User)
    },
    byIds: (ids) => inPortions(ids, (portion) => users().where('id', 'in', portion).execute()),
    list(page) {
      const { order, beyond } = direction(page)
      return users()
        .$if(page.after !== undefined, (query) => query.where('id', beyond, page.after as never))
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
