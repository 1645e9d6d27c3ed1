/** The server as its users start it: a separate process with a data file. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface ServerProcess {
  readonly url: string
  readonly pid: number
  /** The output so far. */
  output(): string
  /** Asks the process to stop and returns its exit status. */
  stop(): Promise<number | null>
}

const MAIN = join(import.meta.dirname, '../../scripts/start.ts')
const DEADLINE_MS = 30_000

/** Runs `sluice` until it reports its address. The environment is empty, so that only `argv` sets anything. */
export async function startProcess(argv: readonly string[]): Promise<ServerProcess> {
  const child = spawn(process.execPath, [MAIN, '--http-bind-address', '127.0.0.1:0', ...argv], {
    cwd: tmpdir(),
    env: { HOME: tmpdir() },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  const exited = once(child, 'exit')
  const listening = Promise.withResolvers<string>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    output += `${line}\n`
    const url = / listens on (http:\S+?)"/.exec(line)?.[1]
    if (url) listening.resolve(url)
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS)
  const early = exited.then(() => Promise.reject(new Error(`the server did not start:\n${output}`)))
  const url = await Promise.race([listening.promise, early]).finally(() => clearTimeout(timer))
  early.catch(() => undefined)

  return {
    url,
    pid: child.pid as number,
    output: () => output,
    async stop() {
      const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS)
      child.kill('SIGTERM')
      await exited
      clearTimeout(timer)
      return child.exitCode
    },
  }
}

/** A temporary folder for a test. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'sluice-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
