import type { Id } from '../base/id.ts'

/** The addresses from which users have signed in. */
export interface KnownAddressStore {
  /** Whether the user has signed in from this address since `since` (milliseconds since 1970). */
  isKnown(userID: Id, address: string, since: number): Promise<boolean>
  note(userID: Id, address: string, at: number): Promise<void>
  removeOfUser(userID: Id): Promise<void>
  removeBefore(time: number): Promise<void>
}
