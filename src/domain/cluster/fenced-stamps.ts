import { setTimeout as sleep } from 'node:timers/promises'
import type { Id } from '../id.ts'
import type { Log } from '../log.ts'
import type { Stamps } from '../principals/stamps.ts'
import type { Fence } from './fence.ts'

/** Stamps in a session store that several nodes share, whatever happens to it. */
export interface SharedStamps {
  /** Undefined while a change is under way. */
  read(userID: Id): Promise<string | undefined>
  mark(userIDs: readonly Id[]): Promise<SharedMark>
}

export interface SharedMark {
  /** Gives the users a new stamp. Where that fails the mark is over by itself after a while. */
  settle(): Promise<void>
}

/** Stamps that hold only where the fence says so. */
export function createFencedStamps(deps: { shared: SharedStamps; fence: Fence; log: Log }): Stamps {
  const { shared, fence, log } = deps
  const quarantine = () => sleep(fence.quarantineMs())
  return {
    async settleEpoch() {
      await fence.renew()
      await quarantine()
    },
    async read(userID) {
      const stamp = await shared.read(userID)
      return stamp === undefined ? null : fence.tag(stamp)
    },
    async mark(userIDs, epoch) {
      fence.require(epoch)
      const mark = await shared.mark(userIDs)
      fence.require(epoch)
      return {
        async settle() {
          if (fence.quarantineMs() > 0) await quarantine()
          // Nobody need wait for this: until it is done everything about these users is read from the store.
          mark
            .settle()
            .catch((error: Error) => log.warn('a change is slow to settle', { cause: error.message }))
        },
      }
    },
  }
}
