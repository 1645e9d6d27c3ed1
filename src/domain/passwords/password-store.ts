import type { Id } from '../id.ts'

export interface PasswordStore {
  /** The stored hash, or undefined for a user who has no password. */
  get(userID: Id): Promise<string | undefined>
  set(userID: Id, hash: string): Promise<void>
  remove(userID: Id): Promise<void>
}
