/** The e-mail addresses of users. */
import type { ID } from '../base/id.ts'

export interface UserEmail {
  readonly userID: ID
  /** The address whose mail the user has shown to read; undefined if there is none. */
  readonly address: string | undefined
  /** Milliseconds since 1970; undefined without an address. */
  readonly verifiedAt: number | undefined
  /** One that is to be verified, and then replaces the other. */
  readonly pending: string | undefined
}

/** Users may share an address, so that setting one does not tell whether another user has it. */
export interface UserEmailStore {
  of(userID: ID): Promise<UserEmail | undefined>
  /** The users with that verified address in any case of its letters, by id, at most `limit`. */
  withAddress(address: string, limit: number): Promise<UserEmail[]>
  set(email: UserEmail): Promise<void>
  /** `false` if the user has none. */
  remove(userID: ID): Promise<boolean>
  reassign(from: ID, to: ID): Promise<void>
}
