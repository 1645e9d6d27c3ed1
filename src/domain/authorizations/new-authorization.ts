/** Creating a token: what it may have, who may give it, and its record. */
import { endOfRights, type PlaceRecords } from '../access/giving.ts'
import { type Caller, requirePermission } from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import type { Clock } from '../base/clock.ts'
import { conflict, invalid } from '../base/errors.ts'
import type { ID, IDGenerator } from '../base/id.ts'
import { requireDescriptionFits, requireFewPermissions, requireRoomForToken } from '../base/limits.ts'
import { createSecret, hashSecret, storedTokenHash, storedTokenHashes } from '../base/secrets.ts'
import type { Changes } from '../changes.ts'
import type { AuditTarget } from '../records/audit-event.ts'
import type { Authorization } from '../records/authorization.ts'
import type { IdentityRecords } from '../records/identity-store.ts'
import { type Permission, type PermissionInput, parsePermission, permission } from '../records/permission.ts'
import type { Status } from '../records/user.ts'
import { chosenSecret } from './chosen-secret.ts'
import { requireGivable, type TokenAct } from './token-access.ts'
import { endOfToken, requireOneOrganization } from './token-rules.ts'

export interface AuthorizationInput {
  readonly orgID?: ID | undefined
  /** The owner of the token; default: the caller. */
  readonly userID?: ID | undefined
  readonly status?: string | undefined
  readonly description?: string | undefined
  readonly permissions?: readonly PermissionInput[] | undefined
  /** A token chosen by the caller; a random one if missing or empty. */
  readonly token?: string | undefined
  /** RFC 3339. */
  readonly expiresAt?: string | undefined
}

export interface AuthorizationDeps {
  readonly records: Pick<IdentityRecords, 'authorizations' | 'users' | 'organizations' | 'buckets'>
  readonly ids: IDGenerator
  readonly now: Clock
  readonly changes: Changes
  readonly freshness: Freshness
  /** The longest lifetime of a new token; undefined for no limit. */
  readonly maxLengthMs: number | undefined
}

export interface MadeToken {
  readonly authorization: Authorization
  /** The secret, of which only the hash is stored. */
  readonly token: string
}

/** Checks what the caller asks for and adds the token; throws as `Authorizations.create` says. */
export function createTokenMaking(
  deps: AuthorizationDeps,
): (caller: Caller, input: AuthorizationInput) => Promise<MadeToken> {
  const { records, ids, changes } = deps

  return async (caller, input) => {
    if (!input.permissions?.length) throw invalid('authorization must include permissions')
    requireFewPermissions(input.permissions)
    requireDescriptionFits('a token', input.description)
    const permissions = input.permissions.map(parsePermission)
    const { orgID } = input
    if (!orgID) throw invalid('org id required: invalid ID')
    const status = parseStatus(input.status || 'active', 'invalid status: must be active or inactive')
    const userID = input.userID ?? caller.principal.user.id
    requirePermission(caller.principal, permission('write', 'authorizations', { orgID }))
    requirePermission(caller.principal, permission('write', 'users', { id: userID }))
    const makerEndsAt = await requireGivableUntil(
      deps.freshness,
      caller,
      'token.create',
      permissions,
      records,
    )
    requireOneOrganization(permissions, orgID)
    const chosenToken = input.token ? chosenSecret(input.token) : undefined
    const expiresAt = endOfToken(input.expiresAt, {
      now: deps.now(),
      maxLengthMs: deps.maxLengthMs,
      makerEndsAt,
    })

    const { authorization, token } = newAuthorization(
      { orgID, userID, status, description: input.description ?? '', permissions, expiresAt },
      { id: ids.next(), at: new Date(deps.now()).toISOString(), chosenToken },
    )
    await changes(async (change) => {
      const [organization, user] = [await change.organizations.byID(orgID), await change.users.byID(userID)]
      if (!organization || !user) throw invalid('unable to create token')
      requireRoomForToken(await change.authorizations.sizeOfUser(userID), permissions)
      // The secret from before a rotation is taken too: it may still work, and `add` compares only current secrets,
      // in the form of new tokens.
      const taken = await change.authorizations.byHash(...storedTokenHashes(token))
      if (taken || !(await change.authorizations.add(authorization))) {
        throw conflict('token-taken', 'this token exists already; choose another one')
      }
      change.affects(userID)
      change.records({ event: 'authorization.create', target: targetOf(authorization), caller })
    })
    return { authorization, token }
  }
}

/** Until when the caller's own rights to this last: milliseconds since 1970; undefined if without end. */
export async function requireGivableUntil(
  freshness: Freshness,
  caller: Caller,
  act: TokenAct,
  permissions: readonly Permission[],
  places: PlaceRecords,
): Promise<number | undefined> {
  const place = await requireGivable(caller, act, permissions, { places, freshness })
  return endOfRights(caller.principal, permissions, place)
}

/** A new token and its record; the token is random unless one was chosen. */
export function newAuthorization(
  fields: Pick<Authorization, 'orgID' | 'userID' | 'status' | 'description' | 'permissions' | 'expiresAt'>,
  made: { id: ID; at: string; chosenToken?: string | undefined },
): MadeToken {
  const token = made.chosenToken || createSecret()
  return {
    token,
    authorization: {
      ...fields,
      id: made.id,
      hashedToken: storedTokenHash(hashSecret(token)),
      createdAt: made.at,
      updatedAt: made.at,
    },
  }
}

export function parseStatus(status: string, refusal: string): Status {
  if (status === 'active' || status === 'inactive') return status
  throw invalid(refusal)
}

export function targetOf({ id, description, orgID, userID }: Authorization): AuditTarget {
  return { type: 'authorization', id, name: description, orgID, userID }
}
