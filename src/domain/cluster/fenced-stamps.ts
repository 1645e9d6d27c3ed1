import type { ID } from '../base/id.ts'
import type { Log } from '../base/log.ts'
import type { Stamps } from '../records/stamps.ts'
import type { Fence } from './fence.ts'

/** Stamps in a session store that several nodes share, whatever happens to it. */
export interface SharedStamps<Mark> {
  /**
   * Undefined while a change is under way.
   *
   * @param on the run of the store to ask; another one is `unavailable`
   */
  read(userID: ID, on: string): Promise<string | undefined>
  /** Makes these users' stamps unsettled until `settle`, or for longer than any change can take. */
  mark(userIDs: readonly ID[], on: string): Promise<Mark>
  /** Removes the mark and gives the users new stamps. */
  settle(mark: Mark): Promise<void>
}

/** Stamps that are valid only as the fence allows. */
export function createFencedStamps<Mark>(deps: {
  shared: SharedStamps<Mark>
  fence: Fence
  /** Waits for milliseconds of the fence's clock. */
  wait: (ms: number) => Promise<void>
  log: Pick<Log, 'warn'>
}): Stamps {
  const { shared, fence, wait, log } = deps

  async function quarantine(): Promise<void> {
    const ms = fence.quarantineMs()
    if (ms > 0) await wait(ms)
  }

  return {
    async read(userID) {
      const from = fence.sessionStoreID()
      if (from === undefined) return null
      const stamp = await shared.read(userID, from)
      return stamp === undefined ? null : fence.tag(stamp, from)
    },
    async mark(userIDs, epoch) {
      const mark = await shared.mark(userIDs, fence.require(epoch))
      return {
        async settle() {
          await quarantine()
          try {
            await shared.settle(mark)
          } catch (error) {
            // Until the mark expires everything about these users is read from the database.
            log.warn('a change is slow to settle', { cause: String(error) })
          }
        },
      }
    },
    async settleEpoch() {
      await fence.renew()
      await quarantine()
    },
  }
}
