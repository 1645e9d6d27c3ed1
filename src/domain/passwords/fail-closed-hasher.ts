import { SluiceError } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { PasswordHasher } from './password-hasher.ts'

/**
 * A stored hash that cannot be read matches no password: it is logged, and refused like a wrong one, so that the
 * answer does not tell that the user exists. A queue that is full stays what it is.
 */
export function failClosed(hasher: PasswordHasher, log: Pick<Log, 'error'>): PasswordHasher {
  return {
    ...hasher,
    async verify(password, stored, lane) {
      try {
        return await hasher.verify(password, stored, lane)
      } catch (error) {
        if (error instanceof SluiceError) throw error
        log.error('a stored password hash cannot be read; its user cannot sign in', { cause: String(error) })
        return false
      }
    },
  }
}
