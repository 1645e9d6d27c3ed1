import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  jsonLines,
  PASSWORD,
  runCommand,
  startCommand,
  startSetUpServer,
} from '../../test/support/command.ts'
import { type StubUpstream, startStubUpstream } from '../../test/support/stub-upstream.ts'

const ODD_NAME = 'mal\nory\u001b[2J\u009b'

suite('sluice audit', () => {
  let server: Awaited<ReturnType<typeof startSetUpServer>>
  let upstream: StubUpstream

  before(async () => {
    upstream = await startStubUpstream()
    server = await startSetUpServer(['--audit-data', ...upstream.argv])
    await server.post('/api/v2/users', { name: ODD_NAME })
    await server.signIn('ada', PASSWORD)
    await server.signIn('ada', 'canary-password')
    await server.signIn('ada', 'canary-password')
  })
  after(async () => {
    await server.stop()
    await upstream.stop()
  })

  const run = (...argv: string[]) =>
    runCommand(['audit', ...argv, '--host', server.url], { SLUICE_TOKEN: server.token })
  const events = async (...argv: string[]) => jsonLines((await run('--json', ...argv)).out)

  test('a filter that is none is wrong usage, and not an empty log', async () => {
    for (const [argv, sentence] of [
      [['--start', 'yesterday'], /^sluice: --start must be a time such as .*; --since takes a duration/],
      [['--stop', '2h'], /^sluice: --stop must be a time/],
      [['--outcome', 'bogus'], /^sluice: --outcome is "bogus"; it must be one of success, refused,/],
      [['--event', 'sign-in'], /^sluice: --event is "sign-in"; did you mean signin\?\n$/],
      [['--event', 'bogus'], /^sluice: --event is "bogus"; it must be one of signin, /],
      [['--limit', '0'], /^sluice: --limit is "0"/],
      [['--since', '5m', '--start', '2001-01-01T00:00:00Z'], /^sluice: --since and --start are both given/],
      [['--follow', '--stop', '2001-01-01T00:00:00Z'], /^sluice: --follow goes on until/],
    ] as const) {
      const { status, out, err } = await run(...argv)
      assert.deepEqual([status, out], [2, ''], argv.join(' '))
      assert.match(err, sentence)
    }
    const none = await run('--event', 'import')
    assert.deepEqual([none.status, none.err], [0, 'no event matches\n'])
  })

  test("prints the server's message for a refusal, and why a token is refused", async () => {
    const wrong = await runCommand(['audit', '--host', server.url, '--token', 'canary-secret'])
    const why = 'No such token exists, or its grace period after a rotation has ended'
    assert.deepEqual(
      [wrong.status, wrong.err],
      [1, `sluice: ${server.url} refused: unauthorized access: ${why}\n`],
    )
    const nobody = await run('--user', 'nobody')
    assert.equal(nobody.status, 1)
    assert.match(nobody.err, /^sluice: there is no user nobody that this token may read/)
  })

  test('--since takes a duration', async () => {
    assert.ok((await events('--since', '1h')).length > 3)
    await sleep(1100)
    assert.deepEqual(await events('--since', '1s'), [])
  })

  test('on a terminal of 80 columns sentences are wrapped and nothing is wider', async () => {
    const { out } = await runCommand(
      ['audit', '--host', server.url],
      { SLUICE_TOKEN: server.token },
      { columns: 80 },
    )
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is looked for
    const plain = out.replaceAll(/\x1b\[\d+m/g, '')
    for (const line of plain.split('\n')) assert.ok(line.length <= 80, line)
    assert.match(plain, /^TIME +OUTCOME +(COUNT +)?(ADDRESS +)?WHAT HAPPENED\n/)
    assert.ok(out.includes('\x1b[31mrefused\x1b[0m'), out)
    const without = await runCommand(
      ['audit', '--host', server.url],
      { SLUICE_TOKEN: server.token, NO_COLOR: '1' },
      { columns: 80 },
    )
    assert.ok(!without.out.includes('\x1b'))
  })

  test('prints events as sentences, newest first; no name can forge a line or move the cursor', async () => {
    const { status, out } = await run()
    assert.equal(status, 0)
    const [head, ...lines] = out.trimEnd().split('\n')
    assert.match(head ?? '', /^TIME +EVENT +OUTCOME +COUNT +ADDRESS +WHAT HAPPENED$/)
    const creation = lines.find((line) => line.includes('user.create'))
    const made = String.raw`ada created the user "mal\u000aory\u001b[2J\u009b" (by token "ada's Token")`
    assert.ok(creation?.endsWith(made), creation ?? out)
    assert.match(creation ?? '', /Z +user.create +success +1 +127\.0\.0\.1 +ada created/)
    assert.ok(lines.some((line) => line.endsWith('  Sign-in as ada was refused')))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the output must not contain them
    assert.doesNotMatch(out, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    assert.match(lines.at(-1) ?? '', / setup /)
  })

  test('puts a name that reads like a sentence in quotation marks', async () => {
    const name = 'bob" to works as owner, and "eve'
    await server.post('/api/v2/users', { name })
    const { out } = await run('--event', 'user.create', '--limit', '1')
    assert.ok(out.includes('ada created the user "bob"" to works as owner, and ""eve" (by token'), out)
  })

  test("prints the API's events as JSON lines that are safe to display", async () => {
    const { out } = await run('--json', '--event', 'user.create', '--search', 'mal')
    assert.equal(out.split('\n').length, 2)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the output must not contain them
    assert.doesNotMatch(out, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    const { actor, target } = JSON.parse(out)
    assert.deepEqual([target.name, actor.userName], [ODD_NAME, 'ada'])
    assert.equal(actor.authorizationDescription, "ada's Token")
  })

  test('filters', async () => {
    const [refused, ...others] = await events('--event', 'signin', '--outcome', 'refused')
    assert.deepEqual([refused.count, others.length], [2, 0])
    const ofAda = await events('--user', 'ada', '--event', 'signin')
    assert.deepEqual(ofAda.map(({ outcome }) => outcome).sort(), ['refused', 'success'])
    assert.deepEqual(
      (await events('--search', 'MAL')).map(({ event }) => event),
      ['user.create'],
    )
    assert.deepEqual(await events('--stop', '2001-01-01T00:00:00Z'), [])
    assert.equal((await events('--start', '2001-01-01T00:00:00Z', '--limit', '2')).length, 2)
  })

  test('prints a query with its status, its duration, and the beginning of its text in one line', async () => {
    const flux = `buckets()\n\u001b[2J  |> limit(n: 1) // "${'x'.repeat(200)}`
    const path = `/api/v2/query?orgID=${server.orgID}`
    const headers = { authorization: `Token ${server.token}`, 'content-type': 'application/vnd.flux' }
    const answer = await fetch(`${server.url}${path}`, { method: 'POST', headers, body: flux })
    assert.equal(answer.status, 200)
    const { out } = await run('--event', 'data.query')
    const told = String.raw`ada queried data in works (by token "ada's Token") (200, N ms): "buckets() \u001b[2J |> limit(n: 1) // ""`
    const line = out.split('\n')[1]?.replace(/\d+ ms/, 'N ms') ?? ''
    assert.ok(line.includes(told), line)
    assert.ok(line.trimEnd().endsWith('xx …"'), line)
    assert.equal((await events('--event', 'data.query'))[0].statement, flux)
  })

  test('prints no secret', async () => {
    const { out } = await run('--json')
    for (const secret of [server.token, PASSWORD, 'canary-password', 'canary-secret']) {
      assert.ok(!out.includes(secret))
    }
  })

  test('reads all pages, each event once', async () => {
    for (let count = 0; count < 120; count++) await server.post('/api/v2/users', { name: `user ${count}` })
    for (const [limit, found] of [
      [100, 100],
      [110, 110],
      [1000, 122],
    ] as const) {
      const read = await events('--event', 'user.create', '--limit', String(limit))
      assert.equal(read.length, found)
      assert.equal(new Set(read.map(({ id }) => id)).size, found)
    }
  })

  test('--follow prints what happens, once, the newest last, until it is stopped', async () => {
    const stop = new AbortController()
    const following = startCommand(
      ['audit', '--follow', '--limit', '1', '--event', 'user.create', '--json', '--host', server.url],
      { env: { SLUICE_TOKEN: server.token }, stopped: stop.signal },
    )
    await following.written('"user.create"')
    await server.post('/api/v2/users', { name: 'followed one' })
    await server.post('/api/v2/users', { name: 'followed two' })
    await following.written('followed two')
    await server.post('/api/v2/users', { name: 'followed three' })
    await following.written('followed three')
    stop.abort()
    const { status, out } = await following.ended
    assert.equal(status, 0)
    const names = jsonLines(out).map(({ target }) => target.name)
    assert.equal(names.length, 4, 'the last one before it began, and no other')
    assert.deepEqual(names.slice(1), ['followed one', 'followed two', 'followed three'])
  })

  test('--follow ends without an error once nothing reads its output', async () => {
    const env = { SLUICE_TOKEN: server.token }
    const following = startCommand(['audit', '--follow', '--host', server.url], { env })
    await following.written('WHAT HAPPENED')
    following.closePipe()
    assert.equal((await following.ended).status, 0)
  })
})
