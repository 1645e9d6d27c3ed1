import type { Id } from '../base/id.ts'

export interface StoredPassword {
  readonly hash: string
  /** Whether the user must choose a new password before any other request is accepted. */
  readonly mustChange: boolean
}

export interface PasswordStore {
  /** Undefined if the user has no password. */
  get(userID: Id): Promise<StoredPassword | undefined>
  set(userID: Id, password: StoredPassword): Promise<void>
  remove(userID: Id): Promise<void>
}
