/** Rights that are given later than they were promised, such as by an invitation. */
import type { ID } from '../base/id.ts'
import { isEffective } from '../records/authorization.ts'
import { ACTIONS, type Permission } from '../records/permission.ts'
import type { UserStore } from '../records/user.ts'
import { organizationsOf, type RightsRecords } from './giving.ts'
import { membershipPermissions, selfPermissions } from './grants.ts'
import { compilePermissions } from './permission-set.ts'
import { isOperator, missingFrom } from './principal.ts'

/**
 * Whether the user who promised these rights is active and holds all of them now (milliseconds since 1970), by
 * memberships or by tokens that do not expire; or is an operator.
 */
export async function stillHolds(
  userID: ID,
  given: readonly Permission[],
  records: RightsRecords & { readonly users: Pick<UserStore, 'byID'> },
  at: number,
): Promise<boolean> {
  const user = await records.users.byID(userID)
  if (user?.status !== 'active') return false
  const memberships = await records.memberships.ofUser(userID)
  const tokens = await records.authorizations.grants({ userID })
  const permissions = compilePermissions([
    ...memberships.flatMap(membershipPermissions),
    ...tokens
      .filter((token) => isEffective(token, at) && token.expiresAt === undefined)
      .flatMap((token) => token.permissions),
    ...selfPermissions(userID),
  ])
  if (ACTIONS.every((action) => isOperator({ permissions }, action))) return true
  return !missingFrom({ permissions }, given, await organizationsOf(given, records))
}
