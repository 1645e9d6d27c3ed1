/**
 * Processes and temporary folders that do not outlive this process, even if it is killed by SIGKILL and cannot clean up
 * itself. A shell does it: the shell reads from a pipe whose other end is open only in this process. When this process
 * exits, the system closes the pipe, and the shell kills the program or removes the folder.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'

// Ctrl-C signals the shell too, as a member of the same process group. The shell ignores the signal, and also SIGPIPE
// when the reader of its output has exited: it must survive to clean up. A paused program must continue in order to die.
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
const KILL_AND_REMOVE = 'cat >/dev/null; kill -9 "$1" 2>/dev/null; sleep "$3"; rm -rf -- "$2"'

/** Folders are removed this much later than processes are killed, because those may still write there. */
const REMOVE_AFTER_SECONDS = '0.2'

export interface RunningProgram {
  readonly pid: number
  /** Kills the program and waits for its exit. */
  end(): Promise<void>
}

export interface TemporaryFolder {
  readonly path: string
  remove(): Promise<void>
}

/** Runs a program until `end` is called or this process exits. */
export async function runUntilExit(program: string, args: readonly string[]): Promise<RunningProgram> {
  const { stdout, end } = startShell(RUN, [program, ...args])
  stdout.ref()
  const [line] = await once(stdout, 'data')
  stdout.unref()
  return { pid: Number(line), end }
}

/** Creates an empty folder, which exists until `remove` is called or this process exits. */
export function createFolderUntilExit(prefix: string): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), prefix))
  const { end } = startShell(REMOVE, [path, REMOVE_AFTER_SECONDS])
  return { path, remove: end }
}

/** Kills a process and removes its folder when this process exits. The returned function cancels that. */
export function killOnExit(pid: number, folder: string): () => void {
  const shell = spawn('sh', ['-c', KILL_AND_REMOVE, 'sh', String(pid), folder, REMOVE_AFTER_SECONDS], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // In a separate process group: Ctrl-C must not end the shell before this process has stopped the program itself.
    detached: true,
  })
  shell.on('error', () => {})
  shell.unref()
  pipe(shell.stdin).unref()
  return () => shell.kill('SIGKILL')
}

/** Starts a shell that reads its input until `end` is called or this process exits; it does not keep this one alive. */
function startShell(script: string, args: readonly string[]) {
  const shell = spawn('/bin/sh', ['-c', script, 'sh', ...args], { stdio: ['pipe', 'pipe', 'ignore'] })
  const [stdin, stdout] = [pipe(shell.stdin), pipe(shell.stdout)]
  shell.unref()
  stdin.unref()
  stdout.unref()
  stdin.on('error', () => undefined)
  const exited = Promise.withResolvers<void>()
  shell.once('exit', () => exited.resolve())
  return {
    stdout,
    async end() {
      shell.ref()
      stdin.end()
      await exited.promise
    },
  }
}

/** Pipes to a child process are sockets, although their type says only streams; sockets alone have `ref` and `unref`. */
function pipe(stream: Readable | Writable): Socket {
  return stream as Socket
}
