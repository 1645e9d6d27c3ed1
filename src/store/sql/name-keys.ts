import type { Kysely } from 'kysely'
import type { ID } from '../../domain/base/id.ts'
import { nameKey } from '../../domain/records/name-key.ts'
import { changed, whereGiven } from './query.ts'
import type { Tables } from './tables.ts'

const PORTION = 500

/**
 * Gives each user without a key that of its name, if no other user has it: after an upgrade, and to those whom a
 * node of an older version made. Of names that look alike the oldest user gets it; the others keep none, and are
 * found by their exact names alone. Called at each start, outside a transaction, which a refused update would end.
 */
export async function fillNameKeys(db: Kysely<Tables>): Promise<void> {
  let last: ID | undefined
  for (;;) {
    const keyless = db.selectFrom('users').select(['id', 'name']).where('name_key', 'is', null)
    const users = await whereGiven(keyless, 'id', '>', last).orderBy('id').limit(PORTION).execute()
    const free = await freeKeys(db, users)
    for (const { id, name, key } of free) {
      const update = db.updateTable('users').set({ name_key: key }).where('id', '=', id)
      await changed(update.where('name', '=', name).where('name_key', 'is', null))
    }
    last = users.at(-1)?.id ?? last
    if (users.length < PORTION) return
  }
}

/** The users of a portion whose keys are free, the first of each key; another node may still be quicker. */
async function freeKeys(db: Kysely<Tables>, users: readonly Pick<Tables['users'], 'id' | 'name'>[]) {
  if (users.length === 0) return []
  const keyed = users.map((user) => ({ ...user, key: nameKey(user.name) }))
  const rows = await db
    .selectFrom('users')
    .select('name_key')
    .where(
      'name_key',
      'in',
      keyed.map(({ key }) => key),
    )
    .execute()
  const taken = new Set(rows.map(({ name_key }) => name_key))
  return keyed.filter(({ key }) => !taken.has(key) && taken.add(key))
}

/**
 * Takes a key from a user whose name it is no longer, because a node of an older version has renamed that user and
 * left the key, so that a user whom the key belongs to can have it.
 */
export async function freeNameKey(db: Kysely<Tables>, key: string): Promise<void> {
  const holder = await db
    .selectFrom('users')
    .select(['id', 'name'])
    .where('name_key', '=', key)
    .executeTakeFirst()
  if (!holder || nameKey(holder.name) === key) return
  await db
    .updateTable('users')
    .set({ name_key: null })
    .where('id', '=', holder.id)
    .where('name', '=', holder.name)
    .execute()
}
