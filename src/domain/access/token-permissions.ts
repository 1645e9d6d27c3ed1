import type { ID } from '../base/id.ts'
import type { Authorization } from '../records/authorization.ts'
import { formatPermission, type Permission } from '../records/permission.ts'
import { bounded } from './bounded-tokens.ts'
import { confine } from './confinement.ts'
import { compilePermissions, type PermissionSet } from './permission-set.ts'

export type PermissionsOfToken = (
  token: Pick<Authorization, 'userID' | 'permissions'>,
  confinedTo: ID | undefined,
  /** What its user may do without tokens, if the token gives at most that. */
  bound?: readonly Permission[],
) => PermissionSet

const MOST_SETS = 1000

/**
 * Compiles the permissions of tokens. A user's tokens with the same permissions get the same set, so that 10,000 of them
 * need little more memory than one, and what is found out for a set holds for all of them.
 */
export function createTokenPermissions(): PermissionsOfToken {
  const known = new Map<string, PermissionSet>()
  return ({ userID, permissions }, confinedTo, bound) => {
    const limits = bound ? ['within', ...bound.map(formatPermission), 'are'] : []
    const key = [userID, confinedTo ?? '', ...limits, ...permissions.map(formatPermission)].join(' ')
    const found = known.get(key)
    if (found) return found
    const own = compilePermissions(permissions)
    const compiled = bound ? bounded(own, compilePermissions(bound)) : own
    const set = confinedTo ? confine(compiled, confinedTo, userID) : compiled
    if (known.size >= MOST_SETS) known.clear()
    known.set(key, set)
    return set
  }
}
