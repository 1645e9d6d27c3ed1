import assert from 'node:assert/strict'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { suite, test } from 'node:test'
import { temporaryFolder } from '../../../test/support/folder.ts'
import type { ID } from '../../domain/base/id.ts'
import { NewerSchemaError } from '../sql/migrate.ts'
import { backupSqlite } from './backup.ts'
import { LockedError } from './lock.ts'
import { ForeignFileError, openSqliteStore } from './open.ts'
import { prepareRestore, RestoreError } from './restore.ts'

const userCalled = (name: string) => ({ id: `00000000000000${name}` as ID, name, status: 'active' as const })

/** A data file with the user `a1`, its backup, and then `b2` in the data file alone. */
async function setUp() {
  const path = join(temporaryFolder(), 'data.sqlite')
  const backup = join(temporaryFolder(), 'copy.sqlite')
  const store = await openSqliteStore(path)
  await store.users.add(userCalled('a1'))
  await backupSqlite(path, backup)
  await store.users.add(userCalled('b2'))
  return { path, backup, store, kept: `${path}.kept` }
}

async function namesIn(path: string): Promise<string[]> {
  const store = await openSqliteStore(path)
  const users = await store.users.list({ limit: 10, offset: 0, descending: false })
  await store.close()
  return users.map(({ name }) => name)
}

/** The data file's folder without what locking leaves there. */
const filesBeside = (path: string) => readdirSync(dirname(path)).filter((name) => !name.endsWith('.lock'))

suite('restore', () => {
  test('puts the backup in place, keeps the earlier data, and leaves the backup as it is', async () => {
    const { path, backup, store, kept } = await setUp()
    await store.close()
    const before = readFileSync(backup)
    const ready = await prepareRestore(backup, path)
    assert.equal(ready.users, 1)
    assert.deepEqual(ready.finish(kept), { kept, users: 1 })
    assert.deepEqual(filesBeside(path).toSorted(), ['data.sqlite', 'data.sqlite.kept'])
    assert.deepEqual([await namesIn(path), await namesIn(kept)], [['a1'], ['a1', 'b2']])
    assert.equal(statSync(path).mode & 0o777, 0o600)
    assert.ok(readFileSync(backup).equals(before))
    assert.deepEqual(readdirSync(dirname(backup)), ['copy.sqlite'])
  })

  test('keeps the changes that a crash left in the -wal file', async () => {
    const { path, backup, store, kept } = await setUp()
    const crashed = join(temporaryFolder(), 'data.sqlite')
    for (const suffix of ['', '-wal']) copyFileSync(`${path}${suffix}`, `${crashed}${suffix}`)
    await store.close()
    assert.ok(statSync(`${crashed}-wal`).size > 0)
    const ready = await prepareRestore(backup, crashed)
    ready.finish(kept)
    assert.deepEqual([await namesIn(crashed), await namesIn(kept)], [['a1'], ['a1', 'b2']])
  })

  test('works where there is no data, from a backup that cannot be written, in a folder that is made', async () => {
    const { backup, store } = await setUp()
    await store.close()
    chmodSync(backup, 0o400)
    const path = join(temporaryFolder(), 'new', 'data.sqlite')
    const ready = await prepareRestore(backup, path)
    assert.equal(ready.finish(`${path}.kept`).kept, undefined)
    assert.deepEqual(await namesIn(path), ['a1'])
    assert.equal(statSync(path).mode & 0o777, 0o600)
  })

  test('takes the place of a damaged file, which is kept', async () => {
    const { path, backup, store, kept } = await setUp()
    await store.close()
    const damaged = readFileSync(path)
    damaged.fill(0x78, 100, 8192)
    writeFileSync(path, damaged)
    const ready = await prepareRestore(backup, path)
    ready.finish(kept)
    assert.deepEqual(await namesIn(path), ['a1'])
    assert.ok(readFileSync(kept).equals(damaged))
  })

  test('is refused while a server has the file open, and changes nothing', async () => {
    const { path, backup, store } = await setUp()
    await assert.rejects(prepareRestore(backup, path), LockedError)
    await store.users.add(userCalled('c3'))
    await store.close()
    assert.deepEqual(await namesIn(path), ['a1', 'b2', 'c3'])
    assert.deepEqual(filesBeside(path), ['data.sqlite'])
  })

  test('once it is prepared, no server opens the file; dropped, one does', async () => {
    const { path, backup, store } = await setUp()
    await store.close()
    const ready = await prepareRestore(backup, path)
    await assert.rejects(openSqliteStore(path), LockedError)
    ready.drop()
    assert.deepEqual(await namesIn(path), ['a1', 'b2'])
    assert.deepEqual(filesBeside(path), ['data.sqlite'])
  })

  test('is refused while another program reads the file', async () => {
    const { path, backup, store, kept } = await setUp()
    await store.close()
    const writer = new DatabaseSync(path)
    const reader = new DatabaseSync(path, { readOnly: true })
    reader.exec('begin')
    reader.prepare('select count(*) from users').get()
    writer.exec(`update users set status = 'inactive'`)
    const ready = await prepareRestore(backup, path)
    assert.throws(() => ready.finish(kept), /is in use by another program; stop that one first/)
    reader.close()
    writer.close()
    assert.ok(!existsSync(kept))
    assert.deepEqual(await namesIn(path), ['a1', 'b2'])
    assert.deepEqual(filesBeside(path), ['data.sqlite'])
  })

  test('a backup that cannot be used is refused, and changes nothing', async () => {
    const { path, backup, store } = await setUp()
    await store.close()
    const folder = temporaryFolder()
    const file = (name: string) => join(folder, name)
    const copy = (name: string, change: (database: DatabaseSync) => void) => {
      copyFileSync(backup, file(name))
      const database = new DatabaseSync(file(name))
      change(database)
      database.close()
      return file(name)
    }
    writeFileSync(file('text'), 'not a database at all'.repeat(100))
    writeFileSync(file('empty'), '')
    copyFileSync(backup, file('cut'))
    truncateSync(file('cut'), 8192)
    const bytes = readFileSync(backup)
    bytes.fill(0x78, 4096, 12_288)
    writeFileSync(file('damaged'), bytes)
    const newer = copy('newer', (database) => {
      database.exec(`insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01')`)
    })
    for (const [source, kind, sentence] of [
      [file('none'), RestoreError, /does not exist/],
      [file('text'), RestoreError, /is no backup of Sluice/],
      [file('empty'), RestoreError, /is no backup of Sluice/],
      [file('cut'), RestoreError, /is damaged/],
      [file('damaged'), RestoreError, /is damaged/],
      [path, RestoreError, /is the data file itself/],
      [newer, NewerSchemaError, /9999-later/],
    ] as const) {
      await assert.rejects(prepareRestore(source, path), (error: Error) => {
        assert.ok(error instanceof kind, `${source}: ${error}`)
        assert.match(error.message, sentence)
        return true
      })
      assert.deepEqual(await namesIn(path), ['a1', 'b2'])
      assert.deepEqual(filesBeside(path), ['data.sqlite'])
    }
  })

  test("another program's file is not moved out of the way", async () => {
    const { backup, store } = await setUp()
    await store.close()
    const path = join(temporaryFolder(), 'influxd.bolt')
    writeFileSync(path, 'something else entirely')
    await assert.rejects(prepareRestore(backup, path), ForeignFileError)
    assert.equal(readFileSync(path, 'utf8'), 'something else entirely')
  })
})
