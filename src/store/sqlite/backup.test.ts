import assert from 'node:assert/strict'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { suite, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { temporaryFolder } from '../../../test/support/folder.ts'
import type { ID } from '../../domain/base/id.ts'
import { backupSqlite } from './backup.ts'
import { openSqliteStore } from './open.ts'

function user(number: number) {
  const id = number.toString(16).padStart(16, '0') as ID
  return { id, name: `user ${number} ${'x'.repeat(200)}`, status: 'active' as const }
}

async function setUp(users: number) {
  const path = join(temporaryFolder(), 'data.sqlite')
  const store = await openSqliteStore(path)
  await store.transaction(async (records) => {
    for (let number = 1; number <= users; number++) await records.users.add(user(number))
  })
  return { path, store, target: join(temporaryFolder(), 'copy.sqlite') }
}

suite('backup', () => {
  test('a file that appears meanwhile is left alone, and no half of a copy stays', async () => {
    const { path, store, target } = await setUp(10)
    const copying = backupSqlite(path, target)
    writeFileSync(target, 'mine')
    await assert.rejects(copying, /has appeared meanwhile/)
    assert.deepEqual(readdirSync(dirname(target)), ['copy.sqlite'])
    assert.equal(statSync(target).size, 4)
    await store.close()
  })

  test('of what is no database: refused, and nothing stays', async () => {
    const { store, target } = await setUp(0)
    const path = join(temporaryFolder(), 'text')
    writeFileSync(path, 'no database at all'.repeat(100))
    await assert.rejects(backupSqlite(path, target))
    assert.deepEqual(readdirSync(dirname(target)), [])
    await store.close()
  })

  test('it ends although writing never does, and has what was there when it began', async () => {
    const { path, store, target } = await setUp(5000)
    let copied = false
    let written = 5000
    // SQLite begins anew whenever another connection writes between two steps of a copy.
    const writing = (async () => {
      while (!copied) {
        written += 1
        await store.users.add(user(written))
        await turn()
      }
    })()
    await backupSqlite(path, target).finally(() => {
      copied = true
    })
    await writing
    assert.ok(written > 5001, 'there was writing meanwhile')
    await store.close()

    assert.equal(statSync(target).mode & 0o777, 0o600)
    assert.deepEqual(readdirSync(dirname(target)), ['copy.sqlite'])
    const copy = await openSqliteStore(target)
    assert.ok((await copy.users.count()) >= 5000)
    assert.ok(await copy.users.byID(user(5000).id))
    await copy.close()
  })
})
