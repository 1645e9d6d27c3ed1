/**
 * Ends this process together with the `npm run` that started it. npm passes SIGTERM and SIGINT on to its script, but when
 * npm is killed by SIGKILL, the script gets no signal. And where `exec` in package.json does not replace npm's shell, the
 * shell ends by SIGTERM without passing it on. In both cases the parent of this process changes, which is polled here.
 */
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'

const POLL_EVERY_MS = 200

/**
 * Calls `onEnd` once, when npm or its shell has ended; the returned function stops watching. Does nothing if this process
 * is not what that script of package.json runs, and on Windows, where ending npm ends its children.
 */
export function watchNpm(script: string, onEnd: () => void): () => void {
  if (process.env.npm_lifecycle_event !== script || process.platform === 'win32') return () => {}
  const parent = process.ppid
  // The parent is npm, or a shell whose parent is npm. npm's own parent may end without npm, as with nohup.
  const npm = isShell(parent) ? parentOf(parent) : undefined
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === undefined || parentOf(parent) === npm)) return
    clearInterval(timer)
    onEnd()
  }, POLL_EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** Whether a process is a shell that runs one command. Reads /proc, so on Linux only. */
function isShell(pid: number): boolean {
  return read(`/proc/${pid}/cmdline`).split('\0')[1] === '-c'
}

function parentOf(pid: number): string | undefined {
  return /^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/**
 * On a signal, or when the `npm run` that started this process ends, calls `process.exit`, so that `exit` listeners run
 * and can end the processes that this one has started.
 */
export function exitWithNpm(script: string): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]))
  }
  watchNpm(script, () => process.exit(1))
}
