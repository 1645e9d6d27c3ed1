import { keepingAnOperator } from '../access/last-operator.ts'
import { withinOrganizationNamed } from '../access/organization-named.ts'
import { type Caller, may, type Principal, requirePermission } from '../access/principal.ts'
import type { AuditKind } from '../audit/audit-kinds.ts'
import { notFound } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { requireDescriptionFits } from '../base/limits.ts'
import { createSecret, hashSecret, storedTokenHash } from '../base/secrets.ts'
import type { Change } from '../changes.ts'
import { type Authorization, expiryOf } from '../records/authorization.ts'
import { type Action, permission } from '../records/permission.ts'
import { type AuthorizationDetails, describeAuthorizations } from './authorization-details.ts'
import {
  type AuthorizationDeps,
  type AuthorizationInput,
  createTokenMaking,
  parseStatus,
  requireGivableUntil,
  targetOf,
} from './new-authorization.ts'
import { mayEndOwn, maySee, maySwitchOff, neededFor } from './token-access.ts'
import { changedEnd, endOfGrace, requireNoLonger } from './token-rules.ts'
import { requireSameGrace, requireUnchanged, type UnchangeableInput } from './unchangeable.ts'

export interface AuthorizationUpdate extends UnchangeableInput {
  readonly status?: string | undefined
  readonly description?: string | undefined
  /** RFC 3339, or `never`. */
  readonly expiresAt?: string | undefined
  /** `now` revokes the secret from before the last rotation. A time is accepted only if it is the current one. */
  readonly graceUntil?: string | undefined
}

export interface AuthorizationQuery {
  readonly id?: ID | undefined
  readonly userID?: ID | undefined
  readonly user?: string | undefined
  readonly orgID?: ID | undefined
  readonly org?: string | undefined
}

export interface Authorizations {
  /**
   * Creates a token and returns it; only its hash is stored. `conflict` if the chosen token exists; `invalid` if it is
   * too short to be safe, cannot be sent in a header, or has a permission for another organization.
   */
  create(caller: Caller, input: AuthorizationInput): Promise<{ details: AuthorizationDetails; token: string }>
  get(principal: Principal, id: ID): Promise<AuthorizationDetails>
  /**
   * All authorizations that the principal may read, without paging. `not found` if the query names a token, user or
   * organization that the principal may not see.
   */
  list(principal: Principal, query: AuthorizationQuery): Promise<AuthorizationDetails[]>
  /**
   * Changes description, status or expiry, or revokes the old secret. Activating, and a later expiry, require the
   * caller to hold every permission of the token for as long, like creating it. `invalid` if the input would change
   * anything else, or the expiry of a token that has expired.
   */
  update(caller: Caller, id: ID, input: AuthorizationUpdate): Promise<AuthorizationDetails>
  /** Deletes a token, for callers who may write it; a session may delete its own user's tokens that expire. */
  remove(caller: Caller, id: ID): Promise<void>
  /**
   * Gives a token a new secret; the old one is accepted for `graceSeconds` more. The caller receives the secret and so
   * its permissions, and must therefore hold all of them, as for creating.
   */
  rotate(
    caller: Caller,
    id: ID,
    graceSeconds: number,
  ): Promise<{ details: AuthorizationDetails; token: string }>
}

const authorizationNotFound = () => notFound('authorization not found')

