import assert from 'node:assert/strict'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { suite, test } from 'node:test'
import { idOf, user } from '../../../test/store-conformance/records.conformance.ts'
import { runCommand } from '../../../test/support/command.ts'
import { temporaryFolder } from '../../../test/support/folder.ts'
import { openSqliteStore } from '../../store/sqlite/open.ts'
import { createPrompt } from './io.ts'
import { escaped, jsonLine, spellingOut, table } from './table.ts'

const NAME = 'ada\u202egpj\u200b\u00a0\u009b2J\u{e0061}\ufe0f'
const SPELLED = 'ada\\u202egpj\\u200b\\u00a0\\u009b2J\\udb40\\udc61\\ufe0f'

suite('a name on a terminal', () => {
  test('spells out invisible characters in cells, sentences and JSON', () => {
    assert.equal(table({ name: (name: string) => name }, [NAME]), `NAME\n${SPELLED}\n`)
    assert.equal(escaped(`\\u202e ${NAME}\n`), `\\\\u202e ${SPELLED}\\u000a`)
    assert.equal(jsonLine({ NAME }), `{"NAME":"${SPELLED}"}\n`)
    assert.equal(JSON.parse(jsonLine({ NAME })).NAME, NAME)
  })

  test('spells them out even if a command writes the name unescaped', async () => {
    const path = join(temporaryFolder(), 'data.sqlite')
    const store = await openSqliteStore(path)
    await store.users.add(user(1, { name: NAME }))
    await store.close()
    const { status, out } = await runCommand(['recovery', 'user', 'list', '--sqlite-path', path])
    assert.equal(status, 0)
    assert.match(out, new RegExp(`^${idOf(1)} .*${RegExp.escape(SPELLED)}$`, 'm'))
  })

  test('spells them out in refusals and prompts', async () => {
    const { err } = await runCommand([`serv${NAME}`])
    assert.equal(err, `sluice: serv${SPELLED} is not a command; sluice help lists them\n`)
    const [stdin, stderr] = [new PassThrough(), new PassThrough()]
    const io = { ...{ env: {}, cwd: '/', home: '/', readFile: () => '' }, stdout: new PassThrough(), stderr }
    stderr.setEncoding('utf8')
    const prompt = createPrompt({ ...io, stdin: Object.assign(stdin, { isTTY: true as const }) })
    const answer = prompt.line(`Name of ${NAME}\n`, '--name')
    stdin.write('x\n')
    assert.equal(await answer, 'x')
    let shown = ''
    for (let chunk = stderr.read(); chunk !== null; chunk = stderr.read()) shown += chunk
    assert.ok(shown.includes(`Name of ${SPELLED}\\u000a: `), shown)
    prompt.close()
  })

  test('leaves all other output unchanged', () => {
    const stdout = new PassThrough()
    const spelling = spellingOut(stdout)
    spelling.write('one\ntwo é 🙂\n')
    assert.equal(String(stdout.read()), 'one\ntwo é 🙂\n')
  })
})

suite('a table', () => {
  interface Row {
    readonly id: string
    readonly name: string
    readonly more: string
  }
  const columns = {
    id: { cell: ({ id }: Row) => id, fit: 'keep' },
    name: ({ name }: Row) => name,
    more: { cell: ({ more }: Row) => more, fit: 'wrap' },
  } as const
  const row = { id: '0a1b2c3d4e5f6071', name: 'a name of twenty one', more: 'words that go on and on and on' }

  test('is whole where there is no terminal', () => {
    assert.equal(
      table(columns, [row]),
      'ID                NAME                  MORE\n0a1b2c3d4e5f6071  a name of twenty one  words that go on and on and on\n',
    )
  })

  test('is cut and wrapped to the width of a terminal; ids never are', () => {
    const text = table(columns, [row], { width: 60, colour: false })
    assert.equal(
      text,
      [
        'ID                NAME        MORE',
        '0a1b2c3d4e5f6071  a name of…  words that go on and on and on',
        '',
      ].join('\n'),
    )
    const narrow = table(columns, [{ ...row, more: `${row.more} ${'x'.repeat(40)}` }], {
      width: 60,
      colour: false,
    })
    for (const line of narrow.split('\n')) assert.ok(line.length <= 60, line)
    assert.match(narrow, /on and on\n {30}x+\n {30}x+\n$/)
  })

  test('leaves out what is optional before it is too wide', () => {
    const optional = {
      ...columns,
      name: { cell: ({ name }: Row) => name, fit: 'keep', optional: 1 },
    } as const
    const text = table(optional, [row], { width: 50, colour: false })
    assert.match(text, /^ID +MORE\n/)
    assert.match(table(optional, [row], { width: 80, colour: false }), /^ID +NAME +MORE\n/)
  })

  test('counts the columns of wide characters', () => {
    const rows = [
      { ...row, name: '名前' },
      { ...row, name: 'four' },
    ]
    const [, ...lines] = table(columns, rows).trimEnd().split('\n')
    assert.deepEqual(
      lines.map((line) => line.slice(18).replace(/words.*/, '|')),
      ['名前  |', 'four  |'],
    )
  })

  test('colours go through; an escape of another kind does not', () => {
    const stdout = new PassThrough()
    spellingOut(stdout).write('\x1b[31mred\x1b[0m \x1b[2J')
    assert.equal(String(stdout.read()), '\x1b[31mred\x1b[0m \\u001b[2J')
  })
})
