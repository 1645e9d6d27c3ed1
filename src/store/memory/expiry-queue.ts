/** Finds what has expired without looking at the rest. */

export interface ExpiryQueue<T> {
  add(item: T): void
  stop(): void
}

/** Items are filed by the slot of time in which they end; sweeping looks only at slots that have passed. */
const SLOT_MS = 1000
/** How many items are looked at before other work gets its turn: less than a millisecond's worth. */
const BATCH = 500

/**
 * Items whose `expiresAt` may move later without telling the queue: when its slot has passed an item that
 * lives on is filed again, so that renewal costs nothing. Ended ones that are no longer held are passed over.
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
    // Never into a slot that was taken out already, whatever the clock did.
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
    // A clock that was set back: what ended too early to be filed in its own slot is filed again.
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
