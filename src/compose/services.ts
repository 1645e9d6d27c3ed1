/** One service for each kind of resource. */
import type { SsoTokens } from '../domain/access/bounded-tokens.ts'
import type { Freshness } from '../domain/access/recent-sign-in.ts'
import { createAudit } from '../domain/audit/audit.ts'
import { createCurrentNames } from '../domain/audit/current-names.ts'
import { createAuthorizations } from '../domain/authorizations/authorizations.ts'
import type { Clock } from '../domain/base/clock.ts'
import type { IDGenerator } from '../domain/base/id.ts'
import { createBuckets } from '../domain/buckets/buckets.ts'
import type { Changes } from '../domain/changes.ts'
import type { GuessGuard } from '../domain/guessing/guess-guard.ts'
import { createLegacyAuthorizations } from '../domain/legacy-authorizations/legacy-authorizations.ts'
import {
  createLegacyPrincipals,
  type LegacyPrincipals,
} from '../domain/legacy-authorizations/legacy-principals.ts'
import { createMemberships } from '../domain/memberships/memberships.ts'
import type { Mirror } from '../domain/mirror/mirror.ts'
import { createCountsOf } from '../domain/organizations/organization-counts.ts'
import { createOrganizations } from '../domain/organizations/organizations.ts'
import type { PasswordHasher } from '../domain/passwords/password-hasher.ts'
import type { PasswordPolicy } from '../domain/passwords/password-policy.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { DatabaseUpstream } from '../domain/records/upstream-databases.ts'
import { createThrottled } from '../domain/throttled/throttled.ts'
import { withDatabases } from '../domain/upstream/database-buckets.ts'
import type { SessionBackend } from './session-backend.ts'
import { composeUserServices } from './user-services.ts'

export function composeServices(parts: {
  store: IdentityStore
  ids: IDGenerator
  now: Clock
  changes: Changes
  mirror: Mirror
  freshness: Freshness
  audit: { flush(): Promise<void> }
  hasher: PasswordHasher
  guard: Pick<GuessGuard, 'attempt'>
  stamps: SessionBackend['stamps']
  ownStamp: SessionBackend['ownStamp']
  backend: Pick<SessionBackend, 'throttled' | 'counters'>
  onChange: (listener: LegacyPrincipals['forget']) => void
  policy: PasswordPolicy
  databases: readonly DatabaseUpstream[]
  maxTokenLengthMs: number | undefined
  ssoTokens: SsoTokens
}) {
  const { store, audit, maxTokenLengthMs, hasher, policy, guard, backend, ssoTokens, ...rest } = parts
  const { stamps, ownStamp, onChange, databases: upstreams, ...common } = rest
  const { now } = common
  const legacyPrincipals = createLegacyPrincipals({
    ...{ ...store, hasher, guard, stamps, ownStamp, ssoTokens, now },
  })
  onChange(legacyPrincipals.forget)
  const bucketRecords = createBuckets({ ...common, ...store })
  return {
    audit: createAudit({ ...store, batches: audit, withCurrentNames: createCurrentNames(store) }),
    authorizations: createAuthorizations({ ...common, records: store, maxLengthMs: maxTokenLengthMs }),
    buckets: withDatabases(bucketRecords, { upstreams, ...store, records: store.buckets }),
    /** Buckets without what is done to the databases that they stand for. */
    bucketRecords,
    legacyAuthorizations: createLegacyAuthorizations({ ...common, records: store, hasher, policy }),
    legacyPrincipals,
    memberships: createMemberships({ ...common, ...store }),
    organizationCountsOf: createCountsOf(store),
    organizations: createOrganizations({ ...common, ...store }),
    throttled: createThrottled({ ...common, ...store, ...backend }),
    ...composeUserServices({ ...common, store, ssoTokens }),
  }
}
