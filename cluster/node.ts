/** A Sluice node of the cluster, in a separate process. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../test/support/free-port.ts'
import { type Program, startProgram, until } from './program.ts'

const MAIN = fileURLToPath(new URL('../scripts/start.ts', import.meta.url))

export interface Node {
  readonly name: string
  readonly port: number
  readonly url: string
  readonly logPath: string
  /** Starts the node, also after it was stopped. Returns when it is ready. */
  start(): Promise<void>
  pid(): number
  isRunning(): boolean
  stop(): Promise<void>
  kill(): Promise<void>
  pause(): void
  resume(): void
}

export async function prepareNode(
  folder: string,
  options: {
    name: string
    flags: readonly string[]
    env?: Record<string, string>
    core?: string | undefined
  },
): Promise<Node> {
  const { name, flags, core } = options
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const logPath = join(folder, `${name}.log`)
  const command = [process.execPath, MAIN, 'serve', '--http-bind-address', `127.0.0.1:${port}`, ...flags]
  let program: Program | undefined
  return {
    name,
    port,
    url,
    logPath,
    async start() {
      const running = startProgram(command, { logPath, core, env: { HOME: folder, ...options.env } })
      program = running
      await until(`${name} is ready (see ${logPath})`, async () => {
        if (!running.isRunning()) return true
        return (await fetch(`${url}/ready`, { signal: AbortSignal.timeout(1000) })).status === 200
      })
      if (!running.isRunning())
        throw new Error(`${name} ended:\n${readFileSync(logPath, 'utf8').slice(-2000)}`)
    },
    pid: () => program?.pid() ?? 0,
    isRunning: () => program?.isRunning() ?? false,
    stop: async () => program?.end('SIGTERM', 20_000),
    kill: async () => program?.end('SIGKILL'),
    pause: () => program?.signal('SIGSTOP'),
    resume: () => program?.signal('SIGCONT'),
  }
}
