import type { ID } from '../base/id.ts'
import type { Changes } from '../changes.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { StoredPassword } from '../records/password-store.ts'

/**
 * Replaces the outdated hash of a password that was right just now, since only then the password itself is known.
 * Returns the hash that is stored for this password, or the old one if the user has another password meanwhile.
 */
export type Rehash = (userID: ID, password: Uint8Array, stored: StoredPassword) => Promise<string>

export function createRehash(deps: {
  hasher: Pick<PasswordHasher, 'needsRehash' | 'hash' | 'verify'>
  changes: Changes
}): Rehash {
  const { hasher, changes } = deps
  return async (userID, password, stored) => {
    if (!hasher.needsRehash(stored.hash)) return stored.hash
    const better = await hasher.hash(password)
    const present = await changes(async (change) => {
      const found = (await change.passwords.get(userID))?.hash
      if (found !== stored.hash) return found
      await change.passwords.set(userID, { ...stored, hash: better })
      return better
    })
    if (present === better || present === undefined) return present ?? stored.hash
    // Another sign-in of the same user may have replaced it just now.
    return (await hasher.verify(password, present, 'setting')) ? present : stored.hash
  }
}
