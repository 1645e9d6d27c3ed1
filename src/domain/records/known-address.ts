import type { Id } from '../base/id.ts'

/** Where users have signed in from. */
export interface KnownAddressStore {
  /** Whether the user signed in from there since that time, in milliseconds since 1970. */
  isKnown(userID: Id, address: string, since: number): Promise<boolean>
  note(userID: Id, address: string, at: number): Promise<void>
  removeOfUser(userID: Id): Promise<void>
  removeBefore(time: number): Promise<void>
}
