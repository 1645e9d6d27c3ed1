import { addressKey } from '../base/address-key.ts'
import type { GuessGuard } from '../guessing/guess-guard.ts'
import type { KnownAddresses } from '../guessing/known-addresses.ts'
import { canonicalName } from '../records/name-key.ts'
import type { PasswordStore, StoredPassword } from '../records/password-store.ts'
import type { SecondFactorStore } from '../records/second-factor.ts'
import { NO_USER, type User } from '../records/user.ts'
import type { PasswordHasher } from './password-hasher.ts'

/**
 * Checks a password under the guard against guessing: the stored password if the given one is right, else undefined.
 * Throws `too many requests` if it may not be tried now. For a missing user or password, and before a refusal, it
 * asks the store as often and hashes as long, so that the time does not tell who exists (ASVS 5.0 6.3.8).
 */
export type GuardedCheck = (attempt: {
  user: User | undefined
  /** The name as the client typed it, whether or not a user has it. */
  name: string
  password: Uint8Array
  /** The client's address. */
  address: string
}) => Promise<StoredPassword | undefined>

export function createGuardedCheck(deps: {
  guard: Pick<GuessGuard, 'attempt'>
  known: Pick<KnownAddresses, 'isKnown'>
  passwords: Pick<PasswordStore, 'get'>
  hasher: Pick<PasswordHasher, 'verify'>
  secondFactors: Pick<SecondFactorStore, 'hasAny'>
}): GuardedCheck {
  return async ({ user, name, password, address }) => {
    const id = user?.id ?? NO_USER
    const known = async () => (await deps.known.isKnown(id, address)) && user !== undefined
    let stored: StoredPassword | undefined
    const attempt = { name: canonicalName(name), userID: user?.id, address: addressKey(address), known }
    const right = await deps.guard.attempt(attempt, async (standing) => {
      stored = await deps.passwords.get(id)
      const isRight = await deps.hasher.verify(password, stored?.hash, standing)
      // Otherwise who knows the password could clear the failures of guessing the code.
      return isRight && (await deps.secondFactors.hasAny(id)) ? 'right-so-far' : isRight
    })
    return right ? stored : undefined
  }
}
