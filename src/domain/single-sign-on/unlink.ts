/** What unlinking an identity does, for the user, an operator and `sluice recovery` alike. */
import { boundOf } from '../access/bounded-tokens.ts'
import { keepingAnOperator } from '../access/last-operator.ts'
import { compilePermissions } from '../access/permission-set.ts'
import type { DoneEvent } from '../audit/done-event.ts'
import type { Change } from '../changes.ts'
import type { LinkedIdentity } from '../records/outside-identity.ts'
import type { User } from '../records/user.ts'
import { switchOffTokens } from './end-outside.ts'
import { type MembershipDifference, setProvided } from './provide-memberships.ts'

export interface Unlinking {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly by: Pick<DoneEvent, 'caller' | 'origin' | 'actor'>
  /** The key's hash of the one session that goes on; undefined to end all. */
  readonly except?: string | undefined
}

/**
 * Within a change, takes away what the provider gave, removes the identity and ends the user's sessions. With the last
 * identity it disables the tokens that were bounded by the memberships and would be so no longer. Throws if the last
 * operator would be one no more. Returns what is to be changed upstream.
 */
export async function unlinkIdentity(
  change: Change,
  user: User,
  link: LinkedIdentity,
  { at, by, except }: Unlinking,
): Promise<MembershipDifference[]> {
  const { id: userID } = user
  const isLast = (await change.linkedIdentities.ofUser(userID)).length === 1
  const origin = by.origin ?? by.caller?.origin
  const differences = await setProvided(change, user, { identity: link, next: [], origin })
  await keepingAnOperator(change, [userID], async () => {
    await change.linkedIdentities.remove(userID, link.id)
  })
  if (isLast) await switchOffBeyond(change, user, { at, by })
  await change.endsSessionsOf(userID, by, except)
  change.affects(userID)
  change.records({ event: 'identity.unlink', target: identityTarget(link, user), ...by })
  return differences
}

async function switchOffBeyond(change: Change, { id: userID }: User, { at, by }: Unlinking): Promise<void> {
  const bound = compilePermissions(boundOf(userID, await change.memberships.ofUser(userID)))
  await switchOffTokens(change, userID, {
    ...{ at, by, reason: 'it gives more than the memberships, and the identity was unlinked' },
    only: ({ permissions }) => !permissions.every((each) => bound.allows(each)),
  })
}

/** An identity in the audit log. */
export function identityTarget(
  { id, provider }: Pick<LinkedIdentity, 'id' | 'provider'>,
  user: Pick<User, 'id' | 'name'>,
) {
  return { type: 'identity', id, name: provider, userID: user.id, userName: user.name }
}
