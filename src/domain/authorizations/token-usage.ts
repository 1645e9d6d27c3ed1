import type { ID } from '../base/id.ts'
import type { Log } from '../base/log.ts'
import type { AuthorizationStore } from '../records/authorization.ts'

export interface TokenUsage {
  note(id: ID, at: number): void
  /** The last use that is not in the database yet or was written just now, in milliseconds since 1970. */
  lastUse(id: ID): number | undefined
  stop(): Promise<void>
}

const FLUSH_MS = 60_000

/**
 * Records when tokens were last used. A request only updates a map; the map is written once a minute, so a crash loses
 * at most one minute.
 */
export function createTokenUsage(deps: {
  write: (uses: Parameters<AuthorizationStore['noteUse']>[0]) => Promise<void>
  log: Pick<Log, 'error'>
}): TokenUsage {
  let used = new Map<ID, number>()
  /** The uses written last: kept, because a token read during that write may lack them. */
  let handedOver: ReadonlyMap<ID, number> = new Map()
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

  /** Writes one batch after another, so that an older use never overwrites a newer one. */
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
