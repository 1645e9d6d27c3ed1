/** How each difference is mended, on the side that is changed. */
import type { Difference } from './differences.ts'

/** Which side's records count. */
export type Side = 'here' | 'upstream'

export const MENDINGS = [
  'add-here',
  'change-here',
  'remove-here',
  'new-id-here',
  'add-upstream',
  'change-upstream',
  'remove-upstream',
] as const
export type Mending = (typeof MENDINGS)[number]

export interface MendedDifference {
  readonly difference: Difference
  readonly mending: Mending
}

/**
 * What mends a difference if the records of `from` count. Ids are upstream's in either case, because InfluxDB chooses
 * the ids of organizations and buckets. An inactive user belongs to nothing upstream, whichever side counts.
 */
export function mendingOf(
  { type, kind, there }: Difference,
  from: Side,
  isInactive: (userID: string) => boolean,
): Mending {
  if (kind === 'other-id') return 'new-id-here'
  if (kind === 'here-only') return from === 'here' ? 'add-upstream' : 'remove-here'
  if (kind !== 'upstream-only') return from === 'here' ? 'change-upstream' : 'change-here'
  if (type === 'membership' && there && isInactive(there.userID)) return 'remove-upstream'
  return from === 'here' ? 'remove-upstream' : 'add-here'
}

/** Whether it takes away a user, an organization or a bucket with all that belongs to it. */
export function isDeletion({ type }: Difference, mending: Mending): boolean {
  return type !== 'membership' && (mending === 'remove-here' || mending === 'remove-upstream')
}
