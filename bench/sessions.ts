/**
 * The cost of sessions: memory for each, and how long their expiry delays requests. Runs in a separate process with
 * `--expose-gc` and writes JSON. The benchmark moves the clock, so that it does not wait ten minutes.
 */

import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Worker } from 'node:worker_threads'
import type { ID } from '../src/domain/base/id.ts'
import { createSecret, hashSecret } from '../src/domain/base/secrets.ts'
import { createMemorySessionStore } from '../src/store/memory/session-store.ts'
import { byPassword } from '../test/support/session.ts'

export interface SessionCosts {
  readonly bytesPerSession: number
  /** The slowest request while all sessions expired. */
  readonly slowestMs: number
  readonly secondsToExpire: number
}

const SESSIONS = 1_000_000
const USERS = 100_000
const LENGTH_MS = 600_000
const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

async function measureSessions(): Promise<SessionCosts> {
  let now = Date.now()
  const users = Array.from({ length: USERS }, (_, i) => (i + 1).toString(16).padStart(16, '0') as ID)
  const store = createMemorySessionStore({ now: () => now })
  const before = usedBytes()
  for (let i = 0; i < SESSIONS; i += 1) {
    const userID = users[i % USERS] as ID
    await store.add({
      keyHash: hashSecret(createSecret()),
      userID,
      orgID: undefined,
      createdAt: now + (i % 1000),
      ...byPassword(now + (i % 1000)),
      lastUsedAt: now + (i % 1000),
      expiresAt: now + LENGTH_MS,
      cookieSentAt: now + (i % 1000),
      address: `192.0.2.${i % 256}`,
      userAgent: USER_AGENT,
      remembered: false,
      instanceGeneration: 0,
      userGeneration: 0,
    })
  }
  const bytesPerSession = (usedBytes() - before) / SESSIONS

  const server = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const asking = new Worker(new URL(import.meta.url), { argv: ['ask', String(port)] })
  await new Promise((resolve) => asking.once('message', resolve))

  const started = performance.now()
  now += LENGTH_MS + 2000
  while ((await store.count()) > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  const secondsToExpire = (performance.now() - started) / 1000
  const slowest = new Promise<number>((resolve) => asking.once('message', resolve))
  asking.postMessage('enough')
  const slowestMs = await slowest
  server.close()
  await asking.terminate()
  await store.close()
  return { bytesPerSession, slowestMs, secondsToExpire }
}

function usedBytes(): number {
  for (let i = 0; i < 3; i += 1) globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Sends requests continuously from another thread and reports the slowest response at the end. */
async function ask(port: number): Promise<void> {
  const { parentPort } = await import('node:worker_threads')
  let enough = false
  let slowest = 0
  const once = () =>
    new Promise<void>((resolve) =>
      get({ port, host: '127.0.0.1', agent: false }, (r) => r.resume().on('end', resolve)),
    )
  for (let i = 0; i < 200; i += 1) await once()
  parentPort?.once('message', () => {
    enough = true
  })
  parentPort?.postMessage('ready')
  while (!enough) {
    const started = performance.now()
    await once()
    slowest = Math.max(slowest, performance.now() - started)
  }
  parentPort?.postMessage(slowest)
}

if (process.argv[2] === 'ask') await ask(Number(process.argv[3]))
else console.log(JSON.stringify(await measureSessions()))
