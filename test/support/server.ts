/** A complete server in this process: real listener, memory store, real settings. */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { Writable } from 'node:stream'
import { openListener } from '../../src/cli/serve.ts'
import { composeSluice } from '../../src/compose/server.ts'
import { loadSettings } from '../../src/config/load.ts'
import type { Argon2idCost } from '../../src/domain/passwords/argon2id.ts'
import type { IdentityStore } from '../../src/domain/records/identity-store.ts'
import type { DispatchEntry } from '../../src/http/server/dispatch.ts'
import { openMemoryStore } from '../../src/store/sqlite/open.ts'
import { createLogger } from '../../src/telemetry/logger.ts'
import { CHEAP_PASSWORDS } from './password-cost.ts'

export interface RunningServer {
  readonly url: string
  /** The log, one JSON object per line; shows failures inside the server. */
  readonly log: readonly string[]
  /** The server's store, for tests that close it to make it unreachable. */
  readonly store: IdentityStore
  stop(): Promise<void>
}

/**
 * Starts a server like `sluice serve`, on a free loopback port. `argv` is added to its command line; the environment is
 * ignored, so that a test is the same everywhere.
 */
export async function startServer(
  argv: readonly string[] = [],
  {
    now = Date.now,
    passwordCost = CHEAP_PASSWORDS,
    open = openMemoryStore,
    consoleFolder,
    beside,
  }: {
    now?: () => number
    passwordCost?: Argon2idCost
    open?: () => Promise<IdentityStore>
    consoleFolder?: string | undefined
    beside?: readonly DispatchEntry[]
  } = {},
): Promise<RunningServer> {
  const { settings } = loadSettings({
    argv: [
      ...(argv.includes('--store') ? [] : ['--store', 'memory']),
      ...(argv.includes('--http-bind-address') ? [] : ['--http-bind-address', '127.0.0.1:0']),
      ...argv,
    ],
    env: {},
    cwd: import.meta.dirname,
    home: homedir(),
    readFile: (path) => readFileSync(path, 'utf8'),
  })
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk).trim())
      done()
    },
  })
  const log = createLogger({ level: settings.logLevel, format: 'json', stream, isTerminal: false })
  const listener = openListener(settings, log)
  const url = await listener.listen(settings.httpBindAddress)
  const store = await open()
  const sluice = await composeSluice({
    settings,
    store,
    listener,
    log,
    tracing: undefined,
    auditSink: undefined,
    now,
    passwordCost,
    consoleFolder,
    beside,
  })
  return {
    url,
    log: lines,
    store,
    async stop() {
      // Node's client keeps connections open; waiting for them would only waste time.
      await listener.stop(0)
      await sluice.close()
      await store.close()
    },
  }
}
