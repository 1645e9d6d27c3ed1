import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { suite, test } from 'node:test'
import { temporaryFolder } from '../support/folder.ts'
import { bearer, get, post, setUpServer, signIn } from './api.ts'
import { startSluice } from './sluice.ts'

suite('a restart', { concurrency: true }, () => {
  test('ends sessions, keeps users, passwords and tokens, and new ids are greater than the old ones', async (t) => {
    const path = join(temporaryFolder(), 'data.sqlite')
    const first = await startSluice(t, ['--sqlite-path', path])
    const { token } = await setUpServer(first.url)
    const { cookie } = await signIn(first.url)
    assert.equal((await get(first.url, '/api/v2/me', cookie)).status, 200)
    const before = await post(first.url, '/api/v2/users', bearer(token), { name: 'before' })
    assert.deepEqual(await first.stop(), { code: 0, signal: null })

    const second = await startSluice(t, ['--sqlite-path', path])
    assert.equal((await get(second.url, '/api/v2/me', cookie)).status, 401)
    assert.equal((await get(second.url, '/api/v2/me', bearer(token))).json.name, 'ada')
    assert.equal((await signIn(second.url)).status, 204)
    const after = await post(second.url, '/api/v2/users', bearer(token), { name: 'after' })
    assert.ok(after.json.id > before.json.id)
  })

  test('after an import from InfluxDB does not take the ids of that for times, and makes ids above them', async (t) => {
    const path = join(temporaryFolder(), 'data.sqlite')
    const first = await startSluice(t, ['--sqlite-path', path])
    const { token } = await setUpServer(first.url)
    await first.stop()
    const database = new DatabaseSync(path)
    database.exec('delete from clock_mark')
    database.exec(
      "insert into users (id, name, name_key, status) values ('11b1a35e342ad000', 'bob', 'bob', 'active')",
    )
    database.close()

    const second = await startSluice(t, ['--sqlite-path', path])
    const { json } = await post(second.url, '/api/v2/users', bearer(token), { name: 'after' })
    assert.ok(json.id > '11b1a35e342ad000', json.id)
    await second.stop()
    assert.doesNotMatch(second.output(), /the clock is/)
  })

  test('of a store in memory keeps nothing, and writes no file but that of the process id', async (t) => {
    const pidFile = join(temporaryFolder(), 'sluice.pid')
    const first = await startSluice(t, ['--store', 'memory', '--pid-file', pidFile])
    assert.equal(readFileSync(pidFile, 'utf8'), `${first.child.pid}\n`)
    assert.equal(statSync(pidFile).mode & 0o777, 0o600)
    await setUpServer(first.url)
    assert.equal((await get(first.url, '/api/v2/setup')).json.allowed, false)
    assert.deepEqual(readdirSync(first.folder), [])
    await first.stop('SIGINT')
    assert.ok(!existsSync(pidFile))
    const second = await startSluice(t, ['--store', 'memory'])
    assert.equal((await get(second.url, '/api/v2/setup')).json.allowed, true)
  })
})
