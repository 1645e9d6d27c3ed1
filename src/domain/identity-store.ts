import type { AuditStore } from './audit/audit-event.ts'
import type { AuthorizationStore } from './authorizations/authorization.ts'
import type { BucketStore } from './buckets/bucket.ts'
import type { ClockMarkStore } from './clock-mark.ts'
import type { EpochStore } from './cluster/epoch.ts'
import type { KnownAddressStore } from './guessing/known-address.ts'
import type { Id } from './id.ts'
import type { MembershipStore } from './memberships/membership.ts'
import type { OrganizationStore } from './organizations/organization.ts'
import type { PasswordStore } from './passwords/password-store.ts'
import type { RememberedSessionStore } from './sessions/session.ts'
import type { SessionEndStore } from './sessions/session-ends.ts'
import type { SessionKeyStore } from './sessions/session-key.ts'
import type { UserStore } from './users/user.ts'

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
