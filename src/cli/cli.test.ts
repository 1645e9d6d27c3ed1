import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { runCommand } from '../../test/support/command.ts'
import { temporaryFolder } from '../../test/support/folder.ts'
import { VERSION } from '../version.ts'

suite('the command line', () => {
  test('unknown input is refused with one line and status 2', async () => {
    const refusals: [argv: string[], sentence: RegExp][] = [
      [['serv'], /^sluice: serv is not a command; did you mean serve\?\n$/],
      [['qqqqqq'], /^sluice: qqqqqq is not a command; sluice --help lists them\n$/],
      [['--sesion-length', '10m'], /^sluice: .*--sesion-length.*--session-length.*\n$/],
      [['serve', '--log-level', 'loud'], /^sluice: .*log-level.*\n$/],
      [['backup'], /^sluice: usage: sluice backup FILE\n$/],
      [['backup', '--store', 'memory'], /^sluice: usage: sluice backup FILE\n$/],
      [['recovery'], /^sluice: usage: sluice recovery user list, or /],
      [['recovery', 'user', 'delete'], /^sluice: usage: sluice recovery user list, or /],
      [['setup', '--host', 'nonsense'], /^sluice: --host is "nonsense"; it must be a URL such as /],
    ]
    for (const [argv, sentence] of refusals) {
      const { status, out, err } = await runCommand(argv)
      assert.equal(status, 2, argv.join(' '))
      assert.match(err, sentence)
      assert.equal(out, '')
    }
  })

  test('help and version work in any position', async () => {
    for (const argv of [['--help'], ['-h'], ['help'], ['serve', '--help'], ['--nonsense', '--help']]) {
      const { status, out, err } = await runCommand(argv)
      assert.deepEqual([status, err], [0, ''])
      for (const word of ['Usage: sluice', 'print-config', 'recovery', '--session-length', '--tls-cert']) {
        assert.ok(out.includes(word), word)
      }
    }
    for (const argv of [['version'], ['--version']]) {
      assert.deepEqual((await runCommand(argv)).out, `sluice ${VERSION}\n`)
    }
  })

  test('print-config shows the effective settings and where each came from', async () => {
    const { status, out } = await runCommand(['print-config', '--session-length', '30m'], {
      SLUICE_LOG_LEVEL: 'warn',
    })
    assert.equal(status, 0)
    assert.match(out, /session-length.*30m.*--session-length/)
    assert.match(out, /log-level.*warn.*SLUICE_LOG_LEVEL/)
  })
})

suite('commands that need data', () => {
  const noData = (folder: string) =>
    `sluice: there is no data in ${join(folder, '.sluice', 'sluice.sqlite')}; `

  test('report missing data, and create none', async () => {
    for (const argv of [
      ['backup', 'copy.sqlite'],
      ['recovery', 'user', 'list'],
      ['recovery', 'user', 'update', '--username', 'ada'],
    ]) {
      const { status, err, folder } = await runCommand(argv)
      assert.equal(status, 2)
      assert.ok(err.startsWith(noData(folder)), err)
      assert.ok(!existsSync(join(folder, '.sluice')))
    }
  })

  test('backup never overwrites a file, and refuses a memory store', async () => {
    const folder = temporaryFolder()
    const [data, target] = [join(folder, 'data.sqlite'), join(folder, 'copy.sqlite')]
    for (const path of [data, target]) writeFileSync(path, '')
    const exists = await runCommand(['backup', target, '--sqlite-path', data])
    assert.deepEqual(
      [exists.status, exists.err],
      [2, `sluice: ${target} exists; a backup never overwrites a file\n`],
    )
    const memory = await runCommand(['backup', target, '--store', 'memory'])
    assert.equal(memory.err, 'sluice: a store in memory has nothing to back up\n')
  })

  test('setup reports that no server answers', async () => {
    // No program listens on port 1, which is reserved.
    const { status, err } = await runCommand(['setup', '--host', 'http://127.0.0.1:1'])
    assert.equal(status, 2)
    assert.equal(
      err,
      'sluice: http://127.0.0.1:1 does not answer; start the server first, or name it with --host\n',
    )
  })
})
