/**
 * Memory settings of the server's process, which the C library and V8 read before any JavaScript runs. To apply them, the
 * process replaces itself (execve), which takes about 80 ms.
 *
 * - glibc returns large blocks to the system as soon as they are freed. By default it retains those of password hashes,
 *   19 MiB each, for every thread that has computed one: 140 MB after a few sign-ins.
 * - V8 collects garbage before the heap has doubled since the last collection. By default a small heap may grow to four
 *   times its size under a flood of requests.
 * - `gc` lets the gateway have young garbage collected (src/http/gateway/passed-bytes.ts).
 */
const VARIABLE = 'MALLOC_MMAP_THRESHOLD_'
/** Above all other blocks that Node allocates and frees, and below those of password hashes. */
const LARGE_BLOCK_BYTES = 4 * 1024 * 1024

const V8_FLAGS = ['--heap-growing-percent=85', '--expose-gc']

/**
 * Replaces the process by one with the settings and the same arguments. Returns if the process has them already, if it
 * runs another command than the server, and on other systems than Linux.
 */
export function restartWithMemorySettings(process: NodeJS.Process): void {
  const [, script = '', command = ''] = process.argv
  const isServer = command === '' || command === 'serve' || command.startsWith('-')
  if (!isServer || process.platform !== 'linux' || process.env[VARIABLE] || !process.execve) return
  const argv = [process.execPath, ...V8_FLAGS, ...process.execArgv, script, ...process.argv.slice(2)]
  try {
    process.execve(process.execPath, argv, { ...process.env, [VARIABLE]: String(LARGE_BLOCK_BYTES) })
  } catch {
    // Without the settings the server only needs more memory.
  }
}
