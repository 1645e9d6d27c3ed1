import { addressKey } from '../guessing/address-key.ts'
import type { GuessGuard } from '../guessing/guess-guard.ts'
import type { KnownAddresses } from '../guessing/known-addresses.ts'
import type { User } from '../users/user.ts'
import type { PasswordHasher } from './password-hasher.ts'

/**
 * Whether a password is right, tried under the guard against guessing. Throws `too many requests` where it may
 * not be tried now. Where there is no user or no hash it costs the same.
 */
export type GuardedCheck = (attempt: {
  user: User | undefined
  /** As it was typed, whether or not anyone has that name. */
  name: string
  password: Uint8Array
  /** What the store has; undefined for nothing. */
  hash: string | undefined
  /** The client's. */
  address: string
}) => Promise<boolean>

export function createGuardedCheck(deps: {
  guard: Pick<GuessGuard, 'attempt'>
  known: Pick<KnownAddresses, 'isKnown'>
  hasher: Pick<PasswordHasher, 'verify'>
}): GuardedCheck {
  return ({ user, name, password, hash, address }) => {
    const known = async () => user !== undefined && (await deps.known.isKnown(user.id, address))
    return deps.guard.attempt({ name, address: addressKey(address), known }, () =>
      deps.hasher.verify(password, hash),
    )
  }
}
