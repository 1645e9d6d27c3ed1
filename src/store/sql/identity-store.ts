/** The identity store in SQL, the same for every engine that Kysely speaks. */
import { randomInt } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { ID } from '../../domain/base/id.ts'
import type { IdentityRecords, IdentityStore } from '../../domain/records/identity-store.ts'
import { createApplicationPasswordStore } from './application-password-store.ts'
import { createAuditStore } from './audit-store.ts'
import { createAuthorizationStore } from './authorization-store.ts'
import { createBucketStore } from './bucket-store.ts'
import { createClockMarkStore } from './clock-mark-store.ts'
import { createDbrpMappingStore } from './dbrp-mapping-store.ts'
import { beginEpoch, createEpochRecord } from './epoch-store.ts'
import { createImportedRecordStore } from './imported-record-store.ts'
import { createKnownAddressStore } from './known-address-store.ts'
import { createLegacyAuthorizationStore } from './legacy-authorization-store.ts'
import { createLinkedIdentityStore, createSwitchedOffTokenStore } from './linked-identity-store.ts'
import { createMembershipStore } from './membership-store.ts'
import { createOneTimeLinkStore } from './one-time-link-store.ts'
import { createOrganizationStore } from './organization-store.ts'
import { createPasswordStore } from './password-store.ts'
import { createRememberedSessionStore } from './remembered-session-store.ts'
import { createSecondFactorPolicyStore, createSpentChallengeStore } from './second-factor-policy-store.ts'
import {
  createFactorHolderStore,
  createRecoveryCodeStore,
  createSecondFactorStore,
} from './second-factor-store.ts'
import { createSessionEndStore } from './session-end-store.ts'
import { createSecondFactorKeyStore, createSessionKeyStore } from './session-key-store.ts'
import type { Tables } from './tables.ts'
import { createUserEmailStore } from './user-email-store.ts'
import { createUserStore } from './user-store.ts'

/** What each engine does in its own way. */
export interface SqlEngine {
  /** The longest name in bytes that the engine can store; undefined for no limit. */
  readonly longestName: number | undefined
  time(db: Kysely<Tables>): Promise<number>
  nodeNumber(db: Kysely<Tables>): Promise<number>
}

/** An engine within this process, which no other process shares. */
const OWN_ENGINE: SqlEngine = {
  longestName: undefined,
  time: async () => Date.now(),
  nodeNumber: async () => randomInt(1024),
}

const TABLES_WITH_IDS = [
  'users',
  'organizations',
  'authorizations',
  'legacy_authorizations',
  'buckets',
  'dbrp_mappings',
  'audit_events',
  'second_factors',
  'application_passwords',
  'one_time_links',
  'linked_identities',
] as const

export function createSqlIdentityStore(db: Kysely<Tables>, engine = OWN_ENGINE): IdentityStore {
  const exclusively = <T>(work: (transaction: Kysely<Tables>) => Promise<T>) => db.transaction().execute(work)
  return {
    ...createRecords(db),
    epochs: {
      ...createEpochRecord(db),
      begin: (sessionStoreID) => exclusively((transaction) => beginEpoch(transaction, sessionStoreID)),
    },
    sessionKey: createSessionKeyStore(db),
    secondFactorKey: createSecondFactorKeyStore(db),
    transaction: (work) => exclusively((transaction) => work(createRecords(transaction))),
    async newestID() {
      const newest: (ID | undefined)[] = []
      for (const table of TABLES_WITH_IDS) {
        const row = await db
          .selectFrom(table)
          .select((each) => each.fn.max<ID | null>('id').as('id'))
          .executeTakeFirst()
        newest.push(row?.id ?? undefined)
      }
      return newest
        .filter((id) => id !== undefined)
        .sort()
        .at(-1)
    },
    longestName: engine.longestName,
    nodeNumber: () => engine.nodeNumber(db),
    time: () => engine.time(db),
    close: () => db.destroy(),
  }
}

function createRecords(db: Kysely<Tables>): IdentityRecords {
  return {
    users: createUserStore(db),
    passwords: createPasswordStore(db),
    organizations: createOrganizationStore(db),
    memberships: createMembershipStore(db),
    authorizations: createAuthorizationStore(db),
    legacyAuthorizations: createLegacyAuthorizationStore(db),
    buckets: createBucketStore(db),
    dbrpMappings: createDbrpMappingStore(db),
    importedRecords: createImportedRecordStore(db),
    rememberedSessions: createRememberedSessionStore(db),
    sessionEnds: createSessionEndStore(db),
    epochs: createEpochRecord(db),
    knownAddresses: createKnownAddressStore(db),
    secondFactors: createSecondFactorStore(db),
    recoveryCodes: createRecoveryCodeStore(db),
    factorHolders: createFactorHolderStore(db),
    applicationPasswords: createApplicationPasswordStore(db),
    spentChallenges: createSpentChallengeStore(db),
    secondFactorPolicies: createSecondFactorPolicyStore(db),
    oneTimeLinks: createOneTimeLinkStore(db),
    userEmails: createUserEmailStore(db),
    linkedIdentities: createLinkedIdentityStore(db),
    switchedOffTokens: createSwitchedOffTokenStore(db),
    audit: createAuditStore(db),
    clockMark: createClockMarkStore(db),
  }
}
