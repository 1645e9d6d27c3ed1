import { addressKey } from '../base/address-key.ts'
import type { Clock } from '../base/clock.ts'
import type { ID } from '../base/id.ts'
import type { KnownAddressStore } from '../records/known-address.ts'

export interface KnownAddresses {
  /** Whether the user signed in from this address within the last 30 days. */
  isKnown(userID: ID, address: string): Promise<boolean>
  /** Notes a sign-in, in the transaction of the sign-in itself. */
  note(store: Pick<KnownAddressStore, 'note'>, userID: ID, address: string): Promise<void>
}

export const KNOWN_FOR_MS = 30 * 24 * 3600_000

export function createKnownAddresses(deps: {
  knownAddresses: Pick<KnownAddressStore, 'isKnown'>
  now: Clock
}): KnownAddresses {
  return {
    isKnown: (userID, address) =>
      deps.knownAddresses.isKnown(userID, addressKey(address), deps.now() - KNOWN_FOR_MS),
    note: (store, userID, address) => store.note(userID, addressKey(address), deps.now()),
  }
}
