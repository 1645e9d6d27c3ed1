import type { ClockMarkStore } from '../base/clock-mark.ts'
import type { Id } from '../base/id.ts'
import type { AuditStore } from './audit-event.ts'
import type { AuthorizationStore } from './authorization.ts'
import type { BucketStore } from './bucket.ts'
import type { EpochStore } from './epoch.ts'
import type { KnownAddressStore } from './known-address.ts'
import type { MembershipStore } from './membership.ts'
import type { OrganizationStore } from './organization.ts'
import type { PasswordStore } from './password-store.ts'
import type { RememberedSessionStore } from './session.ts'
import type { SessionEndStore } from './session-ends.ts'
import type { SessionKeyStore } from './session-key.ts'
import type { UserStore } from './user.ts'

/** The records of who there is and what they may do. Services name the parts that they need. */
export interface IdentityRecords {
  readonly users: UserStore
  readonly passwords: PasswordStore
  readonly organizations: OrganizationStore
  readonly memberships: MembershipStore
  readonly authorizations: AuthorizationStore
  readonly buckets: BucketStore
  readonly rememberedSessions: RememberedSessionStore
  readonly sessionEnds: SessionEndStore
  readonly epochs: Pick<EpochStore, 'read' | 'advance'>
  readonly knownAddresses: KnownAddressStore
  readonly audit: AuditStore
  readonly clockMark: ClockMarkStore
}

/**
 * A store of identities. Every method of every part may throw `unavailable` when the engine cannot be
 * reached: that is never the same as "not found".
 */
export interface IdentityStore extends IdentityRecords {
  readonly epochs: EpochStore
  readonly sessionKey: SessionKeyStore
  /** Runs `work` in one transaction, kept as a whole once it returns and dropped as a whole if it throws. */
  transaction<T>(work: (records: IdentityRecords) => Promise<T>): Promise<T>
  /** The greatest id in use, so that new ones go on above it; undefined in an empty store. */
  newestId(): Promise<Id | undefined>
  /** A number below 1024 for the ids that this process makes; those that run together have different ones. */
  nodeNumber(): Promise<number>
  /** The store's own clock, which all who share it go by: milliseconds since 1970. */
  time(): Promise<number>
  close(): Promise<void>
}
