import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { suite, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createAsking, type Io } from './io.ts'

function setUp({ isTTY }: { isTTY: boolean }) {
  const modes: boolean[] = []
  const stdin = Object.assign(new PassThrough(), { isTTY, setRawMode: (mode: boolean) => modes.push(mode) })
  const stderr = new PassThrough()
  const shown: string[] = []
  stderr.on('data', (chunk) => shown.push(String(chunk)))
  const io = { stdin, stderr } as unknown as Io
  return { asking: createAsking(io), stdin, modes, shown: () => shown.join('') }
}

/** Types as a person does: after being asked. */
async function type(stdin: PassThrough, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    await turn()
    stdin.write(text)
  }
}

suite('asking without a terminal', () => {
  test('what is missing is an error that names the flag', async () => {
    const { asking } = setUp({ isTTY: false })
    await assert.rejects(asking.line('User name', '--username'), {
      message: '--username is missing and there is no terminal to ask on',
    })
  })

  test('a password is the first line of standard input, as it is', async () => {
    for (const [input, password] of [
      [' correct horse \n', ' correct horse '],
      ['pässwörd\r\nrest\n', 'pässwörd'],
      ['no line end', 'no line end'],
    ] as const) {
      const { asking, stdin } = setUp({ isTTY: false })
      // In two portions that part a letter.
      const bytes = Buffer.from(input)
      stdin.write(bytes.subarray(0, 2))
      stdin.end(bytes.subarray(2))
      assert.equal(await asking.password('Password'), password)
    }
  })

  test('none at all is an error', async () => {
    for (const input of ['', '\n', '\nsecond line']) {
      const { asking, stdin } = setUp({ isTTY: false })
      stdin.end(input)
      await assert.rejects(asking.password('Password'), /a password is expected on standard input/)
    }
  })
})

suite('asking on a terminal', () => {
  test('a password is asked for twice and never shown; corrections count', async () => {
    const { asking, stdin, modes, shown } = setUp({ isTTY: true })
    const answer = asking.password('Password')
    await type(stdin, 'secreX', '\x7ft1\b2', '\r', 'secret2\r')
    assert.equal(await answer, 'secret2')
    assert.equal(shown(), 'Password: \nPassword again: \n')
    assert.deepEqual(modes, [true, false, true, false])
  })

  test('two that differ, or a cancelled one: nothing is changed', async () => {
    const differing = setUp({ isTTY: true })
    const answer = differing.asking.password('Password')
    await Promise.all([
      assert.rejects(answer, /the two passwords differ/),
      type(differing.stdin, 'one\r', 'two\r'),
    ])
    for (const key of ['\x03', '\x04']) {
      const { asking, stdin, modes } = setUp({ isTTY: true })
      await Promise.all([assert.rejects(asking.password('Password'), /cancelled/), type(stdin, 'sec', key)])
      assert.deepEqual(modes, [true, false])
    }
  })
})
