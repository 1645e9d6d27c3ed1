/** Tests for all identity stores. Each implementation calls them from a test file of its own. */
import { suite } from 'node:test'
import type { IdentityStore } from '../../src/domain/records/identity-store.ts'
import { describeAuditStore } from './audit.conformance.ts'
import { describeAuthorizationStore } from './authorizations.conformance.ts'
import { describeBucketStore } from './buckets.conformance.ts'
import { describeClockMarkStore } from './clock-mark.conformance.ts'
import { describeDbrpMappingStore, describeImportedRecordStore } from './dbrp-mappings.conformance.ts'
import { describeKnownAddressStore } from './known-addresses.conformance.ts'
import { describeLegacyAuthorizationStore } from './legacy-authorizations.conformance.ts'
import { describeLinkedIdentityStores } from './linked-identities.conformance.ts'
import { describeMembershipStore } from './memberships.conformance.ts'
import { describeOneTimeLinkStore, describeUserEmailStore } from './one-time-links.conformance.ts'
import { describeOrganizationStore } from './organizations.conformance.ts'
import { describeRememberedSessionStore } from './remembered-sessions.conformance.ts'
import { describeSecondFactorStores } from './second-factors.conformance.ts'
import { describeEpochStore, describeSessionEndStore } from './session-ends.conformance.ts'
import { describeSessionKeyStore } from './session-key.conformance.ts'
import { describeTokenLifeStore } from './token-life.conformance.ts'
import { describeTransactions } from './transactions.conformance.ts'
import { describePasswordStore, describeUserStore } from './users.conformance.ts'

/** Opens an empty store for a single test; the suite closes it. */
export type OpenIdentityStore = () => Promise<IdentityStore>

export function describeIdentityStore(name: string, open: OpenIdentityStore): void {
  suite(`identity store: ${name}`, () => {
    suite('users', () => describeUserStore(open))
    suite('passwords', () => describePasswordStore(open))
    suite('organizations', () => describeOrganizationStore(open))
    suite('memberships', () => describeMembershipStore(open))
    suite('authorizations', () => describeAuthorizationStore(open))
    suite('the life of tokens', () => describeTokenLifeStore(open))
    suite('1.x authorizations', () => describeLegacyAuthorizationStore(open))
    suite('DBRP mappings', () => describeDbrpMappingStore(open))
    suite('imported records', () => describeImportedRecordStore(open))
    suite('remembered sessions', () => describeRememberedSessionStore(open))
    suite('ends of sessions', () => describeSessionEndStore(open))
    suite('the key of sessions', () => describeSessionKeyStore(open))
    suite('epochs', () => describeEpochStore(open))
    suite('known addresses', () => describeKnownAddressStore(open))
    suite('second factors', () => describeSecondFactorStores(open))
    suite('one-time links', () => describeOneTimeLinkStore(open))
    suite('e-mail addresses', () => describeUserEmailStore(open))
    suite('linked identities', () => describeLinkedIdentityStores(open))
    suite('how far time has come', () => describeClockMarkStore(open))
    suite('audit', () => describeAuditStore(open))
    suite('buckets', () => describeBucketStore(open))
    suite('transactions', () => describeTransactions(open))
  })
}
