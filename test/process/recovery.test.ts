/** `sluice recovery` on each kind of database, with servers running and stopped. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { suite, type TestContext, test } from 'node:test'
import { startRedis } from '../../scripts/engines/redis.ts'
import { emptyDatabase, query, withoutPostgres } from '../support/engines/postgres.ts'
import { temporaryFolder } from '../support/folder.ts'
import { cookieOf, send } from '../support/http.ts'
import { withoutRedis } from '../support/redis.ts'
import { enrolApp } from '../support/second-factor.ts'
import { basic, bearer, get, PASSWORD, post, setUpServer, signIn } from './api.ts'
import { runSluice, startSluice } from './sluice.ts'

const NEW_PASSWORD = 'another horse altogether'

const me = async (url: string, headers: Record<string, string>) =>
  (await get(url, '/api/v2/me', headers)).status

async function remembered(url: string): Promise<Record<string, string>> {
  return { cookie: cookieOf(await post(url, '/api/v2/signin?remember=true', basic('ada', PASSWORD))) }
}

function commandsOn(flags: readonly string[]) {
  return (command: string, stdin = '') => runSluice(['recovery', ...command.split(' '), ...flags], { stdin })
}

async function onFile(t: TestContext) {
  const flags = ['--sqlite-path', join(temporaryFolder(), 'data.sqlite')]
  const start = (more: readonly string[] = []) => startSluice(t, [...flags, ...more])
  return { start, run: commandsOn(flags) }
}

async function onPostgres(t: TestContext, more: readonly string[] = []) {
  const postgres = await emptyDatabase()
  const flags = ['--store', 'postgres', '--postgres-url', postgres, ...more]
  return { postgres, start: () => startSluice(t, flags), run: commandsOn(flags) }
}

async function onCluster(t: TestContext) {
  const redis = await startRedis()
  t.after(() => redis.stop())
  const cluster = await onPostgres(t, ['--session-store', 'redis', '--redis-url', redis.url])
  return { redis, ...cluster }
}

/** A server after setup, and the cookies of two sessions, the second one remembered. */
async function signedIn(server: { url: string }) {
  const made = await setUpServer(server.url)
  const cookies = [(await signIn(server.url)).cookie, await remembered(server.url)]
  for (const each of cookies) assert.equal(await me(server.url, each), 200)
  return { ...made, cookies }
}

