import { invalid } from './errors.ts'

const FORM = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/i
const MINUTE_MS = 60_000

/**
 * Parses a time of RFC 3339, section 5.6, into milliseconds since 1970; undefined for other text. `Date.parse`
 * accepts more: it turns February 30 into March 2 and hour 24 into the next day. Leap seconds are refused, as by Go's
 * parser, and so are times outside the years 0000 to 9999 in UTC, because RFC 3339 cannot write them. Digits finer
 * than a millisecond are dropped.
 */
export function parseTime(text: string): number | undefined {
  const [, years, months, days, hours, minutes, seconds, fraction = '', sign, ...offset] =
    FORM.exec(text) ?? []
  if (years === undefined) return undefined
  const [year, month, day] = [Number(years), Number(months), Number(days)]
  const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds)]
  if (hour > 23 || minute > 59 || second > 59) return undefined

  // Not `Date.UTC`, which takes the years 0 to 99 for 1900 to 1999.
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  date.setUTCHours(hour, minute, second, Number(fraction.slice(0, 3).padEnd(3, '0')))

  const [offsetHours = '0', offsetMinutes = '0'] = offset
  const ahead = (Number(offsetHours) * 60 + Number(offsetMinutes)) * MINUTE_MS
  const ms = date.getTime() - (sign === '-' ? -ahead : ahead)
  const yearInUtc = new Date(ms).getUTCFullYear()
  return yearInUtc >= 0 && yearInUtc <= 9999 ? ms : undefined
}

/** Reads a time as `parseTime` does, from the field `name` of a request; throws `invalid`. */
export function requireTime(name: string, text: string): number {
  const ms = parseTime(text)
  if (ms === undefined) throw invalid(`${name} must be a time such as 2030-01-31T12:00:00Z (RFC 3339)`)
  return ms
}
