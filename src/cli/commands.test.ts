/** Every command: its help says what it takes, its example is right, and docs/commands.md is up to date. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { runCommand } from '../../test/support/command.ts'
import { ConfigurationError } from '../config/refusals/configuration-error.ts'
import { schema } from '../config/settings.ts'
import { singlesOf } from '../config/shapes/names.ts'
import { COMMAND_SET, HELP_SECTIONS } from './commands.ts'
import { readArguments } from './frame/arguments.ts'
import type { Command } from './frame/command.ts'
import { commandsDocument } from './frame/reference.ts'
import { resolved } from './frame/resolve.ts'
import type { Io } from './terminal/io.ts'

const IO = { env: {}, cwd: '/', home: '/', readFile: () => '' } as unknown as Io
const SETTINGS = singlesOf(schema).map(({ name }) => name)
const EVERY_FLAG = new Set([
  ...SETTINGS,
  ...COMMAND_SET.commands.flatMap(({ flags }) => singlesOf(flags).map(({ name }) => name)),
])

const helpOf = async (name: string) => (await runCommand([...name.split(' '), '--help'])).out

/** Whether the command knows it; other mistakes, such as a missing value, do not count. */
function takes(command: Command, flag: string): boolean {
  try {
    readArguments(command, [`--${flag}`], IO)
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return !/is not a (flag|setting)/.test(error.message)
  }
  return true
}

suite('every command', () => {
  for (const command of COMMAND_SET.commands) {
    test(`sluice ${command.name} --help has every flag that it takes, in 39 lines of 80 columns`, async () => {
      const help = await helpOf(command.name)
      const lines = help.split('\n')
      assert.ok(lines.length < 40, `${lines.length} lines`)
      for (const line of lines) assert.match(line, /^(|.{0,79}\S)$/)
      assert.ok(lines[0]?.startsWith(`Usage: sluice ${command.name} `))

      const shown = lines.flatMap((line) => /^ {2}--([a-z0-9-]+)/.exec(line)?.[1] ?? [])
      const taken = [...EVERY_FLAG].filter((flag) => takes(command, flag))
      if (help.includes('The other settings of the server are flags too')) {
        assert.deepEqual(new Set([...shown, ...SETTINGS]), new Set(taken))
      } else {
        assert.deepEqual(shown.toSorted(), taken.toSorted())
      }
    })

    test(`the example of sluice ${command.name} is a right command line of it`, async () => {
      const [first, ...words] = command.example.replace(/ >.*/, '').split(' ')
      assert.equal(first, 'sluice')
      const found = resolved(COMMAND_SET, words)
      assert.equal(found.command, command)
      readArguments(command, found.rest, IO)
      assert.ok((await helpOf(command.name)).includes(command.example))
    })
  }

  test('is in the list of commands, which is complete', async () => {
    const words = new Set(COMMAND_SET.commands.map(({ name }) => name.split(' ')[0] ?? ''))
    assert.deepEqual(new Set(HELP_SECTIONS.flatMap(({ names }) => names)), words)
    const { out } = await runCommand(['help'])
    for (const word of words) assert.match(out, new RegExp(`^  ${word}(  |$)`, 'm'))
    for (const line of out.split('\n')) assert.ok(line.length <= 80, line)
  })

  test('docs/commands.md is up to date', () => {
    const written = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8')
    assert.ok(
      written === commandsDocument(COMMAND_SET),
      'docs/commands.md is out of date; run `npm run docs`',
    )
  })
})
