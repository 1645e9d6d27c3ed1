import {
  ARGON2ID_COST,
  type Argon2idCost,
  hashArgon2id,
  isCheaper,
  matchesArgon2id,
  nobodysArgon2id,
  parseArgon2id,
} from './argon2id.ts'
import { isBcrypt, matchesBcrypt } from './bcrypt.ts'
import { type HashLane, partsOf } from './hash-lanes.ts'
import { createLimiter } from './limiter.ts'

export interface PasswordHasher {
  /** An argon2id PHC string, in the lane `setting`. Throws `unavailable` when too many wait already. */
  hash(password: Uint8Array): Promise<string>
  /**
   * Whether this is the password of that hash: argon2id, or bcrypt from InfluxDB. Without a hash it does the
   * same work and answers false, so that the time it takes does not tell whether a user exists (ASVS 5.0
   * 6.3.8). Only bcrypt takes another time, up to the sign-in at which its hash is replaced.
   *
   * A stored hash that cannot be read is no wrong password but damage, which somebody must hear of: after the
   * same work it throws an Error, which does not hold the hash. Throws `unavailable` when too many wait in that lane.
   */
  verify(password: Uint8Array, stored: string | undefined, lane: HashLane): Promise<boolean>
  /** Whether a hash should be replaced, at a moment when its password is known: it is cheaper than a new one. */
  needsRehash(stored: string): boolean
  /** How many hashes are being computed or wait for it. */
  pending(): number
}

/**
 * Hashes on the thread pool, a bounded number at a time, so that the event loop is never blocked. Only tests pass a
 * cost of their own.
 */
export function createPasswordHasher({
  cost = ARGON2ID_COST,
  queue,
  ...options
}: {
  concurrency: number
  /** How many may wait in all lanes together. */
  queue: number
  cost?: Argon2idCost | undefined
}): PasswordHasher {
  const limiter = createLimiter({
    ...options,
    lanes: partsOf(queue),
    refusal: 'too many sign-ins at the moment; try again shortly',
  })
  const nobodys = nobodysArgon2id(cost)
  return {
    pending: limiter.pending,
    hash: (message) => limiter.pass('setting', () => hashArgon2id(message, cost)),
    verify: (message, stored, lane) =>
      limiter.pass(lane, async () => {
        if (stored !== undefined && isBcrypt(stored)) return matchesBcrypt(message, stored)
        const known = stored === undefined ? undefined : parseArgon2id(stored)
        const right = await matchesArgon2id(message, known ?? nobodys)
        if (stored !== undefined && !known) {
          throw new Error('a stored password hash is not argon2id in PHC form, nor bcrypt')
        }
        return right && known !== undefined
      }),
    needsRehash(stored) {
      const known = parseArgon2id(stored)
      return !known || isCheaper(known, cost)
    },
  }
}
