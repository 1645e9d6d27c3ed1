/** Retention periods and shard-group lengths, by InfluxDB's rules. */
import { unprocessable } from '../base/errors.ts'

const HOUR = 3600
const DAY = 24 * HOUR
const SHORTEST_RETENTION = HOUR
/** The longest Go duration, 2^63 nanoseconds or 292 years, in seconds. */
const LONGEST = 9_223_372_036

/** A retention rule as the client sent it. */
export interface RetentionRule {
  readonly everySeconds?: number | undefined
  readonly shardGroupDurationSeconds?: number | undefined
}

export interface Retention {
  /** 0 is forever. */
  readonly retentionSeconds: number
  readonly shardGroupSeconds: number
}

/** The rule of a list of at most one, or an empty rule; throws `unprocessable entity` for more or for a bad period. */
export function onlyRule(rules: readonly RetentionRule[]): RetentionRule {
  if (rules.length > 1) throw unprocessable('buckets cannot have more than one retention rule at this time')
  const rule = rules[0] ?? {}
  if ((rule.everySeconds ?? 0) < 0) throw unprocessable('expiration seconds cannot be negative')
  if ((rule.shardGroupDurationSeconds ?? 0) < 0) {
    throw unprocessable('shard-group duration seconds cannot be negative')
  }
  if (Math.max(rule.everySeconds ?? 0, rule.shardGroupDurationSeconds ?? 0) > LONGEST) {
    throw unprocessable(`a retention rule cannot have more than ${LONGEST} seconds`)
  }
  return rule
}

/** The retention of a new bucket. The shard-group length follows from the period unless the rule sets it. */
export function newRetention(rule: RetentionRule): Retention {
  const retentionSeconds = rule.everySeconds ?? 0
  const given = rule.shardGroupDurationSeconds ?? 0
  const shardGroupSeconds = given === 0 ? usualShardGroup(retentionSeconds) : Math.max(given, HOUR)
  return checked({ retentionSeconds, shardGroupSeconds })
}

/** The retention after an update. Fields missing from the rule stay; the shard-group length is never recalculated. */
export function changedRetention(old: Retention, rule: RetentionRule): Retention {
  return checked({
    retentionSeconds: rule.everySeconds ?? old.retentionSeconds,
    shardGroupSeconds: rule.shardGroupDurationSeconds || old.shardGroupSeconds,
  })
}

/** A period in seconds that a bucket can have; a server may keep data for less, and 0 is forever. */
export const leastRetention = (seconds: number): number =>
  seconds === 0 ? 0 : Math.max(SHORTEST_RETENTION, seconds)

function usualShardGroup(retentionSeconds: number): number {
  if (retentionSeconds === 0 || retentionSeconds >= 180 * DAY) return 7 * DAY
  return retentionSeconds >= 2 * DAY ? DAY : HOUR
}

function checked(retention: Retention): Retention {
  const { retentionSeconds, shardGroupSeconds } = retention
  if (retentionSeconds === 0) return retention
  if (retentionSeconds < SHORTEST_RETENTION) {
    throw unprocessable('retention policy duration must be at least 1h0m0s')
  }
  if (retentionSeconds < shardGroupSeconds) {
    throw unprocessable('shard-group duration must also be updated to be smaller than new retention duration')
  }
  return retention
}
