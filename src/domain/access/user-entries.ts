/** What is cached of each user: the principal of its sessions, compiled from memberships and tokens. */
import type { ID } from '../base/id.ts'
import { type AuthorizationStore, expiryOf, isEffective, type TokenGrant } from '../records/authorization.ts'
import type { Membership, MembershipStore } from '../records/membership.ts'
import type { LinkedIdentityStore } from '../records/outside-identity.ts'
import type { PasswordStore } from '../records/password-store.ts'
import type { Permission } from '../records/permission.ts'
import type {
  FactorHolderStore,
  SecondFactorPolicyStore,
  SecondFactorStore,
} from '../records/second-factor.ts'
import type { SessionEndStore, SessionEnds } from '../records/session-ends.ts'
import type { UserStore } from '../records/user.ts'
import { areTokensBounded, type SsoTokens } from './bounded-tokens.ts'
import { confine } from './confinement.ts'
import { createFreshCache, type FreshCache } from './fresh-cache.ts'
import { membershipPermissions, selfPermissions } from './grants.ts'
import { compilePermissions } from './permission-set.ts'
import type { Principal } from './principal.ts'
import { endOfKeeping, isAhead, KEPT_PRINCIPALS, type Keeping } from './principal-keeping.ts'
import { isFactorRequired, type SecondFactorOptions } from './required-factor.ts'

export interface UserEntry {
  readonly principal: Principal
  readonly sessionEnds: SessionEnds
  /** Hashes of the sessions that the database did not list as ended when they were first used with this entry. */
  readonly live: Set<string>
  /** When the first expiring token ends, or when the entry is loaded again in any case. */
  readonly validUntil: number
}

export interface UserEntryDeps extends Keeping {
  readonly users: Pick<UserStore, 'byID'>
  readonly memberships: Pick<MembershipStore, 'ofUser'>
  readonly passwords: Pick<PasswordStore, 'get'>
  readonly authorizations: Pick<AuthorizationStore, 'grants'>
  readonly sessionEnds: Pick<SessionEndStore, 'ofUser'>
  readonly secondFactors: Pick<SecondFactorStore, 'hasAny'>
  readonly factorHolders: Pick<FactorHolderStore, 'graceUsed'>
  readonly secondFactorPolicies: Pick<SecondFactorPolicyStore, 'ofOrganizations'>
  readonly secondFactor: SecondFactorOptions
  readonly linkedIdentities: Pick<LinkedIdentityStore, 'hasAny'>
  readonly ssoTokens: SsoTokens
}

/** The key of a user's entry, or of the one whose sessions are confined to an organization. */
export const userEntryKey = (userID: ID, confinedTo?: ID): string =>
  confinedTo ? `${userID}/${confinedTo}` : userID

export function createUserEntries(deps: UserEntryDeps): FreshCache<UserEntry> {
  /** Whether a user without a factor has used up the sign-ins that are allowed without one. */
  async function mustEnrol(userID: ID, memberships: readonly Membership[]): Promise<boolean> {
    const { rule, grace } = deps.secondFactor
    if (!(await isFactorRequired(rule, memberships, deps.secondFactorPolicies))) return false
    return grace === 0 || (await deps.factorHolders.graceUsed(userID)) > grace
  }

  async function load(key: string): Promise<UserEntry | undefined> {
    const [userID, confinedTo] = key.split('/') as [ID, ID | undefined]
    const keptUntil = endOfKeeping(deps)
    const user = await deps.users.byID(userID)
    if (!user) return undefined
    const memberships = await deps.memberships.ofUser(userID)
    // Bounded tokens give nothing that memberships do not give anyway.
    const isBounded = await areTokensBounded(userID, deps)
    const authorizations = isBounded ? [] : await deps.authorizations.grants({ userID })
    const password = await deps.passwords.get(userID)
    const hasSecondFactor = await deps.secondFactors.hasAny(userID)
    const lacksFactor = !hasSecondFactor && (await mustEnrol(userID, memberships))
    const sessionEnds = await deps.sessionEnds.ofUser(userID)
    if (!sessionEnds) return undefined
    const rights = rightsOf({ userID, confinedTo, memberships, authorizations, at: deps.now() })
    return {
      validUntil: Math.min(keptUntil, rights.endsAt ?? Number.POSITIVE_INFINITY),
      sessionEnds,
      live: new Set(),
      principal: {
        kind: 'session',
        user,
        ...rights,
        ...(confinedTo ? { confinedTo } : {}),
        mustChangePassword: password?.mustChange ?? false,
        hasSecondFactor,
        mustEnrol: lacksFactor,
      },
    }
  }

  return createFreshCache<UserEntry>({
    limit: KEPT_PRINCIPALS,
    userOf: ({ principal }) => principal.user.id,
    isValid: ({ validUntil }) => isAhead(validUntil, deps.now),
    load,
  })
}

/** What a user's sessions may do now, and until the first of the expiring tokens ends, if there is one. */
function rightsOf({
  userID,
  confinedTo,
  memberships,
  authorizations,
  at,
}: {
  userID: ID
  confinedTo: ID | undefined
  memberships: readonly Membership[]
  authorizations: readonly TokenGrant[]
  at: number
}): Pick<Principal, 'permissions' | 'lasting' | 'endsAt'> {
  // A disabled token grants nothing; in InfluxDB its user's sessions keep what it held.
  const tokens = authorizations.filter(
    (token) => isEffective(token, at) && (!confinedTo || token.orgID === confinedTo),
  )
  const granting = memberships.filter(
    ({ resourceType, resourceID }) => !confinedTo || resourceType === 'buckets' || resourceID === confinedTo,
  )
  const lasting = [
    ...granting.flatMap(membershipPermissions),
    ...tokens.filter((token) => expiryOf(token) === Number.POSITIVE_INFINITY).flatMap(permissionsOf),
    ...selfPermissions(userID),
  ]
  const expiring = tokens.filter((token) => expiryOf(token) < Number.POSITIVE_INFINITY)
  const endsAt = expiring.reduce((first, token) => Math.min(first, expiryOf(token)), Number.POSITIVE_INFINITY)
  const compiled = (permissions: readonly Permission[]) => {
    const set = compilePermissions(permissions)
    return confinedTo ? confine(set, confinedTo, userID) : set
  }
  const lastingSet = compiled(lasting)
  if (expiring.length === 0) return { permissions: lastingSet, lasting: lastingSet }
  const permissions = compiled([...lasting, ...expiring.flatMap(permissionsOf)])
  return { permissions, lasting: lastingSet, endsAt }
}

const permissionsOf = ({ permissions }: TokenGrant) => permissions
