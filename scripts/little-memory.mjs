/**
 * Has the process keep little memory that it no longer uses, by settings that are read before any code runs: the process
 * is replaced by itself, which takes some 80 ms.
 *
 * - The C library (glibc) gives large blocks back to the system. It would keep those of password hashes, 19 MiB each, for
 *   every thread that ever computed one: 140 MB after a few sign-ins.
 * - V8 collects garbage before the heap is twice as large as what was in use after the last time. Under a flood of
 *   requests it would let a small heap grow to four times of that.
 */
const SETTING = 'MALLOC_MMAP_THRESHOLD_'
/** From this size on a block is the system's own; everything else that Node allocates is far smaller, or lives long. */
const LARGE_BYTES = 4 * 1024 * 1024

const V8_FLAGS = ['--heap-growing-percent=85']

/** Does nothing for other commands than the server, where it is set already, or where there is no such library. */
export function keepLittleMemory() {
  const [, script, command = ''] = process.argv
  const isServer = command === '' || command === 'serve' || command.startsWith('-')
  if (!isServer || process.platform !== 'linux' || process.env[SETTING] || !process.execve) return
  const argv = [process.execPath, ...V8_FLAGS, ...process.execArgv, script, ...process.argv.slice(2)]
  try {
    process.execve(process.execPath, argv, { ...process.env, [SETTING]: String(LARGE_BYTES) })
  } catch {
    // It costs memory to go on without, and nothing else.
  }
}
