/** Processes and folders that end with this process, however it ends: each watches a pipe held open here. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Ctrl-C reaches the shell too, and it must survive to clean up, even if its output is no longer read.
const RUN = `trap '' INT TERM HUP PIPE
"$@" </dev/null >/dev/null 2>&1 &
child=$!
echo $child
cat >/dev/null
kill -CONT $child 2>/dev/null
kill -KILL $child 2>/dev/null
wait`
const REMOVE = `trap '' INT TERM HUP
cat >/dev/null
sleep "$2"
rm -rf -- "$1"`

/** Runs a program. `pid` is its process id; `end` kills it and waits for its exit. */
export async function runWithParent(program, args) {
  const { shell, end } = hang(RUN, [program, ...args])
  shell.stdout.ref()
  const [line] = await once(shell.stdout, 'data')
  shell.stdout.unref()
  return { pid: Number(line), end }
}

/** An empty folder, removed by `remove` or with this process. */
export function folderWithParent(prefix) {
  const path = mkdtempSync(join(tmpdir(), prefix))
  // A little later than the processes that may still write there.
  const { end } = hang(REMOVE, [path, '0.2'])
  return { path, remove: end }
}

function hang(script, args) {
  const shell = spawn('/bin/sh', ['-c', script, 'sh', ...args], { stdio: ['pipe', 'pipe', 'ignore'] })
  shell.unref()
  shell.stdin.unref()
  shell.stdout.unref()
  shell.stdin.on('error', () => undefined)
  const ended = Promise.withResolvers()
  shell.once('exit', ended.resolve)
  return {
    shell,
    async end() {
      shell.ref()
      shell.stdin.end()
      await ended.promise
    },
  }
}
