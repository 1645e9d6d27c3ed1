/** The last active operator stays: without one the instance can be neither administered nor set up again. */

import { conflict } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import type { AuthorizationStore } from '../records/authorization.ts'
import { INSTANCE_ID, type MembershipStore } from '../records/membership.ts'
import type { LinkedIdentityStore } from '../records/outside-identity.ts'
import type { PasswordStore } from '../records/password-store.ts'
import { ACTIONS, type Permission } from '../records/permission.ts'
import type { UserStore } from '../records/user.ts'
import { membershipPermissions } from './grants.ts'
import { compilePermissions } from './permission-set.ts'
import { isOperator } from './principal.ts'

export interface OperatorRecords {
  readonly users: Pick<UserStore, 'byIDs'>
  readonly memberships: Pick<MembershipStore, 'ofResource' | 'ofUser'>
  readonly passwords: Pick<PasswordStore, 'get'>
  readonly authorizations: Pick<AuthorizationStore, 'grants'>
  readonly linkedIdentities: Pick<LinkedIdentityStore, 'hasAny'>
}

/**
 * Runs a step of a change that may take the rights of an operator from these users, and throws `conflict` if it
 * leaves no active operator if there was one. Expiring tokens do not make a user an operator here, since they would leave
 * none when they end.
 */
export async function keepingAnOperator(
  records: OperatorRecords,
  userIDs: readonly ID[],
  step: () => Promise<void>,
): Promise<void> {
  const wereOperators = await someAreOperators(records, userIDs)
  await step()
  if (!wereOperators || (await someAreOperators(records, userIDs))) return
  const owners = (await records.memberships.ofResource(INSTANCE_ID)).map(({ userID }) => userID)
  if (await someAreOperators(records, owners)) return
  // Reads the tokens of all users only if no owner of the instance is left.
  const others = new Set((await records.authorizations.grants({})).map(({ userID }) => userID))
  if (await someAreOperators(records, [...others])) return
  throw conflict('last-operator', 'this is the last active operator; make another user an operator first')
}

/**
 * Whether one of these users is active and can act as an operator: by a session, for which the user needs a password or
 * an identity at a provider, or by a single token with all of an operator's rights. Tokens of a user with an identity do
 * not count, since they may be bounded by the memberships.
 */
async function someAreOperators(records: OperatorRecords, userIDs: readonly ID[]): Promise<boolean> {
  for (const user of await records.users.byIDs(userIDs)) {
    if (user.status !== 'active') continue
    if (await records.linkedIdentities.hasAny(user.id)) {
      const held = await records.memberships.ofUser(user.id)
      if (makesOperator(held.flatMap(membershipPermissions))) return true
      continue
    }
    const tokens = (await records.authorizations.grants({ userID: user.id })).filter(
      ({ expiresAt }) => expiresAt === undefined,
    )
    if (tokens.some(({ permissions }) => makesOperator(permissions))) return true
    if (!(await records.passwords.get(user.id))) continue
    const memberships = await records.memberships.ofUser(user.id)
    const inherited = tokens.flatMap(({ permissions }) => permissions)
    if (makesOperator([...memberships.flatMap(membershipPermissions), ...inherited])) return true
  }
  return false
}

function makesOperator(permissions: readonly Permission[]): boolean {
  const compiled = compilePermissions(permissions)
  // Both rights are needed: an operator without the right to read cannot give it to a user, so cannot make another operator.
  return ACTIONS.every((action) => isOperator({ permissions: compiled }, action))
}
