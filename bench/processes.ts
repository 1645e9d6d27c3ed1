/** Starts and stops the processes to measure, each on its own core if the system allows it. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from '../test/support/free-port.ts'
import type { Load, LoadResult } from './load.ts'

/** What runs now. It ends with this process, however this one ends but by SIGKILL. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill()
})

function noted<T extends ChildProcess>(child: T): T {
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0

/** The core of the measured server, and the core of the load. */
const SERVER_CORE = '0'
const LOAD_CORE = '1'

/** For callers that start processes themselves: the server's core, if cores can be assigned. */
export const serverCore = canPin ? SERVER_CORE : undefined

/** Moves a running process with all its threads to the core of the load. */
export function besideLoad(pid: number): void {
  if (canPin) spawnSync('taskset', ['-apc', LOAD_CORE, String(pid)])
}

function pinned(core: string, args: readonly string[], program = process.execPath): [string, string[]] {
  return canPin ? ['taskset', ['-c', core, program, ...args]] : [program, [...args]]
}

export const script = (name: string) => fileURLToPath(new URL(name, import.meta.url))

export interface Running {
  readonly port: number
  readonly pid: number
  stop(): Promise<void>
}

export interface StartOptions {
  /** Default: Node. */
  readonly program?: string | undefined
  /** Whether it runs on the core of the load instead of the server's. */
  readonly isBesideLoad?: boolean
  /** Beside this process's own. */
  readonly env?: Readonly<Record<string, string>>
}

/** Starts a script on the server's core and waits until it answers `path` with 200. */
export async function start(
  args: readonly string[],
  port: number,
  path: string,
  { program, isBesideLoad = false, env = {} }: StartOptions = {},
): Promise<Running> {
  const child = noted(
    spawn(...pinned(isBesideLoad ? LOAD_CORE : SERVER_CORE, args, program), {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...env },
    }),
  )
  for (const deadline = Date.now() + 30_000; ; ) {
    if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with status ${child.exitCode}`)
    if (Date.now() > deadline) throw new Error(`${args.join(' ')} does not answer`)
    const status = await fetch(`http://127.0.0.1:${port}${path}`).then(
      (response) => response.arrayBuffer().then(() => response.status),
      () => 0,
    )
    if (status === 200) break
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  return { port, pid: child.pid ?? 0, stop: () => stop(child) }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

/** A Sluice with all data in memory. */
export async function startSluice(...flags: string[]): Promise<Running> {
  return startSluiceWith({}, ...flags)
}

/** The same with these environment variables. */
export async function startSluiceWith(
  env: Readonly<Record<string, string>>,
  ...flags: string[]
): Promise<Running> {
  const port = await freePort()
  const address = ['--http-bind-address', `127.0.0.1:${port}`]
  const args = [
    script('../scripts/start.ts'),
    '--store',
    'memory',
    '--log-level',
    'error',
    ...address,
    ...flags,
  ]
  return start(args, port, '/api/v2/setup', { env })
}

/** The bare Fastify route, the reference for all ratios. */
export async function startBare(): Promise<Running> {
  const port = await freePort()
  return start([script('bare.ts'), String(port)], port, '/api/v2/me')
}

/** Runs a load in a separate process, on the other core. */
export async function load(options: Load): Promise<LoadResult> {
  const args = [script('load.ts'), JSON.stringify(options)]
  const { stdout } = await run(pinned(LOAD_CORE, args))
  const result: LoadResult = JSON.parse(stdout)
  if (result.wrong > 0)
    throw new Error(`${result.wrong} answers to ${options.path} were not ${options.status ?? 200}`)
  return result
}

/** Runs a script on the server's core and parses its output as JSON. */
export async function measure<T>(args: readonly string[]): Promise<T> {
  const { stdout } = await run(pinned(SERVER_CORE, args))
  return JSON.parse(stdout)
}

function run(command: [string, string[]]) {
  const ended = promisify(execFile)(...command)
  noted(ended.child)
  return ended
}
