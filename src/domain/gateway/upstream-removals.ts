/** Deleting minted tokens upstream, in the background. */
import type { ID } from '../base/id.ts'
import type { Log } from '../base/log.ts'
import type { MaybePromise } from '../base/maybe-promise.ts'
import type { UpstreamTokens } from '../records/upstream.ts'

/** An upstream that is stuck must not hold up the end of the process. */
const LONGEST_STOP_MS = 5000

export interface Removals {
  /** A token that cannot be deleted is left to the next start, and logged. */
  begin(minted: MaybePromise<{ readonly id: ID } | undefined>): void
  /** Waits for those that have begun, within a time limit. */
  settled(): Promise<void>
}

export function createRemovals({
  upstream,
  log,
}: {
  readonly upstream: Pick<UpstreamTokens, 'remove'>
  readonly log: Log
}): Removals {
  const removals = new Set<Promise<void>>()

  return {
    begin(minted) {
      const removal = Promise.resolve(minted)
        .catch(() => undefined)
        .then((token) => token && upstream.remove(token.id))
        .catch((error: unknown) => {
          log.warn('a token could not be deleted upstream; the next start deletes it', {
            cause: String(error),
          })
        })
        .finally(() => removals.delete(removal))
      removals.add(removal)
    },
    async settled() {
      const deadline = Promise.withResolvers<void>()
      const timeout = setTimeout(deadline.resolve, LONGEST_STOP_MS)
      await Promise.race([Promise.all(removals), deadline.promise])
      clearTimeout(timeout)
    },
  }
}