suite('recovery of a file', { concurrency: true }, () => {
  test('a new password ends all sessions, including remembered ones', async (t) => {
    const { start, run } = await onFile(t)
    const server = await start()
    const { cookies, token } = await signedIn(server)
    await server.stop()
    const done = await run('user update --username ada', `${NEW_PASSWORD}\n`)
    assert.deepEqual([done.code, done.err], [0, ''])
    assert.equal(
      done.out,
      'ada is active and has the new password.\nAll earlier sessions of ada have ended; tokens still work.\n',
    )
    const again = await start()
    for (const each of cookies) assert.equal(await me(again.url, each), 401)
    assert.equal(await me(again.url, bearer(token)), 200)
    assert.equal((await signIn(again.url, 'ada', NEW_PASSWORD)).status, 204)
  })

  test('removes second factors, so that the password is enough again', async (t) => {
    const { start, run } = await onFile(t)
    const flags = ['--second-factor', 'offered']
    const server = await start(flags)
    await setUpServer(server.url)
    const { cookie } = await signIn(server.url)
    await enrolApp(server.url, { cookie: String(cookie.cookie) })
    assert.equal((await post(server.url, '/api/v2/signin', basic('ada', PASSWORD))).status, 401)
    await server.stop()
    const done = await run('user reset-factors --username ada')
    assert.deepEqual([done.code, done.err], [0, ''])
    assert.match(done.out, /^Removed 1 second factor of ada, /)
    const again = await start(flags)
    assert.equal((await signIn(again.url)).status, 204)
    const events = await get(again.url, '/api/v2/audit?event=factor.reset', (await signIn(again.url)).cookie)
    assert.equal(events.json.events[0].userAgent, 'sluice recovery')
  })

  test('lists and unlinks identities, and resets the factors of somebody who has no password', async (t) => {
    const { start, run } = await onFile(t)
    const server = await start()
    const { token } = await setUpServer(server.url)
    const cookies = await remembered(server.url)
    const made = await post(server.url, '/api/v2/users', bearer(token), { name: 'grace' })
    const corp = { provider: 'corp', issuer: 'https://id.corp.test', subject: '00u1' }
    const [ada] = (await get(server.url, '/api/v2/users?name=ada', bearer(token))).json.users
    const link = async (id: string, identity: object) => {
      const linked = await post(server.url, `/api/v2/users/${id}/identities`, bearer(token), identity)
      assert.equal(linked.status, 201, linked.text)
      return linked.json.id as string
    }
    const id = await link(made.json.id, corp)
    const own = await link(ada.id, { ...corp, subject: '00u2' })
    await server.stop()

    const all = await run('identity list')
    assert.deepEqual([all.code, all.err], [0, ''])
    assert.match(all.out, new RegExp(`${id} +grace +corp +never +https://id.corp.test +00u1`))
    assert.match(all.out, /ada +corp +never +https:\/\/id.corp.test +00u2/)
    const ofAda = await run('identity list --username ada')
    assert.ok(ofAda.out.includes(own) && !ofAda.out.includes(id), ofAda.out)

    const reset = await run('user reset-factors --username grace')
    assert.match(reset.out, /They sign in through corp alone, and must enrol/)
    for (const [wrong, message] of [
      ['', /--identity is missing/],
      [' --identity nonsense', /sluice recovery identity list/],
      [` --identity ${made.json.id}`, /there is no identity/],
    ] as const) {
      const refused = await run(`identity unlink${wrong}`)
      assert.ok(Number(refused.code) > 0)
      assert.match(refused.err, message)
    }
    const unlinked = await run(`identity unlink --identity ${id}`)
    assert.deepEqual([unlinked.code, unlinked.err], [0, ''])
    assert.match(
      unlinked.out,
      /^Unlinked corp from grace\. .*\ngrace cannot sign in any more\..*user update --id/,
    )
    const second = await run(`identity unlink --identity ${own}`)
    assert.equal(second.out, 'Unlinked corp from ada. All earlier sessions of ada have ended.\n')
    assert.equal((await run('identity list')).out.includes('corp'), false)

    const again = await start()
    assert.equal(await me(again.url, cookies), 401)
    const { events } = (await get(again.url, '/api/v2/audit?event=identity.unlink', bearer(token))).json
    assert.deepEqual(
      events.map((each: { userAgent: string }) => each.userAgent),
      ['sluice recovery', 'sluice recovery'],
    )
  })

  test('a created, promoted and activated user administers an instance that had no usable administrator', async (t) => {
    const { start, run } = await onFile(t)
    const server = await start()
    const { userID, orgID, token } = await setUpServer(server.url)
    await server.stop()

    const short = await run('user create --username bea', 'short\n')
    assert.deepEqual([short.code, short.out], [1, ''])
    assert.match(short.err, /passwords must be between 8 and 72/)
    const taken = await run('user create --username ada', `${NEW_PASSWORD}\n`)
    assert.deepEqual([taken.code, taken.err], [1, 'sluice: user with name ada already exists\n'])
    const named = await run('user create --username altogether', 'altogether1\n')
    assert.match(named.err, /little more than the name of the user/)

    const created = await run('user create --username bea', `${NEW_PASSWORD}\n`)
    assert.deepEqual([created.code, created.err], [0, ''])
    const id = /with the id ([0-9a-f]{16})\. They can sign in/.exec(created.out)?.[1] ?? ''
    assert.match(created.out, /sluice recovery user update --id [0-9a-f]{16} --operator\n$/)
    assert.ok(!created.out.includes(NEW_PASSWORD))

    const second = await start()
    const bea = await signIn(second.url, 'bea', NEW_PASSWORD)
    assert.equal(bea.status, 204)
    assert.equal((await post(second.url, '/api/v2/users', bea.cookie, { name: 'cai' })).status, 401)
    const off = { method: 'PATCH', path: `/api/v2/users/${id}`, body: '{"status":"inactive"}' }
    assert.equal((await send(second.url, { ...off, headers: bearer(token) })).status, 200)
    await second.stop()

    const refused = await run(`auth create-operator --id ${id}`)
    assert.deepEqual([refused.code, refused.out], [1, ''])
    assert.match(refused.err, /bea is inactive, so the token would not work; activate the user first/)
    const operator = await run(`user update --id ${id} --operator`)
    assert.deepEqual(
      [operator.code, operator.out],
      [0, 'bea is now active and an operator, and may do everything.\n'],
    )
    const made = await run('auth create-operator --username bea')
    assert.deepEqual([made.code, made.err], [0, ''])
    assert.match(
      made.out,
      /^bea has a new operator token in works\. It may do everything\. It is shown only once/,
    )
    const own = made.out.trim().split('\n').at(-1) ?? ''
    const listed = await run('auth list')
    assert.match(listed.out, /^ID +STATUS +USER +OPERATOR +EXPIRES +DESCRIPTION\n/)
    assert.match(listed.out, /active +bea +yes +never +bea's Recovery Token\n/)
    assert.ok(!listed.out.includes(own))

    const last = await start()
    const back = await signIn(last.url, 'bea', NEW_PASSWORD)
    assert.equal((await post(last.url, '/api/v2/users', back.cookie, { name: 'cai' })).status, 201)
    assert.equal((await post(last.url, '/api/v2/users', bearer(own), { name: 'dan' })).status, 201)
    const { json } = await get(last.url, '/api/v2/audit?limit=100', bearer(own))
    const ofCommand = (json.events as { userAgent: string; actor: object; event: string }[]).filter(
      ({ userAgent }) => userAgent === 'sluice recovery',
    )
    for (const { actor } of ofCommand) assert.deepEqual(actor, {})
    assert.deepEqual(ofCommand.map(({ event }) => event).toReversed(), [
      'user.create',
      'user.update',
      'owner.add',
      'authorization.create',
    ])
    assert.ok(userID && orgID)
  })

  test('an organization is created for a token that needs one; messages about missing names say what to do', async (t) => {
    const { start, run } = await onFile(t)
    await (await start()).stop()
    assert.equal((await run('user create --username ada --operator', `${NEW_PASSWORD}\n`)).code, 0)
    const without = await run('auth create-operator --username ada')
    assert.deepEqual([without.code, without.out], [1, ''])
    assert.match(without.err, /no organization exists for the token; create one first/)
    assert.match(
      (await run('auth create-operator --username ada --org no')).err,
      /there is no organization no/,
    )
    assert.match(
      (await run('auth create-operator --username no')).err,
      /there is no user no; sluice recovery user list/,
    )
    const created = await run('org create --org works --username ada')
    assert.match(created.out, /^Created the organization works with the id [0-9a-f]{16}, owned by ada\.\n$/)
    assert.equal(
      (await run('org create --org works')).err,
      'sluice: organization with name works already exists\n',
    )
    assert.match((await run('org list')).out, /^ID +NAME\n[0-9a-f]{16} {2}works\n$/)
    assert.equal((await run('auth create-operator --username ada')).code, 0)
    for (const unclear of ['user create', 'auth create-operator', 'org create', 'org', 'user delete', '']) {
      const { code, err } = await run(unclear)
      const says = / is missing\n$| is not a command; | needs a command after it; /.test(err)
      assert.deepEqual([code, says], [2, true], `${unclear}: ${err}`)
    }
    const server = await start()
    assert.equal((await get(server.url, '/api/v2/setup')).json.allowed, false)
    const { cookie } = await signIn(server.url, 'ada', NEW_PASSWORD)
    assert.equal((await get(server.url, '/api/v2/overview', cookie)).status, 200)
  })
})

suite('recovery of PostgreSQL', { skip: withoutPostgres, concurrency: true }, () => {
  for (const [name, open] of [
    ['sessions in memory', onPostgres],
    ['sessions in Redis', onCluster],
  ] as const) {
    const options = open === onCluster ? withoutRedis : {}
    test(
      `${name}: a new password ends all sessions, on running servers and after a restart`,
      options,
      async (t) => {
        const { start, run } = await open(t)
        const server = await start()
        const { cookies, token } = await signedIn(server)
        const done = await run('user update --username ada', `${NEW_PASSWORD}\n`)
        assert.deepEqual([done.code, done.err], [0, ''])
        assert.match(
          done.out,
          /\nAll earlier sessions of ada have ended, on running servers too; tokens still work\.\n$/,
        )
        for (const each of cookies) assert.equal(await me(server.url, each), 401)
        const after = await signIn(server.url, 'ada', NEW_PASSWORD)
        assert.equal(await me(server.url, after.cookie), 200)
        const { json } = await get(server.url, '/api/v2/audit?event=password.reset', bearer(token))
        assert.deepEqual(json.events[0].actor, {})

        await server.stop()
        assert.equal((await run('user update --username ada', `${PASSWORD}\n`)).code, 0)
        const again = await start()
        for (const each of [...cookies, after.cookie]) assert.equal(await me(again.url, each), 401)
        assert.equal(await me(again.url, bearer(token)), 200)
      },
    )

    test(
      `${name}: a new operator has all permissions on running servers when the command returns`,
      options,
      async (t) => {
        const { start, run } = await open(t)
        const server = await start()
        const { token } = await setUpServer(server.url)
        assert.equal((await run('user create --username bea', `${NEW_PASSWORD}\n`)).code, 0)
        const { cookie } = await signIn(server.url, 'bea', NEW_PASSWORD)
        assert.equal((await get(server.url, '/api/v2/overview', cookie)).status, 401)
        assert.equal((await run('user update --username bea --operator')).code, 0)
        assert.equal((await get(server.url, '/api/v2/overview', cookie)).status, 200)
        assert.equal(await me(server.url, bearer(token)), 200)
      },
    )
  }

  test(
    'sessions end even if the command cannot reach Redis or has no Redis configured',
    withoutRedis,
    async (t) => {
      const { start, run, postgres } = await onCluster(t)
      const server = await start()
      const { cookies } = await signedIn(server)
      const elsewhere = commandsOn([
        ...['--store', 'postgres', '--postgres-url', postgres],
        ...['--session-store', 'redis', '--redis-url', 'redis://127.0.0.1:1'],
      ])
      const done = await elsewhere('user update --username ada', `${NEW_PASSWORD}\n`)
      assert.deepEqual([done.code, done.err], [0, ''])
      assert.match(
        done.out,
        /Redis cannot be reached \(.*\), so ended sessions stay there .* No server accepts them/,
      )
      for (const each of cookies) assert.equal(await me(server.url, each), 401)

      const { cookie } = await signIn(server.url, 'ada', NEW_PASSWORD)
      assert.equal(await me(server.url, { cookie }.cookie), 200)
      const unaware = commandsOn(['--store', 'postgres', '--postgres-url', postgres])
      assert.equal((await unaware('user update --username ada', `${PASSWORD}\n`)).code, 0)
      assert.equal(await me(server.url, cookie), 401)
      assert.ok((await run('user list')).out.includes('ada'))
      assert.equal((await query(postgres, 'select * from session_key')).length, 1)
    },
  )
})
