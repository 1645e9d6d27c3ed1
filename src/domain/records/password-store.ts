import type { Id } from '../base/id.ts'

export interface StoredPassword {
  readonly hash: string
  /** Whether the user must choose another before anything else. */
  readonly mustChange: boolean
}

export interface PasswordStore {
  /** Undefined for a user who has no password. */
  get(userID: Id): Promise<StoredPassword | undefined>
  set(userID: Id, password: StoredPassword): Promise<void>
  remove(userID: Id): Promise<void>
}
