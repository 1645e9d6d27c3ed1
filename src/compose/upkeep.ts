/** What is cleared away from time to time. */

import type { Log } from '../domain/base/log.ts'
import { KNOWN_FOR_MS } from '../domain/guessing/known-addresses.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'

const MINUTE_MS = 60_000
const CLEAR_EVERY_MINUTES = 10
/** How many events one deletion removes, so that no request waits for a long one. */
const PORTION = 1000
/** How long ends are kept after the sessions would have expired: another node's clock may be behind. */
const ENDED_FOR_MS = 24 * 60 * MINUTE_MS
/** How long expired invitations are still listed. */
const EXPIRED_FOR_MS = 7 * 24 * 60 * MINUTE_MS

export function startUpkeep(deps: {
  store: Pick<
    IdentityStore,
    | 'audit'
    | 'authorizations'
    | 'clockMark'
    | 'knownAddresses'
    | 'oneTimeLinks'
    | 'rememberedSessions'
    | 'sessionEnds'
    | 'spentChallenges'
  >
  now: () => number
  /** Whether expiry by this clock may be persisted; see `clock-mark.ts`. */
  isClockTrusted: () => boolean
  /** Hashes of remembered sessions that have expired and whose rows are still in the database. */
  expiredUnpersisted: Set<string>
  log: Pick<Log, 'error'>
  /** How long audit events are kept, in milliseconds. */
  retentionMs: number
}): { stop(): Promise<void> } {
  const { audit, authorizations, clockMark, knownAddresses } = deps.store
  const { rememberedSessions, sessionEnds, spentChallenges } = deps.store
  let stopped = false
  let minutes = 0

  async function clear(): Promise<void> {
    const at = deps.now()
    await authorizations.markExpired(new Date(at).toISOString())
    const over = [...deps.expiredUnpersisted]
    await rememberedSessions.removeExpired(at)
    for (const keyHash of over) deps.expiredUnpersisted.delete(keyHash)
    await knownAddresses.removeBefore(at - KNOWN_FOR_MS)
    await spentChallenges.removeBefore(at - ENDED_FOR_MS)
    await deps.store.oneTimeLinks.removeExpired(at - EXPIRED_FOR_MS)
    const oldest = new Date(at - deps.retentionMs).toISOString()
    await inPortions(() => audit.removeBefore(oldest, PORTION))
    await inPortions(() => sessionEnds.removeBefore(at - ENDED_FOR_MS, PORTION))
  }

  async function inPortions(remove: () => Promise<number>): Promise<void> {
    while (!stopped && (await remove()) === PORTION) await new Promise((resolve) => setImmediate(resolve))
  }

  async function attempt(work: Promise<void>, failure: string): Promise<void> {
    await work.catch((error) => deps.log.error(failure, { cause: String(error) }))
  }

  /** Under a clock that may be wrong the mark stays where it was. */
  async function mark(): Promise<void> {
    if (!deps.isClockTrusted()) return
    await attempt(clockMark.set(deps.now()), 'how far time has come cannot be noted')
  }

  function everyMinute(): void {
    void mark()
    if (minutes % CLEAR_EVERY_MINUTES === 0 && deps.isClockTrusted()) {
      void attempt(clear(), 'what is over cannot be cleared away')
    }
    minutes += 1
  }

  everyMinute()
  const timer = setInterval(everyMinute, MINUTE_MS)
  timer.unref()

  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      await mark()
    },
  }
}
