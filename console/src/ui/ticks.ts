/** Round numbers and times for the axes of charts. */

/** From 0 on, in steps of 1, 2 or 5 times a power of ten, up to the first one that is at least `most`; some `count`. */
export function numberTicks(most: number, count: number): number[] {
  const rough = Math.max(most, 1) / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const factor = [1, 2, 5, 10].find((each) => each * power >= rough) ?? 10
  const step = Math.max(1, factor * power)
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step)
}

const HOURS = [1, 2, 3, 6, 12]
const DAYS = [1, 2, 3, 7, 14]
const HOUR_MS = 3_600_000

/**
 * Local times within a range (milliseconds since 1970), on whole hours of the day or at midnight, evenly apart and at
 * most `count`.
 */
export function timeTicks(start: number, end: number, count: number): Date[] {
  const rough = (end - start) / HOUR_MS / Math.max(1, count)
  const hours = HOURS.find((each) => each >= rough)
  const days = hours ? 1 : (DAYS.find((each) => each * 24 >= rough) ?? Math.ceil(rough / 24))
  const ticks: Date[] = []
  const at = new Date(start)
  at.setHours(0, 0, 0, 0)
  while (at.getTime() <= end) {
    for (let hour = 0; hour < (hours ? 24 : 1); hour += hours ?? 24) {
      // By the calendar, so that a day of 23 or 25 hours moves no tick.
      const tick = new Date(at.getFullYear(), at.getMonth(), at.getDate(), hour)
      if (tick.getTime() >= start && tick.getTime() <= end) ticks.push(tick)
    }
    at.setDate(at.getDate() + days)
  }
  return ticks
}
