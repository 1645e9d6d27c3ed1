import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { jsonLines, runCommand } from '../../test/support/command.ts'
import { temporaryFolder } from '../../test/support/folder.ts'
import { VERSION } from '../compose/version.ts'
import { openSqliteStore } from '../store/sqlite/open.ts'

suite('the command line', () => {
  test('unknown input is refused with one line and status 2', async () => {
    const refusals: [argv: string[], sentence: RegExp][] = [
      [['serv'], /^sluice: serv is not a command; did you mean serve\?\n$/],
      [['qqqqqq'], /^sluice: qqqqqq is not a command; sluice help lists them\n$/],
      [['--sesion-length', '10m'], /^sluice: .*--sesion-length.*--session-length.*\n$/],
      [['serve', '--log-level', 'loud'], /^sluice: .*log-level.*\n$/],
      [['backup'], /^sluice: FILE is missing; usage: sluice backup FILE \[flags\]\n$/],
      [['backup', '--store', 'memory'], /^sluice: FILE is missing; /],
      [['backup', 'one', 'two'], /^sluice: the argument "two" is not expected; usage: sluice backup FILE/],
      [['recovery'], /^sluice: recovery needs a command after it; sluice recovery --help lists them\n$/],
      [
        ['recovery', 'user', 'delete'],
        /^sluice: recovery user delete is not a command; sluice recovery user/,
      ],
      [['recovery', 'user', 'create'], /^sluice: --username is missing\n$/],
      [['session', 'lst'], /^sluice: session lst is not a command; did you mean session list\?\n$/],
      [
        ['session', 'list', '--jsn'],
        /^sluice: --jsn is not a flag of sluice session list; did you mean --json\?\n$/,
      ],
      [
        ['session', 'list', '--json', 'false'],
        /^sluice: --json and false are two arguments; it must be --json=false\n$/,
      ],
      [
        ['session', 'list', '--session-length', '1h'],
        /^sluice: --session-length is not a flag of sluice session list; /,
      ],
      [['completion', 'csh'], /^sluice: SHELL is "csh"; it must be one of bash, zsh, fish\n$/],
      [['help', 'sesion'], /^sluice: sesion is not a command; did you mean session\?\n$/],
      [['move', '--from', 'sqlite:x', '--to', 'elsewhere'], /^sluice: usage: sluice move /],
      [['setup', '--host', 'nonsense'], /^sluice: --host is "nonsense"; it must be a URL such as /],
    ]
    for (const [argv, sentence] of refusals) {
      const { status, out, err } = await runCommand(argv)
      assert.equal(status, 2, argv.join(' '))
      assert.match(err, sentence)
      assert.equal(out, '')
    }
  })

  test('help lists the commands, in any position, and the settings', async () => {
    for (const argv of [['--help'], ['-h'], ['help'], ['--nonsense', '--help']]) {
      const { status, out, err } = await runCommand(argv)
      assert.deepEqual([status, err], [0, ''])
      assert.ok(out.split('\n').length < 42)
      for (const word of ['Usage: sluice', 'print-config', 'recovery', 'sluice help settings']) {
        assert.ok(out.includes(word), word)
      }
      assert.doesNotMatch(out, /--session-length/)
    }
    const settings = await runCommand(['help', 'settings'])
    for (const word of ['--session-length', '--tls-cert']) assert.ok(settings.out.includes(word), word)
  })

  test('help of a command and of a group', async () => {
    const asked = await Promise.all(
      [
        ['audit', '--help'],
        ['audit', '--limit', '5', '-h'],
        ['help', 'audit'],
      ].map((argv) => runCommand(argv)),
    )
    for (const { status, out } of asked) {
      assert.equal(status, 0)
      assert.equal(out, asked[0]?.out)
      assert.match(out, /^Usage: sluice audit \[flags\]\n/)
    }
    const group = await runCommand(['session', '--help'])
    assert.match(
      group.out,
      /^Usage: sluice session COMMAND \[flags\]\n[\s\S]* session list [\s\S]* session end /,
    )
    assert.equal((await runCommand(['help', 'session'])).out, group.out)
    assert.match((await runCommand(['help', 'session', 'end'])).out, /--everybody/)
  })

  test('version', async () => {
    for (const argv of [['version'], ['--version'], ['-v']]) {
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

  test('print-config --json has an object a line, and no secret', async () => {
    const { out } = await runCommand(['print-config', '--json', '--session-length=30m'], {
      SLUICE_POSTGRES_URL: 'postgres://canary:secret@db/sluice',
    })
    const settings = jsonLines(out)
    const named = (wanted: string) => settings.find(({ name }) => name === wanted)
    const source = 'flag --session-length'
    assert.deepEqual(named('session-length'), { name: 'session-length', value: '30m', source })
    assert.deepEqual(named('tls-cert'), { name: 'tls-cert', value: null, source: 'default' })
    const from = 'environment SLUICE_POSTGRES_URL'
    assert.deepEqual(named('postgres-url'), { name: 'postgres-url', value: null, source: from, hidden: true })
    assert.doesNotMatch(out, /canary/)
  })

  test('the variables of commands are no settings of the server', async () => {
    const { status, err } = await runCommand(['print-config'], { SLUICE_TOKEN: 'x', SLUICE_HOST: 'y' })
    assert.deepEqual([status, err], [0, ''])
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
      assert.equal(status, 1)
      assert.ok(err.startsWith(noData(folder)), err)
      assert.ok(!existsSync(join(folder, '.sluice')))
    }
  })

  test('backup never overwrites a file, and refuses a memory store', async () => {
    const folder = temporaryFolder()
    const [data, target] = [join(folder, 'data.sqlite'), join(folder, 'copy.sqlite')]
    for (const path of [data, target]) writeFileSync(path, '')
    for (const argv of [
      ['backup', target, '--sqlite-path', data],
      ['backup', '--sqlite-path', data, target],
      ['backup', `--sqlite-path=${data}`, '--', target],
    ]) {
      const exists = await runCommand(argv)
      assert.deepEqual(
        [exists.status, exists.err],
        [1, `sluice: ${target} exists; a backup never overwrites a file\n`],
      )
    }
    const nowhere = await runCommand(['backup', join(folder, 'no/copy.sqlite'), '--sqlite-path', data])
    assert.deepEqual(
      [nowhere.status, nowhere.err],
      [1, `sluice: the folder ${join(folder, 'no')} does not exist; make it first\n`],
    )
    const memory = await runCommand(['backup', target, '--store', 'memory'])
    assert.equal(memory.err, 'sluice: a store in memory has nothing to back up\n')
  })

  test('move says that the URL of PostgreSQL is missing', async () => {
    const data = join(temporaryFolder(), 'data.sqlite')
    await (await openSqliteStore(data)).close()
    const { status, err } = await runCommand(['move', '--from', `sqlite:${data}`, '--to', 'postgres:'])
    assert.equal(status, 2)
    assert.match(err, /^sluice: no URL of PostgreSQL is given; give --postgres-url or SLUICE_POSTGRES_URL/)
  })

  test('setup reports that no server answers', async () => {
    // No program listens on port 1, which is reserved.
    const { status, err } = await runCommand(['setup', '--host', 'http://127.0.0.1:1'])
    assert.equal(status, 1)
    assert.equal(
      err,
      'sluice: http://127.0.0.1:1 does not answer; start the server first, or name it with --host\n',
    )
  })
})
