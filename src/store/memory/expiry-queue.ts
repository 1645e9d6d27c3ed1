/** Finds what has expired without looking at the rest. */

export interface ExpiryQueue<T> {
  add(item: T): void
  stop(): void
}

/** Items are filed by the slot of time in which they end; sweeping looks only at slots that are over. */
const SLOT_MS = 1000
/** So many items are looked at before other work has its turn: less than a millisecond's worth. */
const BATCH = 1000

/**
 * Items whose `expiresAt` may move later without telling the queue: when its slot is over an item that
 * lives on is filed anew, so that renewal costs nothing. Ended ones that are no longer held are passed over.
 */
export function createExpiryQueue<T extends { readonly expiresAt: number }>(options: {
  now: () => number
  expire: (item: T) => void
  isHeld: (item: T) => boolean
}): ExpiryQueue<T> {
  const slots = new Map<number, T[]>()
  let sweepTo = slotOf(options.now())
  let immediate: NodeJS.Immediate | undefined

  function file(item: T): void {
    // Never into a slot that was swept already, whatever the clock did.
    const slot = Math.max(slotOf(item.expiresAt), sweepTo)
    const items = slots.get(slot)
    if (items) items.push(item)
    else slots.set(slot, [item])
  }

  function sweep(): void {
    immediate = undefined
    const now = options.now()
    const current = slotOf(now)
    let budget = BATCH
    // After a jump of the clock there may be more slots to pass than there are filed ones.
    if (current - sweepTo > slots.size) sweepTo = Math.min(current, ...slots.keys())
    while (sweepTo < current) {
      const items = slots.get(sweepTo)
      while (items && items.length > 0) {
        if (budget-- === 0) {
          immediate = setImmediate(sweep)
          return
        }
        const item = items.pop() as T
        if (!options.isHeld(item)) continue
        if (item.expiresAt <= now) options.expire(item)
        else file(item)
      }
      slots.delete(sweepTo)
      sweepTo += 1
    }
  }

  const timer = setInterval(() => {
    if (!immediate) sweep()
  }, SLOT_MS)
  timer.unref()

  return {
    add: file,
    stop() {
      clearInterval(timer)
      clearImmediate(immediate)
    },
  }
}

function slotOf(ms: number): number {
  return Math.floor(ms / SLOT_MS)
}
