import { texts } from '../texts/all.ts'

const HOUR = 3600
const DAY = 86_400

/** The retention periods to choose from: seconds and label. */
export const RETENTIONS: readonly [number, string][] = [
  [0, texts.organizations.forever],
  [HOUR * 6, texts.organizations.hours(6)],
  ...[1, 7, 30, 90, 365].map((days): [number, string] => [days * DAY, texts.organizations.days(days)]),
]

export function retentionText(seconds: number): string {
  if (seconds === 0) return texts.organizations.forever
  return seconds % DAY === 0
    ? texts.organizations.days(seconds / DAY)
    : texts.organizations.hours(Math.round((seconds / HOUR) * 10) / 10)
}

/** The length of shard groups that InfluxDB chooses for a retention, in seconds (src/domain/buckets/retention.ts). */
export function usualShardGroup(seconds: number): number {
  if (seconds === 0 || seconds >= 180 * DAY) return 7 * DAY
  return seconds >= 2 * DAY ? DAY : HOUR
}
