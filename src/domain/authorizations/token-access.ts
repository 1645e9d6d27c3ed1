/** What a caller needs in order to act on a token, of the 2.x or the 1.x API, and to give its rights away. */
import { organizationsOf, type PlaceRecords } from '../access/giving.ts'
import type { PowerfulAct } from '../access/powerful-acts.ts'
import {
  type Caller,
  may,
  type OrganizationOf,
  type Principal,
  requireHandedOn,
} from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import type { ID } from '../base/id.ts'
import type { Authorization } from '../records/authorization.ts'
import { ACTIONS, type Action, type Permission, permission } from '../records/permission.ts'
import { isPowerful } from './token-rules.ts'

export type TokenAct = Extract<PowerfulAct, `token.${string}`>

/** The permissions required to act on a token: on the token itself and on its owner. */
export function neededFor(
  action: Action,
  { id, orgID, userID }: { readonly id: ID; readonly orgID: ID; readonly userID: ID },
): readonly Permission[] {
  return [permission(action, 'authorizations', { id, orgID }), permission(action, 'users', { id: userID })]
}

/**
 * Whether a caller may see and disable a token of the organization without permissions on the token's user. It
 * grants no rights, and an owner must be able to stop a member's leaked token. A token that also counts outside the
 * organization, such as an operator's, is not the owner's to stop.
 */
export function maySwitchOff(
  principal: Principal,
  { id, orgID, permissions }: Pick<Authorization, 'id' | 'orgID' | 'permissions'>,
): boolean {
  const isInside = permissions.every(
    ({ resource }) => resource.id !== undefined || resource.orgID !== undefined,
  )
  return (
    isInside && ACTIONS.every((action) => may(principal, permission(action, 'authorizations', { id, orgID })))
  )
}

/**
 * Whether a session may delete its own user's token because it has an end: a member gets such tokens by signing in on
 * the command line, and must be able to end one whose machine is lost.
 */
export function mayEndOwn({ principal, session }: Caller, token: OwnedToken): boolean {
  const { user, confinedTo } = principal
  const isOwn = session !== undefined && token.userID === user.id && token.expiresAt !== undefined
  const isHere = confinedTo === undefined || confinedTo === token.orgID
  return isOwn && isHere && may(principal, permission('write', 'users', { id: user.id }))
}

type OwnedToken = Pick<Authorization, 'userID' | 'orgID' | 'expiresAt'>

/** Whether a caller sees a token in lists. */
export function maySee(
  principal: Principal,
  token: Parameters<typeof neededFor>[1] & Parameters<typeof maySwitchOff>[1],
) {
  return neededFor('read', token).every((needed) => may(principal, needed)) || maySwitchOff(principal, token)
}

/**
 * Call it before a token is created, activated or rotated. Throws `forbidden` unless the caller holds every
 * permission of the token and, if the token is powerful, has signed in recently. Returns where the resources lie that
 * the permissions name, by which its caller judges how long the caller's rights last.
 */
export async function requireGivable(
  caller: Caller,
  act: TokenAct,
  permissions: readonly Permission[],
  { places, freshness }: { places: PlaceRecords; freshness: Freshness },
): Promise<OrganizationOf> {
  const place = await organizationsOf(permissions, places)
  requireHandedOn(caller.principal, permissions, place)
  if (isPowerful(permissions)) freshness.require(caller, act)
  return place
}
