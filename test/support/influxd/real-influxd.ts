/** A real influxd as a process of its own, in an empty folder. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../folder.ts'
import { type SetUp, setUp } from './set-up.ts'

export interface RealInfluxd extends SetUp {
  readonly url: string
  readonly operatorToken: string
  readonly workingDirectory: string
  stop(): Promise<void>
}

const DEADLINE_MS = 60_000
const POLL_MS = 50

/** `flags` are added to its command line. Without `isSetUp` it waits for its first user, and the ids are empty. */
export async function startRealInfluxd(
  binary: string,
  flags: readonly string[] = [],
  { isSetUp = true } = {},
): Promise<RealInfluxd> {
  const folder = temporaryFolder()
  const paths = ['bolt', 'sqlite', 'engine'].flatMap((name) => [`--${name}-path`, `${folder}/${name}`])
  const bind = ['--http-bind-address', '127.0.0.1:0']
  const child = spawn(binary, [...paths, ...bind, '--reporting-disabled', ...flags], {
    cwd: folder,
    env: { HOME: folder },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  // A test that fails early must not leave the process behind.
  const kill = () => child.kill('SIGKILL')
  process.on('exit', kill)
  const exited = once(child, 'exit')
  const stop = async () => {
    const timer = setTimeout(kill, DEADLINE_MS)
    child.kill('SIGTERM')
    await exited
    clearTimeout(timer)
    process.off('exit', kill)
  }
  try {
    const early = exited.then(() => Promise.reject(new Error(`${binary} did not start`)))
    early.catch(() => undefined)
    const url = await Promise.race([addressOf(child.stdout), early])
    await Promise.race([untilReady(url), early])
    const operatorToken = randomBytes(32).toString('base64url')
    const done = isSetUp ? await setUp(url, operatorToken) : NOTHING
    return { ...done, url, operatorToken, workingDirectory: folder, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const NOTHING: SetUp = { userID: '', orgID: '', bucketID: '' }

/** From the log, because a port chosen beforehand may be taken by then. */
function addressOf(log: Readable): Promise<string> {
  const found = Promise.withResolvers<string>()
  createInterface({ input: log }).on('line', (line) => {
    const port = /\bmsg=Listening\b.*\bport=(\d+)/.exec(line)?.[1]
    if (port) found.resolve(`http://127.0.0.1:${port}`)
  })
  return found.promise
}

/** `/ready` is too early: for a moment after its first 200, all other paths still answer 503 "starting". */
async function untilReady(url: string): Promise<void> {
  for (const start = Date.now(); Date.now() - start < DEADLINE_MS; await sleep(POLL_MS)) {
    const answer = await fetch(`${url}/api/v2/setup`).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.ok) return
  }
  throw new Error('influxd did not become ready')
}
