/** The parts of the process that a command may use, so that tests can replace them. */

import { createInterface, type Interface } from 'node:readline/promises'
import type { Readable } from 'node:stream'
import type { ReadStream, WriteStream } from 'node:tty'
import { ConfigurationError } from '../config/configuration-error.ts'
import { spelledOut } from '../telemetry/visible-text.ts'

export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly home: string
  readonly stdin: Readable & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>
  readonly stdout: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY'>>
  readonly stderr: NodeJS.WritableStream
  /** The folder of the built console. */
  readonly consoleFolder?: string
  readonly readFile: (path: string) => string
}

/** Prompts on the terminal. Without a terminal, a missing value is an error. */
export interface Prompt {
  line(question: string, flag: string): Promise<string>
  /** A password: typed without echo, or the first line of standard input if that is no terminal. */
  password(question: string): Promise<string>
  close(): void
}

export function createPrompt(io: Io): Prompt {
  let lines: Interface | undefined
  function open(): Interface {
    lines ??= createInterface({ input: io.stdin, output: io.stderr, terminal: io.stdin.isTTY === true })
    return lines
  }
  return {
    async line(asked, flag) {
      const question = spelledOut(asked)
      if (!io.stdin.isTTY)
        throw new ConfigurationError(`${flag} is missing, and there is no terminal to ask for it`)
      return (await open().question(`${question}: `)).trim()
    },
    async password(asked) {
      const question = spelledOut(asked)
      if (!io.stdin.isTTY) return firstLine(io.stdin)
      lines?.close()
      lines = undefined
      const first = await typedWithoutEcho(io, `${question}: `)
      const second = await typedWithoutEcho(io, `${question} again: `)
      if (first !== second) throw new ConfigurationError('the two passwords differ; nothing was changed')
      return first
    },
    close: () => lines?.close(),
  }
}

async function firstLine(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  const [line = ''] = Buffer.concat(chunks).toString('utf8').split(/\r?\n/)
  if (line === '') throw new ConfigurationError('a password is expected on standard input')
  return line
}

const [CTRL_C, CTRL_D, BACKSPACE, DELETE] = ['\x03', '\x04', '\b', '\x7f']

function typedWithoutEcho({ stdin, stderr }: Io, question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    stderr.write(question)
    let typed = ''
    stdin.setRawMode?.(true)
    stdin.resume()
    function done(finish: () => void): void {
      stdin.off('data', onData)
      stdin.setRawMode?.(false)
      stdin.pause()
      stderr.write('\n')
      finish()
    }
    function onData(chunk: Buffer): void {
      for (const character of chunk.toString('utf8')) {
        if (character === '\r' || character === '\n') {
          done(() => resolve(typed))
          return
        }
        if (character === CTRL_C || character === CTRL_D) {
          done(() => reject(new ConfigurationError('cancelled; nothing was changed')))
          return
        }
        if (character === BACKSPACE || character === DELETE) typed = [...typed].slice(0, -1).join('')
        else typed += character
      }
    }
    stdin.on('data', onData)
  })
}
