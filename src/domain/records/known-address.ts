import type { ID } from '../base/id.ts'

/** The addresses from which users have signed in. */
export interface KnownAddressStore {
  /** Whether the user has signed in from this address since `since` (milliseconds since 1970). */
  isKnown(userID: ID, address: string, since: number): Promise<boolean>
  note(userID: ID, address: string, at: number): Promise<void>
  removeOfUser(userID: ID): Promise<void>
  removeBefore(time: number): Promise<void>
}
