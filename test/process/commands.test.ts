import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { suite, test } from 'node:test'
import { VERSION } from '../../src/compose/version.ts'
import { temporaryFolder } from '../support/folder.ts'
import { send } from '../support/http.ts'
import { bearer, get, PASSWORD, post, setUpServer, signIn } from './api.ts'
import { runSluice, startSluice } from './sluice.ts'

const NEW_PASSWORD = 'another horse altogether'

suite('commands', { concurrency: true }, () => {
  test('version, help and print-config write to standard output', async () => {
    const [version, help, config] = await Promise.all([
      runSluice(['version']),
      runSluice(['--help']),
      runSluice(['print-config', '--session-length', '30m']),
    ])
    assert.deepEqual([version.code, version.out, version.err], [0, `sluice ${VERSION}\n`, ''])
    assert.deepEqual([help.code, help.err], [0, ''])
    assert.match(help.out, /^Sluice: [\s\S]*Usage: sluice [\s\S]* serve .*Run the server/)
    assert.deepEqual([config.code, config.err], [0, ''])
    assert.match(config.out, /session-length.*30m.*--session-length/)
  })

  test('setup sets up a running server, with the password from standard input', async (t) => {
    const server = await startSluice(t, ['--store', 'memory'])
    const names = ['--host', server.url, '--username', 'ada', '--org', 'works', '--bucket', 'points']
    const short = await runSluice(['setup', ...names], { stdin: 'short\n' })
    assert.deepEqual([short.code, short.out], [1, ''])
    assert.match(short.err, /^sluice: http\S+ refused: passwords must be between 8 and 72 characters long\n$/)

    const done = await runSluice(['setup', ...names, '--retention', '2h'], { stdin: `${PASSWORD}\n` })
    assert.deepEqual([done.code, done.err], [0, ''])
    assert.match(
      done.out,
      /^Created the user ada, who owns the organization works with the bucket points\.\n/,
    )
    assert.ok(!done.out.includes(PASSWORD))
    const token = done.out.trim().split('\n').at(-1) ?? ''
    const { json } = await get(server.url, '/api/v2/buckets?name=points', bearer(token))
    assert.equal(json.buckets[0].retentionRules[0].everySeconds, 7200)
    assert.equal((await signIn(server.url)).status, 204)

    const again = await runSluice(['setup', ...names], { stdin: `${PASSWORD}\n` })
    assert.deepEqual([again.code, again.err], [1, `sluice: ${server.url} is set up already\n`])
  })

  test('backup copies acknowledged writes while writing continues', async (t) => {
    const [path, target] = [join(temporaryFolder(), 'data.sqlite'), join(temporaryFolder(), 'copy.sqlite')]
    const server = await startSluice(t, ['--sqlite-path', path])
    const { token } = await setUpServer(server.url)
    const acknowledged: string[] = []
    let copied = false
    async function writer(name: string): Promise<void> {
      for (let count = 0; !copied; count++) {
        const { json } = await post(server.url, '/api/v2/users', bearer(token), { name: `${name} ${count}` })
        acknowledged.push(json.id)
      }
    }
    const writing = Promise.all(['a', 'b', 'c'].map(writer))
    while (acknowledged.length < 30) await get(server.url, '/ping')
    const before = [...acknowledged]
    const { code, out, err } = await runSluice(['backup', target, '--sqlite-path', path])
    copied = true
    await writing
    assert.deepEqual([code, err], [0, ''])
    assert.match(
      out,
      new RegExp(`^${RegExp.escape(path)} is backed up to ${RegExp.escape(target)} \\([\\d.]+ kB\\)\n$`),
    )
    assert.ok(acknowledged.length > before.length + 3, 'writes continued during the backup')
    assert.equal(statSync(target).mode & 0o777, 0o600)
    assert.deepEqual(readdirSync(join(target, '..')), ['copy.sqlite'])

    const database = new DatabaseSync(target)
    assert.deepEqual({ ...database.prepare('pragma integrity_check').get() }, { integrity_check: 'ok' })
    const ids = new Set(
      database
        .prepare('select id from users')
        .all()
        .map(({ id }) => id),
    )
    database.close()
    for (const id of before) assert.ok(ids.has(id))
    const restored = await startSluice(t, ['--sqlite-path', target])
    assert.equal((await get(restored.url, '/api/v2/me', bearer(token))).json.name, 'ada')
  })

  test('recovery lists users and reactivates one, but not while the server runs', async (t) => {
    const data = join(temporaryFolder(), 'data.sqlite')
    const server = await startSluice(t, ['--sqlite-path', data])
    const { token, userID } = await setUpServer(server.url)
    const odd = await post(server.url, '/api/v2/users', bearer(token), { name: 'b\u001b[2J\nob' })
    const path = `/api/v2/users/${odd.json.id}`
    const body = '{"status":"inactive"}'
    await send(server.url, { method: 'PATCH', path, headers: bearer(token), body })

    const file = ['--sqlite-path', data]
    const list = ['recovery', 'user', 'list', ...file]
    const update = (name: string) => ['recovery', 'user', 'update', '--username', name, ...file]
    const stdin = `${NEW_PASSWORD}\n`
    for (const { code, out, err } of await Promise.all([
      runSluice(list),
      runSluice(update('ada'), { stdin }),
    ])) {
      assert.deepEqual([code, out], [1, ''])
      assert.match(err, /is in use by another Sluice; stop that one first/)
    }
    await server.stop()

    const listed = await runSluice(list)
    assert.deepEqual(listed.out.split('\n'), [
      'ID                STATUS    NAME',
      `${userID}  active    ada`,
      `${odd.json.id}  inactive  b\\u001b[2J\\u000aob`,
      '',
    ])
    const unknown = await runSluice(update('nobody'), { stdin })
    assert.equal(unknown.code, 1)
    assert.match(unknown.err, /^sluice: there is no user nobody; sluice recovery user list shows them\n$/)
    const updated = await runSluice(update('ada'), { stdin })
    assert.equal(updated.code, 0)
    assert.match(updated.out, /^ada is active and has the new password\.\n/)

    const again = await startSluice(t, file)
    assert.equal((await signIn(again.url)).status, 401)
    assert.equal((await signIn(again.url, 'ada', NEW_PASSWORD)).status, 204)
    assert.equal((await get(again.url, '/api/v2/me', bearer(token))).status, 200)
    const { json } = await get(again.url, '/api/v2/audit?event=password.reset', bearer(token))
    const [{ id, time, ...event }, ...others] = json.events
    assert.deepEqual([id.length, Math.abs(Date.parse(time) - Date.now()) < 60_000, others], [16, true, []])
    assert.deepEqual(event, {
      event: 'password.reset',
      outcome: 'success',
      actor: {},
      target: { type: 'user', id: userID, name: 'ada' },
      address: '',
      userAgent: 'sluice recovery',
      requestId: '',
      count: 1,
    })
  })
})
