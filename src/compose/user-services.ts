/** The services of users: records, search, details for operators, and the reasons of their permissions. */
import type { SsoTokens } from '../domain/access/bounded-tokens.ts'
import type { Freshness } from '../domain/access/recent-sign-in.ts'
import type { Clock } from '../domain/base/clock.ts'
import type { IDGenerator } from '../domain/base/id.ts'
import type { Mirror } from '../domain/mirror/mirror.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import { createDetailsOf, createOperatorIDs } from '../domain/users/user-details.ts'
import { createGrantsOf } from '../domain/users/user-grants.ts'
import { createUserSearch } from '../domain/users/user-search.ts'
import { createUsers } from '../domain/users/users.ts'

export function composeUserServices(parts: {
  store: IdentityStore
  ids: IDGenerator
  now: Clock
  mirror: Mirror
  freshness: Freshness
  ssoTokens: SsoTokens
}) {
  const { store, ssoTokens, ...common } = parts
  const { now } = common
  const operatorIDs = createOperatorIDs({ ...store, ssoTokens, now })
  return {
    grantsOf: createGrantsOf({ ...store, ssoTokens, now }),
    userDetailsOf: createDetailsOf({ ...store, operatorIDs }),
    userSearch: createUserSearch({ ...store, operatorIDs }),
    users: createUsers({ ...common, ...store }),
  }
}
