/** A program that ends with this process, however this one ends (the kernel ends it, by util-linux's setpriv). */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'

export interface Program {
  pid(): number
  isRunning(): boolean
  /** Stops it and waits for its exit; sends SIGKILL if that takes longer. */
  end(signal: NodeJS.Signals, patienceMs?: number): Promise<void>
  signal(signal: NodeJS.Signals): void
}

export interface ProgramOptions {
  /** The file to which its output is appended. */
  readonly logPath: string
  /** The user to run it as, if this process is root and the program must not be. */
  readonly user?: string | undefined
  readonly env?: Record<string, string>
  /** A single core, by taskset. */
  readonly core?: string | undefined
}

export function startProgram(command: readonly string[], options: ProgramOptions): Program {
  const as = options.user ? ['--reuid', options.user, '--regid', options.user, '--init-groups'] : []
  const on = options.core ? ['taskset', '-c', options.core] : []
  const log = openSync(options.logPath, 'a', 0o644)
  const args = [...as, '--pdeathsig', 'KILL', '--', ...on, ...command]
  const child = spawn('setpriv', args, {
    // A separate group: Ctrl-C must reach only the main process, which then stops the others in order.
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...options.env },
  })
  closeSync(log)
  child.on('error', () => {})
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null
  return {
    pid: () => child.pid ?? 0,
    isRunning,
    end: (signal, patienceMs = 15_000) => end(child, isRunning, signal, patienceMs),
    signal: (signal) => void child.kill(signal),
  }
}

async function end(
  child: ChildProcess,
  isRunning: () => boolean,
  signal: NodeJS.Signals,
  patienceMs: number,
) {
  if (!isRunning()) return
  const gone = once(child, 'exit')
  child.kill(signal)
  // A paused process would not receive the signal.
  if (signal !== 'SIGKILL') child.kill('SIGCONT')
  const impatient = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  await gone
  clearTimeout(impatient)
}

/** Polls until the condition holds. */
export async function until(what: string, isSo: () => Promise<boolean>, withinMs = 30_000): Promise<void> {
  for (const end = performance.now() + withinMs; ; await new Promise((resolve) => setTimeout(resolve, 25))) {
    if (await isSo().catch(() => false)) return
    if (performance.now() > end) throw new Error(`${what}: not within ${withinMs} ms`)
  }
}
