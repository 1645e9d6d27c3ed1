import type { ID } from '../base/id.ts'

export interface StoredPassword {
  readonly hash: string
  /** Whether the user must choose a new password before any other request is accepted. */
  readonly mustChange: boolean
}

export interface PasswordStore {
  /** Undefined if the user has no password. */
  get(userID: ID): Promise<StoredPassword | undefined>
  set(userID: ID, password: StoredPassword): Promise<void>
  remove(userID: ID): Promise<void>
}
