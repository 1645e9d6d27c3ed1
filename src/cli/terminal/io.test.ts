import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { suite, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createPrompt, type Io } from './io.ts'

function setUp({ isTTY }: { isTTY: boolean }) {
  const modes: boolean[] = []
  const stdin = Object.assign(new PassThrough(), { isTTY, setRawMode: (mode: boolean) => modes.push(mode) })
  const stderr = new PassThrough()
  const shown: string[] = []
  stderr.on('data', (chunk) => shown.push(String(chunk)))
  const io = { stdin, stderr } as unknown as Io
  return { prompt: createPrompt(io), stdin, modes, shown: () => shown.join('') }
}

/** Types like a person, after each prompt. */
async function type(stdin: PassThrough, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    await turn()
    stdin.write(text)
  }
}

suite('prompts without a terminal', () => {
  test('a missing value is an error that names the flag', async () => {
    const { prompt } = setUp({ isTTY: false })
    await assert.rejects(prompt.line('User name', '--username'), {
      message: '--username is missing, and there is no terminal to ask for it',
    })
  })

  test('a password is the first line of standard input, unchanged', async () => {
    for (const [input, password] of [
      [' correct horse \n', ' correct horse '],
      ['pässwörd\r\nrest\n', 'pässwörd'],
      ['no line end', 'no line end'],
    ] as const) {
      const { prompt, stdin } = setUp({ isTTY: false })
      // In two chunks that split a character.
      const bytes = Buffer.from(input)
      stdin.write(bytes.subarray(0, 2))
      stdin.end(bytes.subarray(2))
      assert.equal(await prompt.password('Password'), password)
    }
  })

  test('an empty one is an error', async () => {
    for (const input of ['', '\n', '\nsecond line']) {
      const { prompt, stdin } = setUp({ isTTY: false })
      stdin.end(input)
      await assert.rejects(prompt.password('Password'), /a password is expected on standard input/)
    }
  })
})

suite('prompts on a terminal', () => {
  test('a password is typed twice without echo, and corrections work', async () => {
    const { prompt, stdin, modes, shown } = setUp({ isTTY: true })
    const answer = prompt.password('Password')
    await type(stdin, 'secreX', '\x7ft1\b2', '\r', 'secret2\r')
    assert.equal(await answer, 'secret2')
    assert.equal(shown(), 'Password: \nPassword again: \n')
    assert.deepEqual(modes, [true, false, true, false])
  })

  test('two different passwords, or one that is refused, are asked for again', async () => {
    const { prompt, stdin, shown } = setUp({ isTTY: true })
    const answer = prompt.password('Password', (text) => (text.length < 5 ? 'too short' : undefined))
    await type(stdin, 'one\r', 'first one\r', 'second\r', 'a third\r', 'a third\r')
    assert.equal(await answer, 'a third')
    assert.equal(
      shown(),
      [
        'Password: \n  too short; try again\n',
        'Password: \nPassword again: \n  the two passwords differ; try again\n',
        'Password: \nPassword again: \n',
      ].join(''),
    )
  })

  test('an answer that is refused is asked for again', async () => {
    const { prompt, stdin, shown } = setUp({ isTTY: true })
    const answer = prompt.line('User name', '--username', (name) => (name === '' ? 'a name' : undefined))
    await type(stdin, '\r', 'ada\r')
    assert.equal(await answer, 'ada')
    assert.ok(shown().includes('  a name; try again\n'), shown())
    prompt.close()
  })

  test('a cancelled question changes nothing', async () => {
    for (const key of ['\x03', '\x04']) {
      const { prompt, stdin } = setUp({ isTTY: true })
      await Promise.all([assert.rejects(prompt.line('Name', '--name'), /cancelled/), type(stdin, key)])
    }
  })

  test('a cancelled password changes nothing', async () => {
    for (const key of ['\x03', '\x04']) {
      const { prompt, stdin, modes } = setUp({ isTTY: true })
      await Promise.all([assert.rejects(prompt.password('Password'), /cancelled/), type(stdin, 'sec', key)])
      assert.deepEqual(modes, [true, false])
    }
  })
})
