import { type PlaceRecords, requireLasting } from '../access/giving.ts'
import { type Caller, may, type Principal, requirePermission } from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import { type AuthorizationDetails, describeAuthorizations } from '../authorizations/authorization-details.ts'
import {
  maySee,
  maySwitchOff,
  neededFor,
  requireGivable,
  type TokenAct,
} from '../authorizations/token-access.ts'
import { requireOneOrganization } from '../authorizations/token-rules.ts'
import { requireUnchangedLegacy, type UnchangeableInput } from '../authorizations/unchangeable.ts'
import type { Clock } from '../base/clock.ts'
import { conflict, invalid, notFound } from '../base/errors.ts'
import type { ID, IDGenerator } from '../base/id.ts'
import {
  LONGEST_NAME,
  requireDescriptionFits,
  requireFewPermissions,
  requireFits,
  requireRoomForToken,
} from '../base/limits.ts'
import type { Changes } from '../changes.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { PasswordPolicy } from '../passwords/password-policy.ts'
import type { AuditTarget } from '../records/audit-event.ts'
import type { IdentityRecords } from '../records/identity-store.ts'
import type { LegacyAuthorization } from '../records/legacy-authorization.ts'
import {
  type Action,
  type Permission,
  type PermissionInput,
  parsePermission,
  permission,
} from '../records/permission.ts'
import type { Status } from '../records/user.ts'

export interface LegacyAuthorizationInput {
  /** The 1.x user name; InfluxDB's field is `token`. */
  readonly name?: string | undefined
  readonly orgID?: ID | undefined
  /** Default: the caller. */
  readonly userID?: ID | undefined
  readonly status?: string | undefined
  readonly description?: string | undefined
  readonly permissions?: readonly PermissionInput[] | undefined
}

export interface LegacyAuthorizationUpdate extends UnchangeableInput {
  readonly status?: string | undefined
  readonly description?: string | undefined
}

export interface LegacyAuthorizationQuery {
  readonly id?: ID | undefined
  readonly name?: string | undefined
  readonly userID?: ID | undefined
  readonly user?: string | undefined
  readonly orgID?: ID | undefined
  readonly org?: string | undefined
}

export type LegacyAuthorizationDetails = AuthorizationDetails<LegacyAuthorization>

/**
 * The caller needs the permission on the authorization and on its user, and every right that it gives, as for tokens.
 */
export interface LegacyAuthorizations {
  /** Creates one without a password, with which nothing can be done yet. `conflict` if the name is taken. */
  create(caller: Caller, input: LegacyAuthorizationInput): Promise<LegacyAuthorizationDetails>
  get(principal: Principal, id: ID): Promise<LegacyAuthorizationDetails>
  /** All that match and that the principal may read. */
  list(principal: Principal, query: LegacyAuthorizationQuery): Promise<LegacyAuthorizationDetails[]>
  /** Changes description or status; `invalid` if the input would change anything else. */
  update(caller: Caller, id: ID, input: LegacyAuthorizationUpdate): Promise<LegacyAuthorizationDetails>
  remove(caller: Caller, id: ID): Promise<void>
  /** Sets the password. Knowing it gives all permissions, so the caller must hold them. */
  setPassword(caller: Caller, id: ID, password: string): Promise<void>
}

const authorizationNotFound = () => notFound('authorization not found')

