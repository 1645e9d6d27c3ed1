import { addressKey } from '../base/address-key.ts'
import type { GuessGuard } from '../guessing/guess-guard.ts'
import type { KnownAddresses } from '../guessing/known-addresses.ts'
import { canonicalName } from '../records/name-key.ts'
import type { PasswordStore, StoredPassword } from '../records/password-store.ts'
import { NO_USER, type User } from '../records/user.ts'
import type { PasswordHasher } from './password-hasher.ts'

/**
 * What is stored of a user's password where the one given is right, else undefined, tried under the guard against
 * guessing. Throws `too many requests` where it may not be tried now. Where there is no user, or no password, it
 * asks the store as often and hashes as long, and before a refusal too, so that no time tells who exists (ASVS 5.0
 * 6.3.8).
 */
export type GuardedCheck = (attempt: {
  user: User | undefined
  /** As it was typed, whether or not anyone has that name. */
  name: string
  password: Uint8Array
  /** The client's. */
  address: string
}) => Promise<StoredPassword | undefined>

export function createGuardedCheck(deps: {
  guard: Pick<GuessGuard, 'attempt'>
  known: Pick<KnownAddresses, 'isKnown'>
  passwords: Pick<PasswordStore, 'get'>
  hasher: Pick<PasswordHasher, 'verify'>
}): GuardedCheck {
  return async ({ user, name, password, address }) => {
    const id = user?.id ?? NO_USER
    const known = async () => (await deps.known.isKnown(id, address)) && user !== undefined
    let stored: StoredPassword | undefined
    const attempt = { name: canonicalName(name), userID: user?.id, address: addressKey(address), known }
    const right = await deps.guard.attempt(attempt, async (standing) => {
      stored = await deps.passwords.get(id)
      return deps.hasher.verify(password, stored?.hash, standing)
    })
    return right ? stored : undefined
  }
}
