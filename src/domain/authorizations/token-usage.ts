import type { Id } from '../base/id.ts'
import type { Log } from '../base/log.ts'
import type { AuthorizationStore } from '../records/authorization.ts'

export interface TokenUsage {
  note(id: Id, at: number): void
  /** The last use that is known, in milliseconds since 1970; also one that is not written yet. */
  lastUse(id: Id): number | undefined
  stop(): Promise<void>
}

const FLUSH_MS = 60_000

/**
 * When tokens were last used, written once a minute for all that were: a request only notes the time. A crash
 * takes at most that minute away.
 */
export function createTokenUsage(deps: {
  write: (uses: Parameters<AuthorizationStore['noteUse']>[0]) => Promise<void>
  log: Pick<Log, 'error'>
}): TokenUsage {
  let used = new Map<Id, number>()
  /** What went to the store last. Whoever has read a token meanwhile may have read it without. */
  let handedOver: ReadonlyMap<Id, number> = new Map()
  let flushed = Promise.resolve()

  async function write(): Promise<void> {
    if (used.size === 0) return
    handedOver = used
    used = new Map()
    try {
      await deps.write([...handedOver].map(([id, at]) => ({ id, at: new Date(at).toISOString() })))
    } catch (error) {
      used = new Map([...handedOver, ...used])
      deps.log.error('the last uses of tokens cannot be written yet', { cause: String(error) })
    }
  }

  /** One write after the other, so that an older use never comes after a newer one. */
  function flush(): Promise<void> {
    flushed = flushed.then(write)
    return flushed
  }

  const timer = setInterval(() => void flush(), FLUSH_MS)
  timer.unref()

  return {
    note: (id, at) => used.set(id, at),
    lastUse: (id) => used.get(id) ?? handedOver.get(id),
    async stop() {
      clearInterval(timer)
      await flush()
    },
  }
}
