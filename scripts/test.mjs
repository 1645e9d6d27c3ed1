/**
 * Runs the tests: all of them, or the files that are named. The code that Node compiles is kept, so that each of
 * the many processes need not strip the types of the same files again.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const named = process.argv.slice(2)
const files = named.length > 0 ? named : ['src/**/*.test.ts', 'test/**/*.test.ts']
const { status } = spawnSync(
  process.execPath,
  ['--test', '--test-concurrency=3', '--test-reporter=spec', ...files],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_COMPILE_CACHE: `${root}node_modules/.cache/sluice/compiled` },
  },
)
process.exitCode = status ?? 1
