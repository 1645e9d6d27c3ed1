import assert from 'node:assert/strict'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { openPostgresStore } from '../../src/store/postgres/open.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { emptyDatabase, query, withoutPostgres } from '../support/engines/postgres.ts'
import { temporaryFolder } from '../support/folder.ts'
import { get, PASSWORD, setUpServer, signIn } from './api.ts'
import { runSluice, spawnSluice, startSluice } from './sluice.ts'

suite('sluice move', { skip: withoutPostgres }, () => {
  test('prints its usage, and what is wrong with its arguments', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'data.sqlite')
    await (await openSqliteStore(file)).close()
    const usage = /^sluice: usage: sluice move --from sqlite:FILE --to postgres:URL\n$/
    const to = ['--to', 'postgres://ada:hunter2@127.0.0.1:1/d']
    const refused: [args: string[], status: number, sentence: RegExp][] = [
      [[], 2, usage],
      [['--from', 'sqlite:', ...to], 2, usage],
      [['--from', 'mysql:x', ...to], 2, usage],
      [['--from', `sqlite:${folder}/none`, ...to], 1, /^sluice: there is no data in \S+none; /],
      [['--from', `sqlite:${file}`, ...to], 1, /^sluice: PostgreSQL at 127\.0\.0\.1:1\/d cannot be used: /],
      [
        ['--from', `sqlite:${file}`, '--to', 'postgres:'],
        2,
        /^sluice: no URL of PostgreSQL is given; give --postgres-url /,
      ],
    ]
    for (const [args, status, sentence] of refused) {
      const { code, err } = await runSluice(['move', ...args])
      assert.equal(code, status, args.join(' '))
      assert.match(err, sentence)
      assert.ok(!err.includes('hunter2'))
    }
  })

  test('is refused while a server has the file open; after kill -9 the target is empty and a second run succeeds', async (t) => {
    const [file, url] = [join(temporaryFolder(), 'data.sqlite'), await emptyDatabase()]
    const args = ['move', '--from', `sqlite:${file}`, '--to', `postgres:${url}`]
    const server = await startSluice(t, ['--sqlite-path', file])
    const { token } = await setUpServer(server.url)
    const busy = await runSluice(args)
    assert.equal(busy.code, 1)
    assert.match(busy.err, /is in use by another Sluice; stop that one first/)
    await server.stop()

    const target = await openPostgresStore({ url, poolSize: 2, timeoutMs: 5000 })
    // Writing the users blocks here, after the tables before them were written.
    const holder = new pg.Client({ connectionString: url })
    await holder.connect()
    await holder.query('begin; lock table users in share mode')
    const { child, ended } = spawnSluice(args)
    const writing = `select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like 'insert into "users"%'`
    while ((await query(url, writing)).length === 0) await sleep(20)
    child.kill('SIGKILL')
    await ended
    await holder.end()
    const store = ['--store', 'postgres', '--postgres-url', url]
    for (let tries = 0; tries < 100 && (await query(url, writing)).length > 0; tries++) await sleep(20)
    assert.equal(await target.users.count(), 0)
    assert.deepEqual(await target.authorizations.list({}), [])

    const { code, out, err } = await runSluice(args)
    assert.deepEqual([code, err], [0, ''])
    assert.match(out, /^authorizations: 1 rows, checksum [0-9a-f]{32}$/m)
    assert.match(out, /\ncopied \d+ rows from \S+ to PostgreSQL at \S+; the checksums of all tables match\n$/)
    assert.ok(!out.includes(new URL(url).password))
    const again = await runSluice(args)
    assert.equal(again.code, 1)
    assert.match(again.err, /holds data already/)
    await target.close()

    const moved = await startSluice(t, store)
    assert.ok(!moved.output().includes(new URL(url).password))
    assert.equal((await get(moved.url, '/api/v2/me', { authorization: `Token ${token}` })).json.name, 'ada')
    assert.equal((await signIn(moved.url, 'ada', PASSWORD)).status, 204)
    assert.deepEqual((await moved.stop()).code, 0)
  })
})
