import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import pg from 'pg'
import { idOf, user } from '../../../test/store-conformance/records.conformance.ts'
import { emptied, emptyDatabase, query, withoutPostgres } from '../../../test/support/engines/postgres.ts'
import { temporaryFolder } from '../../../test/support/folder.ts'
import { SluiceError } from '../../domain/base/errors.ts'
import { NewerSchemaError } from '../sql/migrate.ts'
import { openPostgresStore } from './open.ts'

const NODES = 3
let database: Promise<string> | undefined

async function emptyUrl(): Promise<string> {
  database ??= emptyDatabase()
  return emptied(await database)
}

const open = (url: string) => openPostgresStore({ url, poolSize: 4, timeoutMs: 10_000 })

suite('several nodes on one PostgreSQL', { skip: withoutPostgres }, () => {
  test('start at once on an empty database: the schema is made once', async () => {
    const url = await emptyUrl()
    const stores = await Promise.all(Array.from({ length: NODES }, () => open(url)))
    const rows = await query(url, 'select name, count(*)::int as count from kysely_migration group by name')
    assert.ok(rows.length >= 3)
    assert.ok(rows.every(({ count }) => count === 1))
    assert.equal((await query(url, 'select * from cluster')).length, 1)
    await Promise.all(stores.map((store) => store.close()))
  })

  test('change one after the other: what one reads holds until it has written', async () => {
    const url = await emptyUrl()
    const stores = await Promise.all(Array.from({ length: NODES }, () => open(url)))
    const changes = Array.from({ length: 45 }, (_, index) =>
      stores[index % NODES]?.transaction(async ({ users }) => {
        const number = (await users.count()) + 1
        assert.equal(await users.add(user(number)), true)
      }),
    )
    await Promise.all(changes)
    assert.equal(await stores[0]?.users.count(), 45)
    await Promise.all(stores.map((store) => store.close()))
  })

  test('have numbers of their own, and one clock', async () => {
    const url = await emptyUrl()
    const stores = await Promise.all(Array.from({ length: NODES }, () => open(url)))
    const numbers = await Promise.all(stores.map((store) => store.nodeNumber()))
    assert.equal(new Set(numbers).size, NODES)
    await query(url, `select setval('node_numbers', 1023)`)
    assert.equal(await stores[0]?.nodeNumber(), 0)
    await Promise.all(stores.map((store) => store.close()))
  })

  test('a schema of a newer Sluice that does not say more is refused', async () => {
    const url = await emptyUrl()
    await (await open(url)).close()
    await query(url, `insert into kysely_migration values ('0099-later', '2030-01-01')`)
    await assert.rejects(open(url), NewerSchemaError)
    await query(url, `insert into schema_compatibility values ('0099-later', '0005-cluster')`)
    await (await open(url)).close()
  })
})

suite('what PostgreSQL does otherwise than SQLite', { skip: withoutPostgres }, () => {
  test('a name that is too long for an index is refused as such', async () => {
    const store = await open(await emptyUrl())
    const name = randomBytes(10_000).toString('base64')
    await assert.rejects(store.users.add(user(1, { name })), (error) => {
      return error instanceof SluiceError && error.code === 'invalid'
    })
    assert.equal(await store.users.byName(name), undefined)
    await store.close()
  })

  test('numbers are numbers in its own pool, and in no other of the process', async () => {
    const url = await emptyUrl()
    const store = await open(url)
    await store.users.add(user(1))
    assert.equal(await store.users.count(), 1)
    assert.deepEqual(await query(url, 'select count(*) from users'), [{ count: '1' }])
    assert.equal(pg.types.getTypeParser(20, 'text')('1'), '1')
    await store.close()
  })

  test('another schema of the database, also with such tables, is left alone', async () => {
    const url = new URL(await emptyUrl())
    await (await open(url.href)).close()
    await query(url.href, 'drop schema if exists other cascade; create schema other')
    url.searchParams.set('options', '-c search_path=other')
    const store = await open(url.href)
    await store.users.add(user(1))
    assert.deepEqual(await query(url.href, 'select id from other.users'), [{ id: idOf(1) }])
    assert.deepEqual(await query(url.href, 'select id from public.users'), [])
    await store.close()
  })

  test('the password is read from its file at each connection', async () => {
    const url = new URL(await emptyUrl())
    const passwordFile = join(temporaryFolder(), 'password')
    writeFileSync(passwordFile, `${url.password}\n`)
    url.password = 'wrong'
    const store = await openPostgresStore({ url: url.href, passwordFile, poolSize: 2, timeoutMs: 5000 })
    assert.equal(await store.users.count(), 0)
    await store.close()
  })
})
