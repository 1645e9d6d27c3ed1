import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { jsonLines, PASSWORD, runCommand, startSetUpServer } from '../../test/support/command.ts'
import { cookieOf, send } from '../../test/support/http.ts'

/** Reverses the direction of text, ends the line and clears the screen. */
const ODD_NAME = 'b\u202e\nob\u001b[2J\u009b'

suite('sluice session', () => {
  let server: Awaited<ReturnType<typeof startSetUpServer>>
  let token: string
  let poorToken: string

  before(async () => {
    server = await startSetUpServer()
    const { orgID, post } = server
    token = server.token
    const permissions = [{ action: 'read', resource: { type: 'buckets', orgID } }]
    poorToken = (await post('/api/v2/authorizations', { orgID, permissions })).json.token
    const { id } = (await post('/api/v2/users', { name: ODD_NAME })).json
    assert.equal((await post(`/api/v2/users/${id}/password`, { password: PASSWORD })).status, 204)
  })
  after(() => server.stop())

  async function signIn(name: string, userAgent = 'a test'): Promise<string> {
    const answer = await server.signIn(name, PASSWORD, { 'user-agent': userAgent })
    assert.equal(answer.status, 204)
    return cookieOf(answer)
  }
  async function lives(cookie: string): Promise<boolean> {
    const answer = await send(server.url, { method: 'GET', path: '/api/v2/me', headers: { cookie } })
    return answer.status === 200
  }
  const run = (...argv: string[]) =>
    runCommand(['session', ...argv, '--host', server.url], { SLUICE_TOKEN: token })
  const listed = async (...argv: string[]) => jsonLines((await run('list', '--json', ...argv)).out)

  test('a forgotten flag ends no session', async () => {
    const cookie = await signIn('ada')
    for (const [argv, sentence] of [
      [[], /^sluice: session needs a command after it; /],
      [['lst'], /^sluice: session lst is not a command; did you mean session list\?/],
      [['end'], /^sluice: either --user/],
      [['end', '--id', '0a1b2c3d4e5f6071'], /^sluice: either --user/],
      [['end', '--everybody', '--user', 'ada'], /^sluice: either --user/],
      [['end', '--everybody', '--id', '0a1b2c3d4e5f6071'], /^sluice: either --user/],
      [['end', '--user', 'ada', '--id', 'zzz'], /^sluice: --id is "zzz"; it must be an id of 16 hex/],
    ] as const) {
      const { status, out, err } = await runCommand(['session', ...argv], { SLUICE_TOKEN: token })
      assert.deepEqual([status, out], [2, ''], argv.join(' '))
      assert.match(err, sentence)
    }
    assert.ok(await lives(cookie))
  })

  test('without a valid token, sends no request and prints no token', async () => {
    const none = await runCommand(['session', 'list', '--host', server.url])
    assert.deepEqual(
      [none.status, none.err],
      [2, 'sluice: a token is needed: run sluice login, set SLUICE_TOKEN, or give it with --token\n'],
    )
    const odd = await runCommand(['session', 'list', '--host', server.url, '--token', 'canary\nsecret'])
    assert.deepEqual([odd.status, odd.out], [2, ''])
    assert.doesNotMatch(odd.err, /canary|secret/)
  })

  test("prints the server's message for a refusal", async () => {
    for (const [argv, env, reason] of [
      [
        ['list'],
        'canary-secret',
        'unauthorized access: No such token exists, or its grace period after a rotation has ended',
      ],
      [['end', '--user', 'ada', '--id', '0a1b2c3d4e5f6071'], token, 'session not found'],
      [['end', '--everybody'], poorToken, 'write:instance is unauthorized'],
    ] as const) {
      const { status, out, err } = await runCommand(['session', ...argv, '--host', server.url], {
        SLUICE_TOKEN: env,
      })
      assert.deepEqual([status, out, err], [1, '', `sluice: ${server.url} refused: ${reason}\n`])
    }
    for (const [name, by] of [
      ['ada', poorToken],
      ['nobody', token],
    ] as const) {
      const argv = ['session', 'list', '--user', name, '--host', server.url]
      const { status, err } = await runCommand(argv, { SLUICE_TOKEN: by })
      const advice = 'sluice user list shows those there are'
      assert.deepEqual(
        [status, err],
        [1, `sluice: there is no user ${name} that this token may read; ${advice}\n`],
      )
    }
  })

  test('reports that no server answers, or another program', async () => {
    // No program listens on port 1, which is reserved.
    const nobody = await runCommand(['session', 'list', '--host', 'http://127.0.0.1:1', '--token', 'x'])
    assert.equal(nobody.status, 1)
    assert.match(nobody.err, /^sluice: http:\/\/127\.0\.0\.1:1 does not answer; /)
    const file = await runCommand(['session', 'list', '--host', 'file:///tmp', '--token', 'x'])
    assert.match(file.err, /^sluice: --host is "file:\/\/\/tmp"; it must be a URL/)
  })

  test('lists the caller’s own sessions, or those of a user, in columns', async () => {
    await run('end', '--user', 'ada')
    await signIn('ada', 'odd\u009b2J')
    const { status, out } = await run('list')
    assert.equal(status, 0)
    const [head, line, ...rest] = out.split('\n')
    assert.match(
      head ?? '',
      /^ID {16}SIGNED IN {17}LAST USED {17}EXPIRES {19}REMEMBERED {2}ADDRESS {4}USER AGENT$/,
    )
    assert.match(
      line ?? '',
      /^[0-9a-f]{16}( {2}\d{4}-\d\d-\d\dT[\d:.]+Z){3} {2}no {10}127\.0\.0\.1 {2}odd\\u009b2J$/,
    )
    assert.deepEqual(rest, [''])
    assert.deepEqual(await listed('--user', 'ada'), await listed())
  })

  test('says whose sessions there are none of', async () => {
    await run('end', '--everybody')
    const none = await run('list')
    assert.deepEqual(
      [none.status, none.out, none.err],
      [0, '', 'the user of this token has no session; --user names another\n'],
    )
    assert.equal((await run('list', '--user', 'ada')).err, 'ada has no session\n')
  })

  test('on a terminal, all sessions are ended only after a yes', async () => {
    const cookie = await signIn('ada')
    const argv = ['session', 'end', '--everybody', '--host', server.url]
    const env = { SLUICE_TOKEN: token }
    for (const answer of ['', 'n', 'yess']) {
      const { status, err } = await runCommand(argv, env, { stdin: [answer] })
      assert.equal(status, 1)
      assert.match(err, /End all sessions of all users\? \[y\/N\]: [\s\S]*sluice: nothing was changed\n$/)
    }
    assert.ok(await lives(cookie))
    assert.equal((await runCommand(argv, env, { stdin: ['y'] })).status, 0)
    assert.ok(!(await lives(cookie)))
  })

  test('ends one session, all of a user, all of all users', async () => {
    await run('end', '--everybody')
    const [first, second] = [await signIn(ODD_NAME, 'first'), await signIn(ODD_NAME, 'second')]
    const ada = await signIn('ada')
    const [newest, oldest] = await listed('--user', ODD_NAME)
    assert.deepEqual([newest.userAgent, oldest.userAgent], ['second', 'first'])

    const one = await run('end', '--user', ODD_NAME, '--id', oldest.id)
    assert.deepEqual(
      [one.status, one.out],
      [0, `Ended the session ${oldest.id} of b\\u202e\\u000aob\\u001b[2J\\u009b.\n`],
    )
    assert.deepEqual([await lives(first), await lives(second)], [false, true])

    // A session can be ended only through its own user.
    const [own] = await listed()
    const others = await run('end', '--user', ODD_NAME, '--id', own.id)
    assert.match(others.err, /refused: session not found/)

    assert.equal((await run('end', '--user', ODD_NAME)).status, 0)
    assert.deepEqual([await lives(second), await lives(ada)], [false, true])
    const all = await run('end', '--everybody')
    assert.deepEqual([all.status, all.out], [0, 'Ended all sessions of all users.\n'])
    assert.equal(await lives(ada), false)
  })
})
