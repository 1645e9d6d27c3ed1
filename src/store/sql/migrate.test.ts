import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { suite, test } from 'node:test'
import { Kysely } from 'kysely'
import { createNodeSqliteDialect } from '../sqlite/dialect.ts'
import { migrate, NewerSchemaError } from './migrate.ts'

function setUp() {
  const database = new DatabaseSync(':memory:')
  const db = new Kysely<never>({ dialect: createNodeSqliteDialect(database) })
  /** The schema and every row of every table. */
  const dump = () => {
    const schema = database.prepare('select name, sql from sqlite_schema order by name').all()
    const names = database.prepare(`select name from sqlite_schema where type = 'table'`).all()
    return JSON.stringify([
      schema,
      names.map(({ name }) => database.prepare(`select * from "${name}"`).all()),
    ])
  }
  return { database, db, dump }
}

suite('migrations', () => {
  test('a schema of a newer version is refused by name, and untouched', async () => {
    const { database, db, dump } = setUp()
    await migrate(db)
    database.exec(`insert into kysely_migration values ('0099-later', '2030-01-01')`)
    const before = dump()
    await assert.rejects(migrate(db), (error: Error) => {
      assert.ok(error instanceof NewerSchemaError)
      return error.message.includes('0099-later')
    })
    assert.equal(dump(), before)
  })

  test('when one fails, nothing of it is left', async () => {
    const { database, db, dump } = setUp()
    // The last table that the first migration makes is in the way.
    database.exec('create table buckets (id integer)')
    const before = database.prepare('select count(*) as count from sqlite_schema').get()
    await assert.rejects(migrate(db), /buckets/)
    const tables = JSON.parse(dump())[0].map(({ name }: { name: string }) => name)
    assert.ok(!tables.includes('users'), String(tables))
    assert.deepEqual({ ...before }, { count: 1 })
    database.exec('drop table buckets')
    await migrate(db)
  })

  test('run again they change nothing', async () => {
    const { db, dump } = setUp()
    await migrate(db)
    const before = dump()
    await migrate(db)
    assert.equal(dump(), before)
  })
})