export function createAuthorizations(deps: AuthorizationDeps): Authorizations {
  const { records, changes } = deps
  const now = () => new Date(deps.now()).toISOString()

  async function find(principal: Principal, action: Action, id: ID): Promise<Authorization> {
    const authorization = await records.authorizations.byID(id)
    if (!authorization) throw authorizationNotFound()
    for (const each of neededFor(action, authorization)) requirePermission(principal, each)
    return authorization
  }

  /** One that the principal may see and disable as an owner, or else what `otherwise` finds. */
  async function findAsOwner(
    principal: Principal,
    id: ID,
    otherwise: () => Promise<Authorization>,
  ): Promise<Authorization> {
    const authorization = await records.authorizations.byID(id)
    return authorization && maySwitchOff(principal, authorization) ? authorization : otherwise()
  }

  /** Checks `read` before `write`, so that the refusal names `read` to a caller who lacks both. */
  async function findToChange(principal: Principal, id: ID): Promise<Authorization> {
    await find(principal, 'read', id)
    return find(principal, 'write', id)
  }

  async function alter(
    caller: Caller,
    id: ID,
    event: AuditKind,
    changed: (current: Authorization, change: Change) => Promise<Partial<Authorization>>,
  ): Promise<AuthorizationDetails> {
    const updated = await changes(async (change) => {
      const current = await change.authorizations.byID(id)
      if (!current) throw authorizationNotFound()
      const next: Authorization = { ...current, ...(await changed(current, change)), updatedAt: now() }
      await keepingAnOperator(change, [next.userID], () => change.authorizations.update(next))
      change.affects(next.userID)
      change.records({ event, target: targetOf(next), caller })
      return next
    })
    return describe(updated)
  }

  async function describe(authorization: Authorization): Promise<AuthorizationDetails> {
    const [details] = await describeAuthorizations(records, [authorization])
    if (!details) throw authorizationNotFound()
    return details
  }

  /** A user whom the principal may not read is reported as not found, so that the answer does not reveal user names. */
  async function namedUser(principal: Principal, name: string): Promise<ID> {
    const user = await records.users.byName(name)
    if (!user || !may(principal, permission('read', 'users', { id: user.id }))) {
      throw notFound('user not found')
    }
    return user.id
  }

  const make = createTokenMaking(deps)

  return {
    async create(caller, input) {
      const { authorization, token } = await make(caller, input)
      return { details: await describe(authorization), token }
    },

    get: async (principal, id) =>
      describe(await findAsOwner(principal, id, () => find(principal, 'read', id))),

    async list(principal, query) {
      const userID = query.userID ?? (query.user ? await namedUser(principal, query.user) : undefined)
      const isVisible = (each: Authorization) => maySee(principal, each)
      async function within(orgID: ID | undefined): Promise<Authorization[]> {
        if (!query.id) return (await records.authorizations.list({ userID, orgID })).filter(isVisible)
        const authorization = await records.authorizations.byID(query.id)
        if (!authorization || !isVisible(authorization)) throw authorizationNotFound()
        return [authorization]
      }
      const by = { principal, organizations: records.organizations }
      const found =
        query.org && !query.orgID
          ? await withinOrganizationNamed(query.org, by, ({ id }) => within(id))
          : await within(query.orgID)
      return describeAuthorizations(records, found)
    },

    async update(caller, id, { status, description, expiresAt, graceUntil, ...unchangeable }) {
      const others = [description, expiresAt, graceUntil]
      const isSwitchedOff = status === 'inactive' && others.every((each) => each === undefined)
      const { principal } = caller
      if (isSwitchedOff) await findAsOwner(principal, id, () => findToChange(principal, id))
      else await findToChange(principal, id)
      requireDescriptionFits('a token', description)
      const refusal = 'encodeAuthorization: unknown authorization status'
      const wanted = status === undefined ? undefined : parseStatus(status || 'active', refusal)
      return alter(caller, id, 'authorization.update', async (current, change) => {
        requireUnchanged(current, unchangeable)
        requireSameGrace(current, graceUntil)
        const changed = changedEnd(current, expiresAt, { now: deps.now(), maxLengthMs: deps.maxLengthMs })
        const end = changed ?? expiryOf(current)
        const isActivated = wanted === 'active' && current.status === 'inactive'
        if (isActivated || end > expiryOf(current)) {
          const act = isActivated ? 'token.activate' : 'token.prolong'
          requireNoLonger(
            end,
            await requireGivableUntil(deps.freshness, caller, act, current.permissions, change),
          )
        }
        return {
          status: wanted ?? current.status,
          description: description ?? current.description,
          expiresAt: Number.isFinite(end) ? new Date(end).toISOString() : undefined,
          previous: graceUntil === 'now' ? undefined : current.previous,
        }
      })
    },

    async remove(caller, id) {
      const own = await records.authorizations.byID(id)
      const isAllowed = own !== undefined && mayEndOwn(caller, own)
      const authorization = isAllowed ? own : await find(caller.principal, 'write', id)
      await changes(async (change) => {
        await keepingAnOperator(change, [authorization.userID], async () => {
          if (!(await change.authorizations.remove(id))) throw authorizationNotFound()
        })
        change.affects(authorization.userID)
        change.records({ event: 'authorization.delete', target: targetOf(authorization), caller })
      })
    },

    async rotate(caller, id, graceSeconds) {
      await findToChange(caller.principal, id)
      const until = endOfGrace(graceSeconds, deps.now())
      const token = createSecret()
      const details = await alter(caller, id, 'authorization.rotate', async (current, change) => {
        const heldUntil = await requireGivableUntil(
          deps.freshness,
          caller,
          'token.rotate',
          current.permissions,
          change,
        )
        // The user's session inherits these rights from this very token. A secret in its grace period cannot give
        // itself a new one.
        const isOwn = caller.principal.kind === 'session' && caller.principal.user.id === current.userID
        if (!isOwn) requireNoLonger(expiryOf(current), heldUntil)
        const { hashedToken } = current
        return {
          hashedToken: storedTokenHash(hashSecret(token)),
          previous: until ? { hashedToken, until } : undefined,
        }
      })
      return { details, token }
    },
  }
}
