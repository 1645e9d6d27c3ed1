/** Sluice as real processes: servers and commands, each in an empty folder with an empty environment. */
import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { TestContext } from 'node:test'
import { temporaryFolder } from '../support/folder.ts'

const MAIN = join(import.meta.dirname, '../../scripts/start.ts')

/** A process that hangs longer is killed, and its test fails. */
const LONGEST_MS = 60_000

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface RunningServer {
  readonly url: string
  readonly port: number
  readonly child: ChildProcess
  /** The working directory, which is also the home directory. */
  readonly folder: string
  readonly ended: Promise<Ended>
  /** Everything written so far. */
  output(): string
  /** Resolves when the process has written this text. */
  written(text: string): Promise<void>
  /** Sends a signal and waits for the exit. */
  stop(signal?: NodeJS.Signals): Promise<Ended>
}

type Variables = Readonly<Record<string, string>>

export function spawnSluice(args: readonly string[], cwd = temporaryFolder(), more: Variables = {}) {
  const env = { PATH: process.env.PATH ?? '', HOME: cwd, ...more }
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] })
  const tooLong = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS)
  const ended = once(child, 'close').then(([code, signal]): Ended => {
    clearTimeout(tooLong)
    return { code, signal }
  })
  return { child, ended }
}

/** Runs a command until it exits. */
export async function runSluice(
  args: readonly string[],
  { stdin = '', cwd = temporaryFolder(), env = {} as Variables } = {},
) {
  const { child, ended } = spawnSluice(args, cwd, env)
  // A command that does not read standard input may have exited before this is written.
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  const [out, err] = await Promise.all([child.stdout, child.stderr].map(textOf))
  return { ...(await ended), out: out as string, err: err as string }
}

/** Starts a server on a free port and waits until it listens; the end of the test stops it. */
export async function startSluice(
  t: TestContext,
  args: readonly string[],
  { folder = temporaryFolder(), env = {} as Variables } = {},
): Promise<RunningServer> {
  const { child, ended } = spawnSluice(['--http-bind-address', '127.0.0.1:0', ...args], folder, env)
  t.after(async () => {
    child.kill('SIGKILL')
    await ended
  })
  let text = ''
  const news = new EventEmitter()
  news.setMaxListeners(0)
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      text += chunk
      news.emit('text')
    })
  }
  async function written(wanted: string): Promise<void> {
    while (!text.includes(wanted)) {
      await Promise.race([
        once(news, 'text'),
        ended.then(() => {
          throw new Error(`the server ended without saying "${wanted}":\n${text}`)
        }),
      ])
    }
  }

  await written(' listens on ')
  const url = /listens on (https?:\/\/[^"\s]+)/.exec(text)?.[1] ?? ''
  return {
    url,
    port: Number(new URL(url).port),
    child,
    folder,
    ended,
    output: () => text,
    written,
    stop(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
}

async function textOf(stream: Readable): Promise<string> {
  let text = ''
  for await (const chunk of stream.setEncoding('utf8')) text += chunk
  return text
}
