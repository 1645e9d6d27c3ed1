/** Durations as Go and InfluxDB write them (`1h30m`, `500ms`), with days on top; milliseconds inside. */

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const

const WRITTEN = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/

/** The units that a number without one may stand for, in milliseconds. */
export const BARE_UNITS = { seconds: 1000, minutes: 60_000, hours: 3_600_000 } as const
export type BareUnit = keyof typeof BARE_UNITS

/**
 * Milliseconds, or undefined if `text` is not a duration.
 * A bare number counts in `bareUnit`; without one, only `0` may go without a unit.
 */
export function parseDuration(text: string, bareUnit?: BareUnit): number | undefined {
  if (text === '') return undefined
  let total = 0
  if (/^\d+$/.test(text)) {
    total = Number(text) * (bareUnit ? BARE_UNITS[bareUnit] : 1)
    if (bareUnit === undefined && total !== 0) return undefined
  } else {
    const parts = WRITTEN.exec(text)
    if (!parts) return undefined
    for (const [i, [, unit]] of UNITS.entries()) total += Number(parts[i + 1] ?? 0) * unit
  }
  return Number.isSafeInteger(total) ? total : undefined
}

/** The shortest form of a whole number of milliseconds: 600000 is `10m`, 0 is `0`. */
export function formatDuration(milliseconds: number): string {
  let rest = milliseconds
  let text = ''
  for (const [letter, unit] of UNITS) {
    const count = Math.floor(rest / unit)
    rest -= count * unit
    if (count > 0) text += `${count}${letter}`
  }
  return text || '0'
}
