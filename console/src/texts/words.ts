/** Numbers and durations as text. */

export const plural = (count: number, one: string, many: string) =>
  `${count.toLocaleString()} ${count === 1 ? one : many}`

/** A duration in one unit: seconds up to two minutes, then minutes, hours, days. */
export function duration(seconds: number): string {
  if (seconds < 120) return plural(Math.max(0, Math.ceil(seconds)), 'second', 'seconds')
  if (seconds < 7200) return plural(Math.round(seconds / 60), 'minute', 'minutes')
  if (seconds < 172_800) return plural(Math.round(seconds / 3600), 'hour', 'hours')
  return plural(Math.round(seconds / 86_400), 'day', 'days')
}
