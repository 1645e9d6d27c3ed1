/** The parts of the process that a command may use, so that tests can replace them. */

import { createInterface, type Interface } from 'node:readline/promises'
import type { Readable } from 'node:stream'
import type { ReadStream, WriteStream } from 'node:tty'
import { ConfigurationError } from '../../config/refusals/configuration-error.ts'
import { linesSpelledOut, spelledOut } from '../../telemetry/visible-text.ts'
import { CommandFailure } from './failure.ts'

export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly home: string
  readonly stdin: Readable & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>
  readonly stdout: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>
  readonly stderr: NodeJS.WritableStream
  /** The operating system, which decides paths, permissions and how a browser is opened; Linux if missing. */
  readonly platform?: NodeJS.Platform
  /** The name of this machine. */
  readonly machine?: string
  /** The folder of the built console. */
  readonly consoleFolder?: string
  readonly readFile: (path: string) => string
  /** Ends what would go on forever, such as following the audit log; a process is ended by its signals. */
  readonly stopped?: AbortSignal
}

/** Says what is wrong with an answer; undefined if nothing is. */
export type AnswerCheck = (answer: string) => string | undefined

/** Prompts on the terminal. Without a terminal, a missing value is an error. */
export interface Prompt {
  /** Asks again until `check` finds nothing wrong. */
  line(question: string, flag: string, check?: AnswerCheck): Promise<string>
  /**
   * A password: typed twice without echo, and asked again while `check` finds something wrong or the two differ; or the
   * first line of standard input if that is no terminal, which is not checked.
   */
  password(question: string, check?: AnswerCheck): Promise<string>
  /** A password that there is already: typed once without echo, or the first line of standard input. */
  existingPassword(question: string): Promise<string>
  close(): void
}

export function createPrompt(io: Io): Prompt {
  let lines: Interface | undefined
  function open(): Interface {
    lines ??= createInterface({ input: io.stdin, output: io.stderr, terminal: io.stdin.isTTY === true })
    return lines
  }
  function close(): void {
    lines?.close()
    lines = undefined
  }

  /** Rejects on Ctrl-C and Ctrl-D, on which readline would leave the question unanswered. */
  async function asked(question: string): Promise<string> {
    const reader = open()
    const cancelled = Promise.withResolvers<never>()
    const cancel = () => cancelled.reject(new CommandFailure(CANCELLED))
    reader.once('SIGINT', cancel).once('close', cancel)
    try {
      return (await Promise.race([reader.question(question), cancelled.promise])).trim()
    } finally {
      reader.off('SIGINT', cancel).off('close', cancel)
    }
  }

  return {
    async line(text, flag, check = () => undefined) {
      const question = spelledOut(text)
      if (!io.stdin.isTTY)
        throw new ConfigurationError(`${flag} is missing, and there is no terminal to ask for it`)
      for (;;) {
        const answer = await asked(`${question}: `)
        const problem = check(answer)
        if (problem === undefined) return answer
        complain(io, problem)
      }
    },
    async password(text, check = () => undefined) {
      const question = spelledOut(text)
      if (!io.stdin.isTTY) return firstLine(io.stdin)
      close()
      for (;;) {
        const first = await typedWithoutEcho(io, `${question}: `)
        const problem = check(first)
        if (problem !== undefined) {
          complain(io, problem)
          continue
        }
        if (first === (await typedWithoutEcho(io, `${question} again: `))) return first
        complain(io, 'the two passwords differ')
      }
    },
    async existingPassword(text) {
      if (!io.stdin.isTTY) return firstLine(io.stdin)
      close()
      return typedWithoutEcho(io, `${spelledOut(text)}: `)
    },
    close,
  }
}

const CANCELLED = 'cancelled; nothing was changed'

function complain({ stderr }: Io, problem: string): void {
  stderr.write(linesSpelledOut(`  ${problem}; try again\n`))
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
          done(() => reject(new CommandFailure(CANCELLED)))
          return
        }
        if (character === BACKSPACE || character === DELETE) typed = [...typed].slice(0, -1).join('')
        else typed += character
      }
    }
    stdin.on('data', onData)
  })
}
