/** `sluice upstream`, on a running server. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { jsonLines, runCommand } from '../support/command.ts'
import { startUpstream } from '../support/influxd/upstream.ts'
import { type MirroredServer, startMirrored } from './world.ts'

suite('sluice upstream', () => {
  let server: MirroredServer
  before(async () => {
    server = await startMirrored(await startUpstream())
  })
  after(async () => {
    await server.stop()
    await server.upstream.stop()
  })
  const run = (...argv: string[]) =>
    runCommand(['upstream', ...argv, '--host', server.url], { SLUICE_TOKEN: server.token })

  test('wrong usage is refused with status 2', async () => {
    for (const argv of [[], ['stat'], ['repair'], ['repair', '--from', 'there']]) {
      const { status, err } = await run(...argv)
      assert.equal(status, 2, argv.join(' '))
      assert.match(err, /^sluice: /)
    }
  })

  test('without differences it says so', async () => {
    assert.equal((await run('status')).out, 'Both sides have the same records.\n')
    assert.equal((await run('status', '--json')).out, '')
    const { status, out } = await run('repair', '--from', 'upstream')
    assert.deepEqual([status, out], [0, 'Both sides have the same records.\n'])
  })

  test('it shows what differs and mends it', async () => {
    const { store, there } = server
    const made = await server.ask('POST', '/api/v2/users', { name: 'before' })
    const { id } = made.json
    await there('PATCH', `/api/v2/users/${id}`, { name: 'after' })
    await there('POST', '/api/v2/users', { name: 'th\u001b[2Jeirs' })
    await store.users.add({ id: '0abc000000000001' as never, name: 'ours', status: 'active' })

    const { status, out } = await run('status')
    assert.equal(status, 0)
    assert.match(out, /made here only +user +0abc000000000001 +ours +-/)
    assert.match(out, /made there only +user +[0-9a-f]{16} +- +th\\u\{1b\}\[2Jeirs|made there only/)
    assert.ok(!out.includes('\u001b'))
    assert.match(out, new RegExp(`other name +user +${id} +before +after`))
    const listed = jsonLines((await run('status', '--json')).out)
    assert.deepEqual(listed.map(({ kind }) => kind).sort(), ['here-only', 'other-name', 'upstream-only'])

    const dry = await run('repair', '--from', 'here', '--dry-run', '--delete')
    assert.match(dry.out, /^Would be done:\n/)
    assert.equal(jsonLines((await run('status', '--json')).out).length, 3)

    const kept = await run('repair', '--from', 'here')
    assert.equal(kept.status, 1)
    assert.match(kept.out, /^Done:\n.*added upstream.*changed upstream.*Left as it is:\n.*--delete/s)
    const whole = await run('repair', '--from', 'here', '--delete', '--json')
    assert.equal(whole.status, 0)
    assert.deepEqual(
      jsonLines(whole.out).map(({ mending, done }) => [mending, done]),
      [['remove-upstream', true]],
    )
    assert.equal((await run('status')).out, 'Both sides have the same records.\n')
  })

  test('a token without rights is refused', async () => {
    const permissions = [{ action: 'read', resource: { type: 'buckets', orgID: server.orgID } }]
    const { json } = await server.ask('POST', '/api/v2/authorizations', { orgID: server.orgID, permissions })
    const { status, err } = await runCommand(['upstream', 'status', '--host', server.url], {
      SLUICE_TOKEN: json.token,
    })
    assert.deepEqual([status, err.includes('read:instance is unauthorized')], [1, true])
  })
})
