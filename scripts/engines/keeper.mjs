/** Processes that end with the process that started them, however that one ends. */
import { spawn } from 'node:child_process'

/** Reads until its input is closed, which happens even after kill -9; then kills the process and removes the folder. */
const SCRIPT = 'cat >/dev/null; kill -9 "$1" 2>/dev/null; sleep 0.2; rm -rf "$2"'

/** Kills `pid` and removes `folder` when this process is gone. Returns a function that cancels that. */
export function keep(pid, folder) {
  // In a separate group, so that Ctrl-C reaches only this process, for whose end the keeper waits.
  const keeper = spawn('sh', ['-c', SCRIPT, 'sh', String(pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  keeper.on('error', () => {})
  keeper.unref()
  keeper.stdin.unref?.()
  return () => keeper.kill('SIGKILL')
}
