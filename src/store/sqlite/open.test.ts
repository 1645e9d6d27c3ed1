import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { suite, test } from 'node:test'
import { temporaryFolder } from '../../../test/support/folder.ts'
import type { ID } from '../../domain/base/id.ts'
import { NewerSchemaError } from '../sql/migrate.ts'
import { LockedError } from './lock.ts'
import { ForeignFileError, openSqliteStore } from './open.ts'

const ADA = { id: '00000000000000a1' as ID, name: 'ada', status: 'active' } as const

const newPath = () => join(temporaryFolder(), 'data.sqlite')

/** Every file of the folder with its mode and its bytes. */
function snapshot(path: string): string[] {
  const folder = dirname(path)
  return readdirSync(folder).map((name) => {
    const file = join(folder, name)
    return `${name} ${(statSync(file).mode & 0o777).toString(8)} ${readFileSync(file).toString('hex')}`
  })
}

/** A file as another program leaves it, readable by others. */
function foreignDatabase(sql: string): { path: string; close: () => void } {
  const path = newPath()
  const database = new DatabaseSync(path)
  database.exec(`create table things (id integer); insert into things values (1); ${sql}`)
  chmodSync(path, 0o644)
  return { path, close: () => database.close() }
}

suite('a file that is not the own one is refused and left exactly as it is', () => {
  test("another program's database, with a journal or with a write-ahead log that is still open", async () => {
    for (const sql of [
      '',
      'pragma user_version = 7',
      'pragma application_id = 1',
      'pragma journal_mode = wal',
    ]) {
      const { path, close } = foreignDatabase(sql)
      if (!sql.includes('wal')) close()
      const before = snapshot(path)
      await assert.rejects(openSqliteStore(path), ForeignFileError)
      assert.deepEqual(snapshot(path), before, sql)
      if (sql.includes('wal')) close()
    }
  })

  test('what is no database, however short', async () => {
    for (const content of ['x', 'SQLite format 3\0', 'not a database\n'.repeat(1000), '\0'.repeat(5000)]) {
      const path = newPath()
      writeFileSync(path, content, { mode: 0o644 })
      const before = snapshot(path)
      await assert.rejects(openSqliteStore(path), (error: Error) => {
        assert.ok(error instanceof ForeignFileError)
        return error.message.startsWith(`${path} is a file of another program`)
      })
      assert.deepEqual(snapshot(path), before)
    }
  })

  test('a folder', async () => {
    const path = newPath()
    mkdirSync(path)
    await assert.rejects(openSqliteStore(path), { code: 'EISDIR' })
  })

  test('one that a newer Sluice wrote', async () => {
    const path = newPath()
    const store = await openSqliteStore(path)
    await store.users.add(ADA)
    await store.close()
    const database = new DatabaseSync(path)
    database.exec(`insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01')`)
    database.close()
    const before = snapshot(path)
    await assert.rejects(openSqliteStore(path), (error: Error) => {
      assert.ok(error instanceof NewerSchemaError)
      return error.message.includes('9999-later')
    })
    assert.deepEqual(snapshot(path), before)
  })
})

suite('the lock', () => {
  test('a second one is refused while the first is open, under any name of the file', async () => {
    const path = newPath()
    const first = await openSqliteStore(path)
    for (const name of [path, join(dirname(path), '.', 'data.sqlite')]) {
      await assert.rejects(openSqliteStore(name), LockedError)
    }
    await first.users.add(ADA)
    await first.close()
  })

  test('it is free once the first is closed, and after an opening that failed', async () => {
    const path = newPath()
    const first = await openSqliteStore(path)
    await first.users.add(ADA)
    await first.close()
    const database = new DatabaseSync(path)
    database.exec(`insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01')`)
    await assert.rejects(openSqliteStore(path), NewerSchemaError)
    database.exec(`delete from kysely_migration where name = '9999-later'`)
    database.close()
    const second = await openSqliteStore(path)
    assert.deepEqual({ ...(await second.users.byName('ada')) }, ADA)
    await second.close()
  })
})

suite('the files', () => {
  test('are readable by their owner alone, folder and all, whatever the umask', async (t) => {
    const umask = process.umask(0)
    t.after(() => process.umask(umask))
    const path = join(temporaryFolder(), 'new', 'data.sqlite')
    const store = await openSqliteStore(path)
    await store.users.add(ADA)
    const names = readdirSync(dirname(path))
    for (const expected of ['data.sqlite', 'data.sqlite-wal', 'data.sqlite-shm', 'data.sqlite.lock']) {
      assert.ok(names.includes(expected), expected)
    }
    for (const name of names) {
      assert.equal(statSync(join(dirname(path), name)).mode & 0o777, 0o600, name)
    }
    assert.equal(statSync(dirname(path)).mode & 0o777, 0o700)
    await store.close()
  })

  test('an own one that others may read is closed to them', async () => {
    const path = newPath()
    await (await openSqliteStore(path)).close()
    chmodSync(path, 0o644)
    const store = await openSqliteStore(path)
    assert.equal(statSync(path).mode & 0o777, 0o600)
    await store.close()
  })

  test('an empty one is taken, as an installer may have made it', async () => {
    const path = newPath()
    writeFileSync(path, '')
    const store = await openSqliteStore(path)
    assert.equal(await store.users.count(), 0)
    await store.close()
  })

  test('after closing there is one file with everything in it, which opens again and again', async () => {
    const path = newPath()
    const first = await openSqliteStore(path)
    await first.users.add(ADA)
    await first.close()
    assert.ok(!existsSync(`${path}-wal`))
    for (let round = 0; round < 3; round++) {
      const again = await openSqliteStore(path)
      assert.equal(await again.users.count(), 1)
      assert.equal(await again.newestID(), ADA.id)
      await again.close()
    }
  })
})
