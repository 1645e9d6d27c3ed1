/**
 * Runs the tests: all of them, or the files that are named. The code that Node compiles is kept, so that each of
 * the many processes need not strip the types of the same files again. For all of them, each engine is started
 * once; a file that is named alone starts what it needs by itself.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { installEngines } from './engines/install.mjs'
import { startPostgres } from './engines/postgres.mjs'
import { startRedis } from './engines/redis.mjs'

const root = fileURLToPath(new URL('../', import.meta.url))
const named = process.argv.slice(2)
const files = named.length > 0 ? named : ['src/**/*.test.ts', 'console/src/**/*.test.ts', 'test/**/*.test.ts']

/** By name: how it is started, and the variable that tells the tests where it is. */
const STARTED = {
  postgres: { start: startPostgres, variable: 'SLUICE_TEST_POSTGRES_URL' },
  redis: { start: startRedis, variable: 'SLUICE_TEST_REDIS_URL' },
}

const missing = installEngines([...Object.keys(STARTED), 'chromium'])
const engines = []
const urls = {}
if (named.length === 0) {
  for (const [name, { start, variable }] of Object.entries(STARTED)) {
    if (missing.includes(name)) continue
    const engine = await start()
    engines.push(engine)
    urls[variable] = engine.url
  }
}
const child = spawn(process.execPath, ['--test', '--test-concurrency=3', '--test-reporter=spec', ...files], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ...urls, NODE_COMPILE_CACHE: `${root}node_modules/.cache/sluice/compiled` },
})
// Ctrl-C reaches the tests by themselves; what was started here ends when they have.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
const status = await new Promise((resolve) => child.once('exit', resolve))
for (const engine of engines) await engine.stop()
process.exitCode = status ?? 1
