/** What is cleared away from time to time. */

import { KNOWN_FOR_MS } from './domain/guessing/known-addresses.ts'
import type { IdentityStore } from './domain/identity-store.ts'
import type { Log } from './domain/log.ts'

const EVERY_MS = 10 * 60_000
/** So many events are removed at a time, so that nobody waits for a long deletion. */
const PORTION = 1000

export function startUpkeep(deps: {
  store: Pick<IdentityStore, 'audit' | 'knownAddresses' | 'rememberedSessions'>
  now: () => number
  log: Pick<Log, 'error'>
  /** How long audit events are kept, in milliseconds. */
  retentionMs: number
}): { stop(): void } {
  const { audit, knownAddresses, rememberedSessions } = deps.store
  let stopped = false

  async function clear(): Promise<void> {
    const at = deps.now()
    await rememberedSessions.removeExpired(at)
    await knownAddresses.removeBefore(at - KNOWN_FOR_MS)
    const oldest = new Date(at - deps.retentionMs).toISOString()
    while (!stopped && (await audit.removeBefore(oldest, PORTION)) === PORTION) {
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  function tryToClear(): void {
    clear().catch((error) => deps.log.error('what is over cannot be cleared away', { cause: String(error) }))
  }

  tryToClear()
  const timer = setInterval(tryToClear, EVERY_MS)
  timer.unref()

  return {
    stop() {
      stopped = true
      clearInterval(timer)
    },
  }
}
