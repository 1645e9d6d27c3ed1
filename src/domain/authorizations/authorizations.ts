import type { AuditTarget } from '../audit/audit-event.ts'
import type { Changes } from '../changes.ts'
import type { Clock } from '../clock.ts'
import { invalid, notFound } from '../errors.ts'
import type { Id, IdGenerator } from '../id.ts'
import type { IdentityRecords } from '../identity-store.ts'
import { organizationNamed } from '../organizations/organization-named.ts'
import {
  type Action,
  type Permission,
  type PermissionInput,
  parsePermission,
  permission,
  type ResourceType,
} from '../permissions/permission.ts'
import {
  type Caller,
  may,
  type OrganizationOf,
  type Principal,
  requireHandedOn,
  requirePermission,
} from '../principals/principal.ts'
import { createSecret, hashSecret, storedTokenHash } from '../secrets.ts'
import type { Freshness } from '../sessions/freshness.ts'
import type { Status } from '../users/user.ts'
import type { Authorization } from './authorization.ts'
import { type AuthorizationDetails, describeAuthorizations } from './authorization-details.ts'
import { endOfGrace, endOfToken, isPowerful, requireNoLonger } from './token-rules.ts'

export interface AuthorizationInput {
  readonly orgID?: Id | undefined
  /** Whose token it is; the caller's own if not given. */
  readonly userID?: Id | undefined
  readonly status?: string | undefined
  readonly description?: string | undefined
  readonly permissions?: readonly PermissionInput[] | undefined
  /** RFC 3339. */
  readonly expiresAt?: string | undefined
}

export interface AuthorizationQuery {
  readonly id?: Id | undefined
  readonly userID?: Id | undefined
  readonly user?: string | undefined
  readonly orgID?: Id | undefined
  readonly org?: string | undefined
}

export interface Authorizations {
  /** Creates a token; it is in the answer and nowhere else. */
  create(caller: Caller, input: AuthorizationInput): Promise<{ details: AuthorizationDetails; token: string }>
  get(principal: Principal, id: Id): Promise<AuthorizationDetails>
  /** Those that the principal may read, all of them: authorizations are never paged. */
  list(principal: Principal, query: AuthorizationQuery): Promise<AuthorizationDetails[]>
  update(
    caller: Caller,
    id: Id,
    input: { status?: string | undefined; description?: string | undefined },
  ): Promise<AuthorizationDetails>
  remove(caller: Caller, id: Id): Promise<void>
  /**
   * Gives a token a new secret; the old one works for so many seconds more. Whoever gets the secret gets the
   * permissions, so the caller must have all of them, as when creating.
   */
  rotate(
    caller: Caller,
    id: Id,
    graceSeconds: number,
  ): Promise<{ details: AuthorizationDetails; token: string }>
}

const absent = () => notFound('authorization not found')

/** Both are needed to act on a token: the token itself, and the user whose it is. */
function needs(action: Action, { id, orgID, userID }: Authorization): readonly Permission[] {
  return [permission(action, 'authorizations', { id, orgID }), permission(action, 'users', { id: userID })]
}

