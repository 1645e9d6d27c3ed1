/**
 * Runs the tests: all of them, or the given files. Node's compile cache is shared, so that the many processes do not
 * each strip the types of the same files. For a full run each database is started once; a single file starts what it
 * needs.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type EngineName, installEngines } from './engines/install.ts'
import { startPostgres } from './engines/postgres.ts'
import { startRedis } from './engines/redis.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const named = process.argv.slice(2)
const files = named.length > 0 ? named : ['src/**/*.test.ts', 'console/src/**/*.test.ts', 'test/**/*.test.ts']

interface Engine {
  readonly url: string
  stop(): Promise<void>
}

/** The databases, how each is started, and the variable that passes its address to the tests. */
const DATABASES: readonly { name: EngineName; start(): Promise<Engine>; variable: string }[] = [
  { name: 'postgres', start: startPostgres, variable: 'TEST_POSTGRES_URL' },
  { name: 'redis', start: startRedis, variable: 'TEST_REDIS_URL' },
]

const missing = installEngines()
const engines: Engine[] = []
const urls: Record<string, string> = {}
if (named.length === 0) {
  for (const { name, start, variable } of DATABASES) {
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
// The tests receive Ctrl-C themselves; the databases stop when the tests have ended.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
const [status] = (await once(child, 'exit')) as [number | null]
for (const engine of engines) await engine.stop()
process.exitCode = status ?? 1
