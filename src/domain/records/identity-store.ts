import type { ClockMarkStore } from '../base/clock-mark.ts'
import type { ID } from '../base/id.ts'
import type { AuditStore } from './audit-event.ts'
import type { AuthorizationStore } from './authorization.ts'
import type { BucketStore } from './bucket.ts'
import type { DbrpMappingStore } from './dbrp-mapping.ts'
import type { EpochStore } from './epoch.ts'
import type { ImportedRecordStore } from './imported-records.ts'
import type { KnownAddressStore } from './known-address.ts'
import type { LegacyAuthorizationStore } from './legacy-authorization.ts'
import type { MembershipStore } from './membership.ts'
import type { OneTimeLinkStore } from './one-time-link.ts'
import type { OrganizationStore } from './organization.ts'
import type { LinkedIdentityStore, SwitchedOffTokenStore } from './outside-identity.ts'
import type { PasswordStore } from './password-store.ts'
import type {
  ApplicationPasswordStore,
  FactorHolderStore,
  RecoveryCodeStore,
  SecondFactorKeyStore,
  SecondFactorPolicyStore,
  SecondFactorStore,
  SpentChallengeStore,
} from './second-factor.ts'
import type { RememberedSessionStore } from './session.ts'
import type { SessionEndStore } from './session-ends.ts'
import type { SessionKeyStore } from './session-key.ts'
import type { UserStore } from './user.ts'
import type { UserEmailStore } from './user-email.ts'

/** All record stores. A service declares only the ones it needs. */
export interface IdentityRecords {
  readonly users: UserStore
  readonly passwords: PasswordStore
  readonly organizations: OrganizationStore
  readonly memberships: MembershipStore
  readonly authorizations: AuthorizationStore
  readonly legacyAuthorizations: LegacyAuthorizationStore
  readonly buckets: BucketStore
  readonly dbrpMappings: DbrpMappingStore
  readonly importedRecords: ImportedRecordStore
  readonly rememberedSessions: RememberedSessionStore
  readonly sessionEnds: SessionEndStore
  readonly epochs: Pick<EpochStore, 'read' | 'advance'>
  readonly knownAddresses: KnownAddressStore
  readonly secondFactors: SecondFactorStore
  readonly recoveryCodes: RecoveryCodeStore
  readonly factorHolders: FactorHolderStore
  readonly applicationPasswords: ApplicationPasswordStore
  readonly spentChallenges: SpentChallengeStore
  readonly secondFactorPolicies: SecondFactorPolicyStore
  readonly oneTimeLinks: OneTimeLinkStore
  readonly userEmails: UserEmailStore
  readonly linkedIdentities: LinkedIdentityStore
  readonly switchedOffTokens: SwitchedOffTokenStore
  readonly audit: AuditStore
  readonly clockMark: ClockMarkStore
}

/**
 * The database. Every method of every record store may throw `unavailable` if the database cannot be reached; an
 * unreachable database is never reported as "not found".
 */
export interface IdentityStore extends IdentityRecords {
  readonly epochs: EpochStore
  readonly sessionKey: SessionKeyStore
  readonly secondFactorKey: SecondFactorKeyStore
  /** Runs `work` in one transaction: committed when it returns, rolled back if it throws. */
  transaction<T>(work: (records: IdentityRecords) => Promise<T>): Promise<T>
  /** The greatest id in use, so that new ids are greater; undefined if the database is empty. */
  newestID(): Promise<ID | undefined>
  /** The longest name in bytes of UTF-8 that the database can index; undefined for any. */
  readonly longestName: number | undefined
  /** A number below 1024 that is part of every id made by this process; concurrent processes get different ones. */
  nodeNumber(): Promise<number>
  /** The database's clock, shared by all nodes: milliseconds since 1970. */
  time(): Promise<number>
  close(): Promise<void>
}