export function createAuthorizations(deps: {
  records: Pick<IdentityRecords, 'authorizations' | 'users' | 'organizations' | 'buckets'>
  ids: IdGenerator
  now: Clock
  changes: Changes
  freshness: Freshness
  /** How long a new token may live; undefined for ever. */
  maxLengthMs: number | undefined
}): Authorizations {
  const { records, ids, changes } = deps
  const now = () => new Date(deps.now()).toISOString()

  async function find(principal: Principal, action: Action, id: Id): Promise<Authorization> {
    const authorization = await records.authorizations.byId(id)
    if (!authorization) throw absent()
    for (const each of needs(action, authorization)) requirePermission(principal, each)
    return authorization
  }

  /** Reading is asked for first: whoever may not read it is told of that. */
  async function findToChange(principal: Principal, id: Id): Promise<Authorization> {
    await find(principal, 'read', id)
    return find(principal, 'write', id)
  }

  async function alter(
    caller: Caller,
    id: Id,
    event: string,
    changed: (current: Authorization) => Partial<Authorization>,
  ): Promise<AuthorizationDetails> {
    const updated = await changes(async (change) => {
      const current = await change.authorizations.byId(id)
      if (!current) throw absent()
      const next: Authorization = { ...current, ...changed(current), updatedAt: now() }
      await change.authorizations.update(next)
      change.affects(next.userID)
      change.records({ event, target: targetOf(next), caller })
      return next
    })
    return describe(updated)
  }

  /** Before a secret is made: the caller must have what it allows and, for what is powerful, a fresh sign-in. */
  async function requireGivable(caller: Caller, permissions: readonly Permission[]): Promise<void> {
    requireHandedOn(caller.principal, permissions, await organizationsOf(permissions))
    if (isPowerful(permissions)) deps.freshness.require(caller)
  }

  async function describe(authorization: Authorization): Promise<AuthorizationDetails> {
    const [details] = await describeAuthorizations(records, [authorization])
    if (!details) throw absent()
    return details
  }

  /** Where the resources lie that permissions name. Of what is not kept here nothing else is known. */
  async function organizationsOf(permissions: readonly Permission[]): Promise<OrganizationOf> {
    const ids = (type: ResourceType) =>
      permissions.flatMap(({ resource }) => (resource.type === type && resource.id ? [resource.id] : []))
    const lies = new Map<Id, Id>()
    for (const { id, orgID } of await records.buckets.byIds(ids('buckets'))) lies.set(id, orgID)
    for (const id of ids('authorizations')) {
      const authorization = await records.authorizations.byId(id)
      if (authorization) lies.set(id, authorization.orgID)
    }
    return ({ type, id, orgID }) => {
      if (type === 'orgs') return id
      if (type === 'users') return undefined
      return type === 'buckets' || type === 'authorizations' ? lies.get(id) : orgID
    }
  }

  async function namedUser(name: string): Promise<Id> {
    const user = await records.users.byName(name)
    if (!user) throw notFound('user not found')
    return user.id
  }

  return {
    async create(caller, input) {
      if (!input.permissions?.length) throw invalid('authorization must include permissions')
      const permissions = input.permissions.map(parsePermission)
      const { orgID } = input
      if (!orgID) throw invalid('org id required: invalid ID')
      const status = parseStatus(input.status || 'active', 'invalid status: must be active or inactive')
      const userID = input.userID ?? caller.principal.user.id
      requirePermission(caller.principal, permission('write', 'authorizations', { orgID }))
      requirePermission(caller.principal, permission('write', 'users', { id: userID }))
      await requireGivable(caller, permissions)
      const expiresAt = endOfToken(input.expiresAt, {
        now: deps.now(),
        maxLengthMs: deps.maxLengthMs,
        makerEndsAt: caller.principal.endsAt,
      })

      const { authorization, token } = newAuthorization(
        { orgID, userID, status, description: input.description ?? '', permissions, expiresAt },
        { id: ids.next(), at: now() },
      )
      await changes(async (change) => {
        const [organization, user] = [await change.organizations.byId(orgID), await change.users.byId(userID)]
        if (!organization || !user) throw invalid('unable to create token')
        await change.authorizations.add(authorization)
        change.affects(userID)
        change.records({ event: 'authorization.create', target: targetOf(authorization), caller })
      })
      return { details: await describe(authorization), token }
    },

    get: async (principal, id) => describe(await find(principal, 'read', id)),

    async list(principal, query) {
      const userID = query.userID ?? (query.user ? await namedUser(query.user) : undefined)
      const named = query.orgID ? undefined : query.org
      const orgID = named ? (await organizationNamed(named, records.organizations)).id : query.orgID
      let found: Authorization[]
      if (query.id) {
        const authorization = await records.authorizations.byId(query.id)
        if (!authorization) throw absent()
        found = [authorization]
      } else {
        found = await records.authorizations.list({ userID, orgID })
      }
      const visible = found.filter((each) => needs('read', each).every((needed) => may(principal, needed)))
      return describeAuthorizations(records, visible)
    },

    async update(caller, id, { status, description }) {
      await findToChange(caller.principal, id)
      const refusal = 'encodeAuthorization: unknown authorization status'
      const wanted = status === undefined ? undefined : parseStatus(status || 'active', refusal)
      return alter(caller, id, 'authorization.update', (current) => ({
        status: wanted ?? current.status,
        description: description ?? current.description,
      }))
    },

    async remove(caller, id) {
      const authorization = await find(caller.principal, 'write', id)
      await changes(async (change) => {
        if (!(await change.authorizations.remove(id))) throw absent()
        change.affects(authorization.userID)
        change.records({ event: 'authorization.delete', target: targetOf(authorization), caller })
      })
    },

    async rotate(caller, id, graceSeconds) {
      const { permissions, expiresAt } = await findToChange(caller.principal, id)
      const until = endOfGrace(graceSeconds, deps.now())
      // Before the change, in which the store is not asked past its transaction; no change alters permissions.
      await requireGivable(caller, permissions)
      // So neither does a secret in its grace period give itself a new one.
      requireNoLonger(expiresAt ? Date.parse(expiresAt) : Number.POSITIVE_INFINITY, caller.principal.endsAt)
      const token = createSecret()
      const details = await alter(caller, id, 'authorization.rotate', ({ hashedToken }) => ({
        hashedToken: storedTokenHash(hashSecret(token)),
        previous: until ? { hashedToken, until } : undefined,
      }))
      return { details, token }
    },
  }
}

/** The record of a new token and the token itself, which is made here unless one was chosen. */
export function newAuthorization(
  fields: Pick<Authorization, 'orgID' | 'userID' | 'status' | 'description' | 'permissions' | 'expiresAt'>,
  made: { id: Id; at: string; chosenToken?: string | undefined },
): { authorization: Authorization; token: string } {
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

function parseStatus(status: string, refusal: string): Status {
  if (status === 'active' || status === 'inactive') return status
  throw invalid(refusal)
}

function targetOf({ id, description, orgID, userID }: Authorization): AuditTarget {
  return { type: 'authorization', id, name: description, orgID, userID }
}
