import assert from 'node:assert/strict'
import { join } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import type { Kysely } from 'kysely'
import { idOf, plain, user } from '../../../test/store-conformance/records.conformance.ts'
import { emptied, emptyDatabase, withoutPostgres } from '../../../test/support/engines/postgres.ts'
import { temporaryFolder } from '../../../test/support/folder.ts'
import { openPostgresDatabase } from '../postgres/open.ts'
import { openSqliteDatabase } from '../sqlite/open.ts'
import { fillNameKeys } from './name-keys.ts'
import type { Tables } from './tables.ts'
import { createUserStore } from './user-store.ts'

const [COMPOSED, DECOMPOSED] = ['\u00e9ve', 'e\u0301ve']

/** A user as a node of the version before writes it. */
async function addOld(db: Kysely<Tables>, number: number, name: string): Promise<void> {
  await db
    .insertInto('users')
    .values({ id: idOf(number), name, status: 'active' })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
}

function describe(open: (t: TestContext) => Promise<Kysely<Tables>>): void {
  test('users of before get their keys, and of names that look alike none is lost', async (t) => {
    const db = await open(t)
    const users = createUserStore(db)
    const names = [DECOMPOSED, COMPOSED, 'ada', 'ada ', ' ', '\u200b', 'x'.repeat(200_000)]
    for (const [index, name] of names.entries()) await addOld(db, index + 1, name)
    for (let number = 101; number <= 1300; number++) await addOld(db, number, `many ${number}`)
    for (const times of [1, 2]) {
      await fillNameKeys(db)
      for (const [index, name] of names.entries()) {
        assert.deepEqual(plain(await users.byName(name)), user(index + 1, { name }), `${index} ${times}`)
      }
    }
    assert.equal((await users.byName('e\u200d\u0301ve'))?.id, idOf(1))
    assert.equal((await users.byName('\u200bada'))?.id, idOf(3))
    assert.equal(await users.add(user(50, { name: 'ada\ufeff' })), false)
    assert.equal(await users.add(user(50, { name: 'many 1300 ' })), false)

    // One that is like another still changes and goes, and leaves the other.
    const inactive = user(2, { name: COMPOSED, status: 'inactive' })
    assert.equal(await users.update(inactive), true)
    assert.deepEqual(plain(await users.byName(COMPOSED)), inactive)
    assert.equal(await users.remove(idOf(1)), true)
    await fillNameKeys(db)
    assert.deepEqual(plain(await users.byName(DECOMPOSED)), inactive)
  })

  test('a user whom an older node has made is found by name at once, and like others from the next start', async (t) => {
    const db = await open(t)
    const users = createUserStore(db)
    await addOld(db, 1, COMPOSED)
    assert.equal((await users.byName(COMPOSED))?.id, idOf(1))
    assert.equal(await users.add(user(2, { name: COMPOSED })), false)
    await fillNameKeys(db)
    assert.equal((await users.byName(DECOMPOSED))?.id, idOf(1))
  })

  test('a user whom an older node has renamed is not found by the name before, which is free', async (t) => {
    const db = await open(t)
    const users = createUserStore(db)
    await users.add(user(1, { name: COMPOSED }))
    await db.updateTable('users').set({ name: 'bob' }).where('id', '=', idOf(1)).execute()
    for (const name of [COMPOSED, DECOMPOSED]) assert.equal(await users.byName(name), undefined)
    assert.equal((await users.byName('bob'))?.id, idOf(1))
    assert.equal(await users.add(user(2, { name: DECOMPOSED })), true)
    assert.equal((await users.byName(COMPOSED))?.id, idOf(2))
    await fillNameKeys(db)
    assert.equal((await users.byName(' bob'))?.id, idOf(1))
  })
}

suite('keys of names: SQLite', () => {
  describe(async (t) => {
    const { db, close } = await openSqliteDatabase(join(temporaryFolder(), 'data.sqlite'))
    t.after(close)
    return db
  })
})

suite('keys of names: PostgreSQL', { skip: withoutPostgres }, () => {
  let database: Promise<string> | undefined
  describe(async (t) => {
    database ??= emptyDatabase()
    const url = await emptied(await database)
    const db = await openPostgresDatabase({ url, poolSize: 2, timeoutMs: 20_000 })
    t.after(() => db.destroy())
    return db
  })
})
