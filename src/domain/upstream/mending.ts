/** How each difference is mended, on the side that is changed. */
import type { Difference } from './differences.ts'

/** The side whose records are taken as right. */
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
 * How to mend a difference if the records of `from` are right. Ids are always upstream's, because InfluxDB chooses
 * the ids of organizations and buckets. An inactive user has no memberships upstream, whichever side is right.
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

/** Whether the mending deletes a user, an organization or a bucket with everything in it. */
export function isDeletion({ type }: Difference, mending: Mending): boolean {
  return type !== 'membership' && (mending === 'remove-here' || mending === 'remove-upstream')
}
