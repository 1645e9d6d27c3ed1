/** A wall clock that never jumps: it starts at the current time and then follows the monotonic clock. */
import type { Clock } from '../domain/base/clock.ts'
import { PLAUSIBLE_MS, startOfClock } from '../domain/base/clock-mark.ts'

const LOOK_EVERY_MS = 60_000
const NOTABLE_MS = 60_000

export interface SteadyClock {
  readonly now: Clock
  /** Whether expiry by it may be persisted; see `clock-mark.ts`. */
  isTrusted(): boolean
}

/**
 * The time at the start, and from then on what has passed since, so that setting the system's clock neither expires
 * nor restores sessions and tokens. Logs once when the two differ by a minute. A clock that was doubtful at the start
 * is trusted once it has run for a day without being set.
 */
export function createSteadyClock(options: {
  /** The start time: from this machine's clock, or from that of a database shared by several nodes. */
  system?: number
  /** The latest time at which the data was used. */
  mark: number | undefined
  onMoved: (message: string) => void
}): SteadyClock {
  const { system = Date.now() } = options
  const ahead = system - Date.now()
  const start = startOfClock(system, options.mark)
  const begun = performance.now()
  const now = () => Math.floor(start.at - begun + performance.now())
  let isMoved = false
  if (start.isDoubtful && options.mark !== undefined) {
    const days = Math.round((start.at - options.mark) / PLAUSIBLE_MS)
    options.onMoved(
      `the clock is ${Math.abs(days)} days ${days < 0 ? 'before' : 'after'} the last use of the data; if that is wrong, set the clock and restart; until tomorrow nothing expires permanently by it`,
    )
  }
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() + ahead - now()) / 1000)
    if (Math.abs(seconds) * 1000 < NOTABLE_MS) return
    isMoved = true
    clearInterval(timer)
    options.onMoved(
      `the system's clock was moved by ${seconds} s; Sluice keeps the time that it started with until it is restarted`,
    )
  }, LOOK_EVERY_MS)
  timer.unref()
  return {
    now,
    isTrusted: () => !start.isDoubtful || (!isMoved && performance.now() - begun >= PLAUSIBLE_MS),
  }
}
