import { invalid } from '../../../domain/base/errors.ts'

const SECONDS: Readonly<Record<string, number>> = {
  ...{ s: 1, sec: 1, secs: 1, second: 1, seconds: 1 },
  ...{ m: 60, min: 60, mins: 60, minute: 60, minutes: 60 },
  ...{ h: 3600, hr: 3600, hrs: 3600, hour: 3600, hours: 3600 },
  ...{ d: 86_400, day: 86_400, days: 86_400 },
  ...{ w: 604_800, wk: 604_800, wks: 604_800, week: 604_800, weeks: 604_800 },
  // 30.44 and 365.25 days, as the library of InfluxDB 3 counts them (humantime, src/duration.rs).
  ...{ M: 2_630_016, month: 2_630_016, months: 2_630_016 },
  ...{ y: 31_557_600, yr: 31_557_600, yrs: 31_557_600, year: 31_557_600, years: 31_557_600 },
}

/** The seconds of a duration such as `30d` or `1h 30m`, which InfluxDB 3 takes for a retention. Throws `invalid`. */
export function humanSeconds(text: string): number {
  const parts = [...text.matchAll(/\s*(\d{1,9})\s*([A-Za-z]+)\s*/gy)]
  const isWhole = parts.reduce((sum, [all]) => sum + all.length, 0) === text.length
  const seconds = parts.map(
    ([, count, unit = '']) =>
      Number(count) * ((SECONDS as Record<string, number | undefined>)[unit] ?? Number.NaN),
  )
  const sum = seconds.reduce((all, each) => all + each, 0)
  if (parts.length === 0 || !isWhole || Number.isNaN(sum)) {
    throw invalid(`${JSON.stringify(text)} is no retention period; send one such as 30d or 12h`)
  }
  return sum
}
