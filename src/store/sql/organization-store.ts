import type { Kysely, Selectable } from 'kysely'
import type { Organization, OrganizationStore } from '../../domain/records/organization.ts'
import { added, changed, direction, inPortions, whereGiven } from './query.ts'
import type { Tables } from './tables.ts'

export function createOrganizationStore(db: Kysely<Tables>): OrganizationStore {
  const organizations = () => db.selectFrom('organizations').selectAll()
  return {
    async add({ id, name, description, createdAt, updatedAt }) {
      const result = await db
        .insertInto('organizations')
        .values({ id, name, description, created_at: createdAt, updated_at: updatedAt })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .executeTakeFirstOrThrow()
      return added(result)
    },
    async update({ id, name, description, updatedAt }) {
      const update = db
        .updateTable('organizations')
        .set({ name, description, updated_at: updatedAt })
        .where('id', '=', id)
        .where((each) =>
          each.not(each.exists(organizations().where('name', '=', name).where('id', '!=', id))),
        )
      return changed(update)
    },
    async remove(id) {
      const result = await db.deleteFrom('organizations').where('id', '=', id).executeTakeFirst()
      return result.numDeletedRows > 0n
    },
    async byID(id) {
      return read(await organizations().where('id', '=', id).executeTakeFirst())
    },
    async byName(name) {
      return read(await organizations().where('name', '=', name).executeTakeFirst())
    },
    async byIDs(ids) {
      const rows = await inPortions(ids, (portion) => organizations().where('id', 'in', portion).execute())
      return rows.map((row) => read(row))
    },
    async list(page) {
      const { order, beyond } = direction(page)
      const rows = await whereGiven(organizations(), 'id', beyond, page.after)
        .orderBy('id', order)
        .limit(page.limit)
        .offset(page.offset)
        .execute()
      return rows.map((row) => read(row))
    },
    async count() {
      const row = await db
        .selectFrom('organizations')
        .select((each) => each.fn.countAll<number | bigint | string>().as('count'))
        .executeTakeFirstOrThrow()
      return Number(row.count)
    },
  }
}

type Row = Selectable<Tables['organizations']>

function read(row: Row): Organization
function read(row: Row | undefined): Organization | undefined
function read(row: Row | undefined): Organization | undefined {
  if (!row) return undefined
  const { id, name, description, created_at, updated_at } = row
  return { id, name, description, createdAt: created_at, updatedAt: updated_at }
}
