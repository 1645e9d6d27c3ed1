/** Who goes first where more passwords are to be hashed than the machine can. */

/**
 * - `known`: a try for a user from an address where that user signed in within 30 days.
 * - `setting`: a new password of somebody who was let in already.
 * - `calm`: a try for a name, from an address, where nothing failed of late. The name need not exist, so that who waits
 *   how long tells nothing about it (ASVS 5.0 6.3.8).
 * - `others`: every other try.
 */
export type HashLane = 'known' | 'setting' | 'calm' | 'others'

/** How many may wait in each lane, of `all` places: strangers fill their own part and no other. */
export function partsOf(queue: number): Record<HashLane, number> {
  const [quarter, eighth] = [Math.ceil(queue / 4), Math.ceil(queue / 8)]
  return { known: quarter, setting: eighth, calm: eighth, others: Math.floor(queue / 2) }
}
