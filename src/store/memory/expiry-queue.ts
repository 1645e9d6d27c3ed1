/** Finds expired items without examining the others. */

export interface ExpiryQueue<T> {
  add(item: T): void
  stop(): void
}

/** Items are grouped by the time slot in which they expire; sweeping examines only past slots. */
const SLOT_MS = 1000
/** How many items are examined before other work gets its turn: less than a millisecond's worth. */
const BATCH = 500

/**
 * Holds items whose `expiresAt` may move later without a call to the queue: when the item's slot has passed and it
 * has not expired, it is filed again, so that renewing it costs nothing. Items that are no longer held are skipped.
 */
export function createExpiryQueue<T extends { readonly expiresAt: number }>(options: {
  now: () => number
  expire: (item: T) => void
  isHeld: (item: T) => boolean
}): ExpiryQueue<T> {
  const slots = new Map<number, T[]>()
  /** Slots before this one were taken out. */
  let takenTo = slotOf(options.now())
  let due: T[][] = []
  let immediate: NodeJS.Immediate | undefined

  function file(item: T): void {
    // Never into a past slot, even if the clock was set back.
    const slot = Math.max(slotOf(item.expiresAt), takenTo)
    const items = slots.get(slot)
    if (items) items.push(item)
    else slots.set(slot, [item])
  }

  /** Takes out the slots that have passed. */
  function takeDue(current: number): T[][] {
    const over = slotsOver(current)
    takenTo = current
    return over.flatMap((slot) => {
      const items = slots.get(slot)
      slots.delete(slot)
      return items ? [items] : []
    })
  }

  function slotsOver(current: number): number[] {
    // If the clock was set back, items that expired before their own slot are in this one.
    if (current < takenTo) return [takenTo]
    const passed = current - takenTo
    // After a jump forward there may be more slots to pass than there are filed ones.
    if (passed > slots.size) return [...slots.keys()].filter((slot) => slot < current)
    return Array.from({ length: passed }, (_, index) => takenTo + index)
  }

  function sweep(): void {
    immediate = undefined
    const now = options.now()
    if (due.length === 0) due = takeDue(slotOf(now))
    let budget = BATCH
    for (let items = due.at(-1); items; items = due.at(-1)) {
      for (let item = items.pop(); item !== undefined; item = items.pop()) {
        if (options.isHeld(item)) {
          if (item.expiresAt <= now) options.expire(item)
          else file(item)
        }
        budget -= 1
        if (budget === 0) {
          immediate = setImmediate(sweep)
          return
        }
      }
      due.pop()
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
