import { createFreshCache } from '../access/fresh-cache.ts'
import { findBucket, findOrganization } from '../access/named-place.ts'
import type { PermissionSet } from '../access/permission-set.ts'
import { NOBODY_ID } from '../access/principal.ts'
import { createTokenPermissions } from '../access/token-permissions.ts'
import type { Clock } from '../base/clock.ts'
import type { ID } from '../base/id.ts'
import type { Log } from '../base/log.ts'
import { andThen, type MaybePromise } from '../base/maybe-promise.ts'
import type { BucketStore } from '../records/bucket.ts'
import type { OrganizationStore } from '../records/organization.ts'
import { formatPermission, type Permission, permission } from '../records/permission.ts'
import { ALONE } from '../records/stamps.ts'
import type { GivenRight, TokenRule } from './token-rule.ts'

export interface RightsOfRules {
  /** The same object as long as the rights are the same. */
  of(rules: readonly TokenRule[]): MaybePromise<TokenRights>
  /** Call it after any change of an organization or a bucket. */
  forget(): void
}

export interface TokenRights {
  readonly permissions: PermissionSet
  /** If all of them are in one organization, that one. */
  readonly orgID: ID | undefined
}

interface KeptRights {
  readonly rights: TokenRights
  readonly until: number
}

/** Within it, another node may have renamed or deleted what a rule names. */
const KEPT_MS = 1000
const MOST_KEPT = 1000

/**
 * What rules give: permissions for the organizations and buckets that have these names now. What does not exist gives
 * nothing, with one warning in the log.
 */
export function createRightsOfRules(deps: {
  organizations: Pick<OrganizationStore, 'byName' | 'byIDs'>
  buckets: Pick<BucketStore, 'byName' | 'byIDs'>
  now: Clock
  log: Pick<Log, 'warn'>
}): RightsOfRules {
  const { organizations, buckets, now, log } = deps
  const compile = createTokenPermissions()
  const warned = new Set<string>()
  const known = new Map<string, TokenRights>()

  function warnOnce(issuer: string, missing: string): void {
    const key = `${issuer} ${missing}`
    if (warned.has(key)) return
    warned.add(key)
    log.warn('a rule for external tokens names what does not exist', { issuer, missing })
  }

  async function given({ organization, bucket, action }: GivenRight, issuer: string): Promise<Permission[]> {
    const org = await findOrganization(organizations, organization)
    if (!org) {
      warnOnce(issuer, `organization ${organization}`)
      return []
    }
    if (bucket === undefined) return [permission(action, 'buckets', { orgID: org.id })]
    const found = await findBucket(buckets, org.id, bucket)
    if (!found) warnOnce(issuer, `bucket ${bucket} in ${organization}`)
    return found ? [permission(action, 'buckets', { id: found.id, orgID: org.id })] : []
  }

  function rightsOf(permissions: readonly Permission[]): TokenRights {
    const key = permissions.map(formatPermission).join(' ')
    const before = known.get(key)
    if (before) return before
    const places = new Set(permissions.map(({ resource }) => resource.orgID))
    const [only] = places.size === 1 ? places : []
    const rights = { permissions: compile({ userID: NOBODY_ID, permissions }, undefined), orgID: only }
    if (known.size >= MOST_KEPT) known.clear()
    known.set(key, rights)
    return rights
  }

  const kept = createFreshCache<KeptRights, readonly TokenRule[]>({
    limit: MOST_KEPT,
    userOf: () => NOBODY_ID,
    isValid: ({ until }) => until > now(),
    async load(_key, rules) {
      const until = now() + KEPT_MS
      const all: Permission[] = []
      for (const { gives, issuer } of rules) {
        for (const right of gives) all.push(...(await given(right, issuer)))
      }
      return { rights: rightsOf(all), until }
    },
  })

  return {
    of(rules) {
      const key = rules.map(({ number }) => number).join(' ')
      return andThen(kept.get(key, ALONE, rules), (found) => found?.rights ?? rightsOf([]))
    },
    forget: kept.forgetAll,
  }
}
