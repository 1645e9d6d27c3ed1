/** The keys of minted tokens: callers with the same rights of the same user share a token. */
import { createHash } from 'node:crypto'
import type { PermissionSet } from '../access/permission-set.ts'
import type { Principal } from '../access/principal.ts'
import type { ID } from '../base/id.ts'
import { formatPermission, type Permission } from '../records/permission.ts'
import type { BucketIDs } from './data-directory.ts'
import { type BucketScope, upstreamRights } from './upstream-rights.ts'

/** The key of a user's permissions in one organization, valid as long as the organization has the same buckets. */
interface Found {
  readonly userID: ID
  readonly confinedTo: ID | undefined
  readonly orgID: ID
  readonly scope: BucketScope
  buckets: BucketIDs
  key: string | undefined
  /** For another organization or scope; most permissions are for one. */
  readonly next: Found | undefined
}

/** Undefined if the principal may do nothing in the organization. */
export type MintedKeyOf = (
  principal: Principal,
  orgID: ID,
  scope: BucketScope,
  buckets: BucketIDs,
) => string | undefined

export function createMintedKeys(): MintedKeyOf {
  /** Permissions are replaced by new objects when anything about them changes. A user's tokens may share them. */
  const found = new WeakMap<PermissionSet, Found>()

  return (principal, orgID, scope, buckets) => {
    const { permissions: held, user, confinedTo } = principal
    const first = found.get(held)
    let known = first
    while (known && !isFor(known, user.id, confinedTo, orgID, scope)) known = known.next
    if (known?.buckets === buckets) return known.key
    const permissions = upstreamRights(principal, orgID, { scope, ids: buckets })
    const key = permissions.length === 0 ? undefined : `${user.id} ${orgID} ${digestOf(permissions)}`
    if (known) Object.assign(known, { buckets, key })
    else found.set(held, { userID: user.id, confinedTo, orgID, scope, buckets, key, next: first })
    return key
  }
}

function isFor(found: Found, userID: ID, confinedTo: ID | undefined, orgID: ID, scope: BucketScope): boolean {
  return (
    found.orgID === orgID &&
    found.scope === scope &&
    found.userID === userID &&
    found.confinedTo === confinedTo
  )
}

/** The same permissions have the same digest in any order. */
export function digestOf(permissions: readonly Permission[]): string {
  return createHash('sha256')
    .update(permissions.map(formatPermission).toSorted().join('\n'))
    .digest('base64url')
}
