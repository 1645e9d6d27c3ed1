/**
 * Ends this process with the `npm run` that started it. npm passes SIGTERM and SIGINT on to what it started, but when it
 * is killed (SIGKILL) nobody is told. What is left is a process without its parent, which is looked for here. Where the
 * shell does not become the program (`exec` in package.json), it ends by SIGTERM without passing it on.
 */
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'

const LOOK_EVERY_MS = 200

/**
 * Calls `onEnd` once, when npm or its shell has ended. Does nothing where this process is not what that script of
 * package.json runs, and on Windows, where ending npm ends its children.
 */
export function watchNpm(script, onEnd) {
  if (process.env.npm_lifecycle_event !== script || process.platform === 'win32') return
  const parent = process.ppid
  // Whoever started npm may go, as with nohup; so the shell's parent is looked at, and not npm's.
  const npm = isShell(parent) ? parentOf(parent) : undefined
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === undefined || parentOf(parent) === npm)) return
    clearInterval(timer)
    onEnd()
  }, LOOK_EVERY_MS)
  timer.unref()
}

/** Whether a process is a shell that runs one command. Linux only; elsewhere npm's own death by SIGKILL is not seen. */
function isShell(pid) {
  return read(`/proc/${pid}/cmdline`).split('\0')[1] === '-c'
}

function parentOf(pid) {
  return /^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/**
 * Ends this process by a signal, or with the `npm run` that started it, in the way that lets `exit` listeners clean up:
 * what it has started itself must not outlive it.
 */
export function exitWithNpm(script) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]))
  }
  watchNpm(script, () => process.exit(1))
}
