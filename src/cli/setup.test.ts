import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { PASSWORD, runCommand } from '../../test/support/command.ts'
import { send } from '../../test/support/http.ts'
import { startServer } from '../../test/support/server.ts'

suite('sluice setup on a terminal', () => {
  test('checks each answer when it is given, and asks again', async (t) => {
    const { url, stop } = await startServer()
    t.after(stop)
    const answers = [
      ...['', 'ada'],
      ...['', 'works'],
      ...['', '_points', 'points'],
      ...['short', 'password1', PASSWORD, 'not the same', PASSWORD, PASSWORD],
    ]
    const { status, out, err } = await runCommand(['setup', '--host', url], {}, { stdin: answers })
    assert.equal(status, 0, err)
    assert.match(out, /^Created the user ada, who owns the organization works with the bucket points\.\n/)
    for (const problem of [
      'a user needs a name; try again',
      'an organization needs a name; try again',
      'a bucket needs a name; try again',
      'Buckets may not start with underscore; try again',
      'passwords must be between 8 and 72 characters long; try again',
      'this is one of the most common passwords',
      'the two passwords differ; try again',
    ]) {
      assert.ok(err.includes(problem), `${problem}: ${err}`)
    }
    assert.ok(!(out + err).includes(PASSWORD))
  })

  test('asks for another password if the server has a stricter policy than the settings here', async (t) => {
    const { url, stop } = await startServer(['--password-policy', 'strong'])
    t.after(stop)
    const argv = ['setup', '--host', url, '--username', 'ada', '--org', 'works', '--bucket', 'points']
    const strong = 'Correct horse 1!'
    const { status, err } = await runCommand(argv, {}, { stdin: [PASSWORD, PASSWORD, strong, strong] })
    assert.equal(status, 0, err)
    assert.match(err, /refused: passwords must contain at least three .*; try again\n/)
  })

  test('cancelled, sets nothing up', async (t) => {
    const { url, stop } = await startServer()
    t.after(stop)
    const { status, err } = await runCommand(
      ['setup', '--host', url],
      {},
      { stdin: ['ada', 'works', '\x03'] },
    )
    assert.equal(status, 1)
    assert.match(err, /cancelled; nothing was changed\n$/)
    const { json } = await send(url, { method: 'GET', path: '/api/v2/setup' })
    assert.equal(json.allowed, true)
  })
})
