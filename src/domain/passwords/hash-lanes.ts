/** Which passwords are hashed first when there are more than the machine can hash. */

/**
 * - `known`: an attempt for a user from an address where that user signed in within 30 days.
 * - `setting`: a new password of a user who is already authenticated.
 * - `calm`: an attempt without recent failures for its name and address. The name need not exist, so that waiting
 * times do not tell who exists (ASVS 5.0 6.3.8).
 * - `others`: every other attempt.
 */
export type HashLane = 'known' | 'setting' | 'calm' | 'others'

/** How many may wait in each lane, of `queue` places: strangers fill only their own lane. */
export function partsOf(queue: number): Record<HashLane, number> {
  const [quarter, eighth] = [Math.ceil(queue / 4), Math.ceil(queue / 8)]
  return { known: quarter, setting: eighth, calm: eighth, others: Math.floor(queue / 2) }
}
