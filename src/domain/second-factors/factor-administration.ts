/** What operators do about the factors of others, and owners about those of an organization's members. */
import { requireRightsOf } from '../access/giving.ts'
import { type Caller, type Principal, requireOperator, requirePermission } from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import type { SecondFactorOptions } from '../access/required-factor.ts'
import type { DoneEvent } from '../audit/done-event.ts'
import type { Clock } from '../base/clock.ts'
import { notFound } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import type { Change, Changes } from '../changes.ts'
import type { OrganizationStore } from '../records/organization.ts'
import { permission } from '../records/permission.ts'
import type {
  RecoveryCodeStore,
  RequiredFor,
  SecondFactor,
  SecondFactorPolicyStore,
  SecondFactorStore,
} from '../records/second-factor.ts'
import type { User, UserStore } from '../records/user.ts'
import { requireOffered } from './factor-rules.ts'

export interface FactorAdministration {
  /** The factors of a user, for operators, and how many recovery codes are left; `not found` without that user. */
  ofUser(
    principal: Principal,
    userID: ID,
  ): Promise<{ readonly factors: readonly SecondFactor[]; readonly recoveryCodesLeft: number }>
  /**
   * Removes all factors, recovery codes and application passwords of a user, and ends their sessions; the password
   * stays. For operators. If a second factor is required, the user must enrol one at the next sign-in, without
   * grace.
   */
  reset(caller: Caller, userID: ID): Promise<void>
  requiredFor(principal: Principal, orgID: ID): Promise<RequiredFor>
  /** Sets whom an organization requires to have a second factor. For its owners. */
  setRequiredFor(caller: Caller, orgID: ID, requiredFor: RequiredFor): Promise<void>
}

export function createFactorAdministration(deps: {
  users: Pick<UserStore, 'byID'>
  organizations: Pick<OrganizationStore, 'byID'>
  secondFactors: Pick<SecondFactorStore, 'ofUser'>
  recoveryCodes: Pick<RecoveryCodeStore, 'left'>
  secondFactorPolicies: Pick<SecondFactorPolicyStore, 'ofOrganizations'>
  secondFactor: SecondFactorOptions
  freshness: Freshness
  changes: Changes
  now: Clock
}): FactorAdministration {
  return {
    async ofUser(principal, userID) {
      requireOperator(principal, 'read')
      if (!(await deps.users.byID(userID))) throw notFound('user not found')
      const factors = await deps.secondFactors.ofUser(userID)
      return { factors, recoveryCodesLeft: await deps.recoveryCodes.left(userID) }
    },

    async reset(caller, userID) {
      requireOperator(caller.principal, 'write')
      deps.freshness.require(caller, 'factor.reset')
      await deps.changes(async (change) => {
        const user = await change.users.byID(userID)
        if (!user) throw notFound('user not found')
        await requireRightsOf(caller, userID, change, deps.now())
        await resetFactors(change, user, { caller })
      })
    },

    async requiredFor(principal, orgID) {
      requirePermission(principal, permission('read', 'orgs', { id: orgID }))
      if (!(await deps.organizations.byID(orgID))) throw notFound('organization not found')
      return (await deps.secondFactorPolicies.ofOrganizations([orgID])).get(orgID) ?? 'nobody'
    },

    async setRequiredFor(caller, orgID, requiredFor) {
      requirePermission(caller.principal, permission('write', 'orgs', { id: orgID }))
      deps.freshness.require(caller, 'factor.policy')
      requireOffered(deps.secondFactor.rule)
      await deps.changes(async (change) => {
        const organization = await change.organizations.byID(orgID)
        if (!organization) throw notFound('organization not found')
        await change.secondFactorPolicies.set(orgID, requiredFor)
        for (const { userID } of await change.memberships.ofResource(orgID)) change.affects(userID)
        const target = { type: 'organization', id: orgID, name: organization.name, orgID }
        change.records({ event: 'factor.policy', target, caller })
      })
    },
  }
}

/** Within a change, what `reset` does; returns the number of removed factors. */
export async function resetFactors(
  change: Change,
  { id, name }: User,
  by: Pick<DoneEvent, 'caller' | 'origin' | 'actor'>,
): Promise<number> {
  const removed = await change.secondFactors.removeOfUser(id)
  await change.recoveryCodes.removeOfUser(id)
  await change.applicationPasswords.removeOfUser(id)
  await change.factorHolders.endGrace(id)
  await change.endsSessionsOf(id, by)
  change.affects(id)
  change.records({ event: 'factor.reset', target: { type: 'user', id, name }, ...by })
  return removed
}
