import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { suite, test } from 'node:test'
import { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { createNodeSqliteDialect } from '../sqlite/dialect.ts'
import { migrate, NewerSchemaError } from './migrate.ts'
import { cluster } from './migrations/0005-cluster.ts'

const users: Migration = {
  up: (db) => db.schema.createTable('users').addColumn('id', 'text').execute(),
}
const nothing: Migration = { up: async () => {} }

const OLD = { migrations: { '0001-users': users, '0005-cluster': cluster }, compatibleFrom: {} }
const newer = (compatibleFrom: Record<string, string>) => ({
  migrations: { ...OLD.migrations, '0006-next': nothing, '0007-last': nothing },
  compatibleFrom,
})

/** What an older program does after a newer one has been there. */
async function olderAfter(compatibleFrom: Record<string, string>): Promise<string> {
  const database = new DatabaseSync(':memory:')
  const db = new Kysely<never>({ dialect: createNodeSqliteDialect(database) })
  await migrate(db, undefined, OLD)
  await migrate(db, undefined, newer(compatibleFrom))
  const applied = () => database.prepare('select name from kysely_migration').all().length
  const before = applied()
  try {
    await migrate(db, undefined, OLD)
    return 'works'
  } catch (error) {
    assert.ok(error instanceof NewerSchemaError)
    return /the migration (\S+)\)/.exec(error.message)?.[1] ?? error.message
  } finally {
    assert.equal(applied(), before)
    await db.destroy()
  }
}

suite('an older program beside a newer schema', () => {
  test('is refused where a migration says nothing of it, or names a younger one', async () => {
    assert.equal(await olderAfter({}), '0006-next')
    assert.equal(await olderAfter({ '0006-next': '0005-cluster' }), '0007-last')
    assert.equal(await olderAfter({ '0006-next': '0005-cluster', '0007-last': '0006-next' }), '0007-last')
  })

  test('works where every migration that it does not know allows it', async () => {
    assert.equal(await olderAfter({ '0006-next': '0005-cluster', '0007-last': '0005-cluster' }), 'works')
    assert.equal(await olderAfter({ '0006-next': '0001-users', '0007-last': '0001-users' }), 'works')
  })
})
