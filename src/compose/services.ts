/** One service for each kind of resource. */
import type { Freshness } from '../domain/access/recent-sign-in.ts'
import { createAudit } from '../domain/audit/audit.ts'
import { createCurrentNames } from '../domain/audit/current-names.ts'
import { createAuthorizations } from '../domain/authorizations/authorizations.ts'
import type { Clock } from '../domain/base/clock.ts'
import type { IDGenerator } from '../domain/base/id.ts'
import { createBuckets } from '../domain/buckets/buckets.ts'
import type { Changes } from '../domain/changes.ts'
import { createMemberships } from '../domain/memberships/memberships.ts'
import { createOrganizations } from '../domain/organizations/organizations.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import { createGrantsOf } from '../domain/users/user-grants.ts'
import { createUserSearch } from '../domain/users/user-search.ts'
import { createUsers } from '../domain/users/users.ts'

export function composeServices(parts: {
  store: IdentityStore
  ids: IDGenerator
  now: Clock
  changes: Changes
  freshness: Freshness
  audit: { flush(): Promise<void> }
  maxTokenLengthMs: number | undefined
}) {
  const { store, audit, maxTokenLengthMs, ...common } = parts
  return {
    audit: createAudit({ ...store, batches: audit, withCurrentNames: createCurrentNames(store) }),
    authorizations: createAuthorizations({ ...common, records: store, maxLengthMs: maxTokenLengthMs }),
    buckets: createBuckets({ ...common, ...store }),
    grantsOf: createGrantsOf({ ...store, now: common.now }),
    memberships: createMemberships({ ...common, ...store }),
    organizations: createOrganizations({ ...common, ...store }),
    userSearch: createUserSearch(store),
    users: createUsers({ ...common, ...store }),
  }
}