export function createLegacyAuthorizations(deps: {
  records: Pick<
    IdentityRecords,
    'legacyAuthorizations' | 'authorizations' | 'users' | 'organizations' | 'buckets'
  >
  ids: IDGenerator
  now: Clock
  changes: Changes
  freshness: Freshness
  hasher: Pick<PasswordHasher, 'hash'>
  policy: PasswordPolicy
}): LegacyAuthorizations {
  const { records, ids, changes } = deps
  const now = () => new Date(deps.now()).toISOString()

  async function find(principal: Principal, action: Action, id: ID): Promise<LegacyAuthorization> {
    const found = await records.legacyAuthorizations.byID(id)
    if (!found) throw authorizationNotFound()
    for (const each of neededFor(action, found)) requirePermission(principal, each)
    return found
  }

  /** One that the principal may see and disable as an owner, or else what `otherwise` finds. */
  async function findAsOwner(
    principal: Principal,
    id: ID,
    otherwise: () => Promise<LegacyAuthorization>,
  ): Promise<LegacyAuthorization> {
    const found = await records.legacyAuthorizations.byID(id)
    return found && maySwitchOff(principal, found) ? found : otherwise()
  }

  /** A 1.x authorization does not expire, so the caller's own rights must not expire either. */
  async function requireGivableForEver(
    caller: Caller,
    act: TokenAct,
    permissions: readonly Permission[],
    places: PlaceRecords,
  ): Promise<void> {
    const place = await requireGivable(caller, act, permissions, { places, freshness: deps.freshness })
    requireLasting(caller.principal, permissions, place)
  }

  async function describe(authorization: LegacyAuthorization): Promise<LegacyAuthorizationDetails> {
    const [details] = await describeAuthorizations(records, [authorization])
    if (!details) throw authorizationNotFound()
    return details
  }

  async function idNamed(
    kind: 'user' | 'org',
    principal: Principal,
    name: string | undefined,
  ): Promise<ID | undefined> {
    if (name === undefined) return undefined
    const found = await (kind === 'user' ? records.users.byName(name) : records.organizations.byName(name))
    const type = kind === 'user' ? 'users' : 'orgs'
    if (!found || !may(principal, permission('read', type, { id: found.id }))) {
      throw notFound(
        kind === 'user' ? 'user not found' : `organization name ${JSON.stringify(name)} not found`,
      )
    }
    return found.id
  }

  return {
    async create(caller, input) {
      const { orgID, name = '' } = input
      if (!input.permissions?.length) throw invalid('authorization must include permissions')
      requireFewPermissions(input.permissions)
      const permissions = input.permissions.map(parsePermission)
      if (!orgID) throw invalid('org id required')
      const status = parseStatus(input.status || 'active')
      if (name === '') throw invalid('token required for v1 user authorization type')
      requireFits('token', name, LONGEST_NAME)
      requireDescriptionFits('an authorization', input.description)
      const userID = input.userID ?? caller.principal.user.id
      requirePermission(caller.principal, permission('write', 'authorizations', { orgID }))
      requirePermission(caller.principal, permission('write', 'users', { id: userID }))
      await requireGivableForEver(caller, 'token.create', permissions, records)
      requireOneOrganization(permissions, orgID)
      const at = now()
      const authorization: LegacyAuthorization = {
        ...{ id: ids.next(), name, status, description: input.description ?? '' },
        ...{ orgID, userID, permissions, createdAt: at, updatedAt: at },
      }
      await changes(async (change) => {
        const [organization, user] = [await change.organizations.byID(orgID), await change.users.byID(userID)]
        if (!organization || !user) throw invalid('unable to create token')
        requireRoomForToken(await change.legacyAuthorizations.sizeOfUser(userID), permissions)
        if (!(await change.legacyAuthorizations.add(authorization))) {
          throw conflict('token-taken', 'token already exists')
        }
        change.affects(userID)
        change.records({ event: 'legacy-authorization.create', target: targetOf(authorization), caller })
      })
      return describe(authorization)
    },

    get: async (principal, id) =>
      describe(await findAsOwner(principal, id, () => find(principal, 'read', id))),

    async list(principal, query) {
      const userID = query.userID ?? (await idNamed('user', principal, query.user))
      const orgID = query.orgID ?? (await idNamed('org', principal, query.org))
      const isVisible = (each: LegacyAuthorization) => maySee(principal, each)
      if (query.id) {
        const found = await records.legacyAuthorizations.byID(query.id)
        if (!found || !isVisible(found)) throw authorizationNotFound()
        return describeAuthorizations(records, [found])
      }
      const found = (await records.legacyAuthorizations.list({ userID, orgID })).filter(
        (each) => isVisible(each) && (query.name === undefined || each.name === query.name),
      )
      return describeAuthorizations(records, found)
    },

    async update(caller, id, { status, description, ...unchangeable }) {
      const { principal } = caller
      const isSwitchedOff = status === 'inactive' && description === undefined
      if (isSwitchedOff) await findAsOwner(principal, id, () => find(principal, 'write', id))
      else await find(principal, 'write', id)
      requireDescriptionFits('an authorization', description)
      const wanted = status === undefined ? undefined : parseStatus(status)
      const updated = await changes(async (change) => {
        const current = await change.legacyAuthorizations.byID(id)
        if (!current) throw authorizationNotFound()
        requireUnchangedLegacy(current, unchangeable)
        if (wanted === 'active' && current.status === 'inactive') {
          await requireGivableForEver(caller, 'token.activate', current.permissions, change)
        }
        const next: LegacyAuthorization = {
          ...current,
          status: wanted ?? current.status,
          description: description ?? current.description,
          updatedAt: now(),
        }
        await change.legacyAuthorizations.update(next)
        change.affects(next.userID)
        change.records({ event: 'legacy-authorization.update', target: targetOf(next), caller })
        return next
      })
      return describe(updated)
    },

    async remove(caller, id) {
      const found = await find(caller.principal, 'write', id)
      await changes(async (change) => {
        if (!(await change.legacyAuthorizations.remove(id))) throw authorizationNotFound()
        change.affects(found.userID)
        change.records({ event: 'legacy-authorization.delete', target: targetOf(found), caller })
      })
    },

    async setPassword(caller, id, password) {
      const found = await find(caller.principal, 'write', id)
      deps.policy.check(password, { userName: found.name, organizationNames: [] })
      await requireGivableForEver(caller, 'token.rotate', found.permissions, records)
      const hash = await deps.hasher.hash(Buffer.from(password))
      await changes(async (change) => {
        const current = await change.legacyAuthorizations.byID(id)
        if (!current) throw authorizationNotFound()
        await change.legacyAuthorizations.setPasswordHash(id, hash)
        change.affects(current.userID)
        change.records({ event: 'legacy-authorization.password', target: targetOf(current), caller })
      })
    },
  }
}

function parseStatus(status: string): Status {
  if (status === 'active' || status === 'inactive') return status
  throw invalid('invalid status: must be active or inactive')
}

function targetOf({ id, name, orgID, userID }: LegacyAuthorization): AuditTarget {
  return { type: 'legacy-authorization', id, name, orgID, userID }
}
