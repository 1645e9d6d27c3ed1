import type { Id } from '../id.ts'
import type { Log } from '../log.ts'
import type { AuthorizationStore } from './authorization.ts'

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

  async function flush(): Promise<void> {
    if (used.size === 0) return
    const due = used
    used = new Map()
    try {
      await deps.write([...due].map(([id, at]) => ({ id, at: new Date(at).toISOString() })))
    } catch (error) {
      used = new Map([...due, ...used])
      deps.log.error('the last uses of tokens cannot be written yet', { cause: String(error) })
    }
  }

  const timer = setInterval(() => void flush(), FLUSH_MS)
  timer.unref()

  return {
    note: (id, at) => used.set(id, at),
    lastUse: (id) => used.get(id),
    async stop() {
      clearInterval(timer)
      await flush()
    },
  }
}
