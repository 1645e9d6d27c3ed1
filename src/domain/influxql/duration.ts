import { invalid } from '../base/errors.ts'

const UNITS: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 }

/** The whole seconds of a duration such as `1d12h`. Throws `invalid` for one below a second, or that is none. */
export function durationSeconds(text: string): number {
  if (!/^(?:\d+[wdhms])+$/.test(text))
    throw invalid(`${text} is no duration of weeks, days, hours, minutes or seconds`)
  return [...text.matchAll(/(\d+)([wdhms])/g)].reduce(
    (sum, [, count = '', unit = '']) => sum + Number(count) * (UNITS[unit] ?? 0),
    0,
  )
}
