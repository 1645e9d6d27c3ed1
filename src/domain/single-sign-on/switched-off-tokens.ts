/** The tokens that were disabled because their user was gone. */
import { requireRightsOf } from '../access/giving.ts'
import { type Caller, type Principal, requireOperator, requirePermission } from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import type { Clock } from '../base/clock.ts'
import { notFound } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import type { Change, Changes } from '../changes.ts'
import type { IdentityRecords } from '../records/identity-store.ts'
import type { SwitchableKind, SwitchedOffToken, SwitchedOffTokenStore } from '../records/outside-identity.ts'
import { permission } from '../records/permission.ts'

export interface ListedOffToken extends SwitchedOffToken {
  /** The description of a token; of a 1.x authorization or application password the name. */
  readonly name: string
}

export interface SwitchedOffTokens {
  /** The tokens that are still disabled, oldest first, for callers who may read the user. */
  ofUser(principal: Principal, userID: ID): Promise<ListedOffToken[]>
  /** Switches them on again; returns their number. For operators who hold all that the user may do. */
  switchOn(caller: Caller, userID: ID): Promise<number>
}

type Records = Pick<
  IdentityRecords,
  'users' | 'authorizations' | 'legacyAuthorizations' | 'applicationPasswords' | 'switchedOffTokens'
>

export function createSwitchedOffTokens(
  deps: Records & {
    switchedOffTokens: Pick<SwitchedOffTokenStore, 'ofUser'>
    freshness: Freshness
    changes: Changes
    now: Clock
  },
): SwitchedOffTokens {
  return {
    async ofUser(principal, userID) {
      requirePermission(principal, permission('read', 'users', { id: userID }))
      if (!(await deps.users.byID(userID))) throw notFound('user not found')
      return stillOff(deps, userID)
    },
    async switchOn(caller, userID) {
      // Both, since the tokens may give either.
      requireOperator(caller.principal, 'read')
      requireOperator(caller.principal, 'write')
      deps.freshness.require(caller, 'tokens.switch-on')
      return deps.changes(async (change) => {
        if (!(await change.users.byID(userID))) throw notFound('user not found')
        await requireRightsOf(caller, userID, change, deps.now())
        const found = await stillOff(change, userID)
        for (const token of found) await switchOn(change, token, { caller, at: deps.now() })
        await change.switchedOffTokens.removeOfUser(userID)
        change.affects(userID)
        return found.length
      })
    },
  }
}

/** Leaves out those that were deleted or switched on meanwhile. */
async function stillOff(records: Records, userID: ID): Promise<ListedOffToken[]> {
  const noted = await records.switchedOffTokens.ofUser(userID)
  const idsOf = (kind: SwitchableKind) => noted.filter((each) => each.kind === kind).map(({ id }) => id)
  const names = new Map<ID, string>()
  for (const { id, status, description } of await records.authorizations.byIDs(idsOf('authorization'))) {
    if (status === 'inactive') names.set(id, description)
  }
  const legacy = await records.legacyAuthorizations.byIDs(idsOf('legacy-authorization'))
  for (const { id, status, name } of legacy) if (status === 'inactive') names.set(id, name)
  for (const { id, name } of await records.applicationPasswords.ofUser(userID)) names.set(id, name)
  return noted.flatMap((each) => {
    const name = names.get(each.id)
    return name === undefined ? [] : [{ ...each, name }]
  })
}

async function switchOn(
  change: Change,
  { id, kind, name, userID }: ListedOffToken,
  { caller, at }: { caller: Caller; at: number },
): Promise<void> {
  const active = { status: 'active', updatedAt: new Date(at).toISOString() } as const
  if (kind === 'authorization') {
    const token = await change.authorizations.byID(id)
    if (!token) return
    await change.authorizations.update({ ...token, ...active })
    const target = { type: 'authorization', id, name, orgID: token.orgID, userID }
    change.records({ event: 'authorization.switch-on', target, caller })
  } else if (kind === 'legacy-authorization') {
    const token = await change.legacyAuthorizations.byID(id)
    if (!token) return
    await change.legacyAuthorizations.update({ ...token, ...active })
    const target = { type: 'legacy-authorization', id, name, orgID: token.orgID, userID }
    change.records({ event: 'legacy-authorization.switch-on', target, caller })
  }
}
