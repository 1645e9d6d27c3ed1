/** Times as a person gives and reads them on the command line. */
import type { Screen } from './screen.ts'

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const

/** `3 d ago`, `in 5 h` on a terminal; elsewhere the time itself (RFC 3339), which programs read. */
export function timeText(time: string, { width }: Screen, now = Date.now()): string {
  if (width === undefined) return time
  const distance = Date.parse(time) - now
  const [unit, ms] = UNITS.find(([, each]) => Math.abs(distance) >= each) ?? (['s', 1000] as const)
  const count = Math.floor(Math.abs(distance) / ms)
  return distance < 0 ? `${count} ${unit} ago` : `in ${count} ${unit}`
}

/** RFC 3339 in UTC; on a terminal without its milliseconds. */
export function instantText(time: string, { width }: Screen): string {
  return width === undefined ? time : time.replace(/\.\d+Z$/, 'Z')
}
