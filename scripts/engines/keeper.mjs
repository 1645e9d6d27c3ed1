/** Processes that end with the one that started them, however that one ends. */
import { spawn } from 'node:child_process'

/** Reads until the other end of its input is gone, which even kill -9 brings about; then ends and tidies up. */
const SCRIPT = 'cat >/dev/null; kill -9 "$1" 2>/dev/null; sleep 0.2; rm -rf "$2"'

/** Ends `pid` and removes `folder` when this process is gone. Gives what calls that off. */
export function keep(pid, folder) {
  // A group of its own: Ctrl-C is for this process, whose end is what the keeper waits for.
  const keeper = spawn('sh', ['-c', SCRIPT, 'sh', String(pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  keeper.on('error', () => {})
  keeper.unref()
  keeper.stdin.unref?.()
  return () => keeper.kill('SIGKILL')
}
