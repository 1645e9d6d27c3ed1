import { requireRightsOf } from '../access/giving.ts'
import { membershipPermissions, selfPermissions } from '../access/grants.ts'
import { keepingAnOperator } from '../access/last-operator.ts'
import { type Caller, may, type Principal, requirePermission } from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import type { DoneEvent } from '../audit/done-event.ts'
import type { Clock } from '../base/clock.ts'
import { conflict, emptyValue, invalid, notFound } from '../base/errors.ts'
import type { ID, IDGenerator } from '../base/id.ts'
import { requireNameFits } from '../base/limits.ts'
import { type PageRequest, visiblePage } from '../base/paging.ts'
import type { Change } from '../changes.ts'
import { mirrorStatus, removeUserThere } from '../mirror/activity.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { AuditTarget } from '../records/audit-event.ts'
import type { Membership, MembershipStore } from '../records/membership.ts'
import { type Permission, permission } from '../records/permission.ts'
import type { Status, User, UserStore } from '../records/user.ts'

export interface UserInput {
  readonly name?: string | undefined
  readonly status?: string | undefined
}

export interface UserFilter {
  readonly id?: ID | undefined
  readonly name?: string | undefined
}

export interface Users {
  create(caller: Caller, input: UserInput): Promise<User>
  get(principal: Principal, id: ID): Promise<User>
  /** The users whom the principal may read; `not found` if the filter names another one. */
  list(principal: Principal, filter: UserFilter, page: PageRequest): Promise<User[]>
  /**
   * Renames, deactivates or activates a user. Activation restores all permissions of the user, so the caller must hold
   * them, otherwise `forbidden`. `conflict` for deactivating the last active operator.
   */
  update(caller: Caller, id: ID, input: UserInput): Promise<User>
  /** `conflict` for the last active operator. */
  remove(caller: Caller, id: ID): Promise<void>
  /** The permissions from memberships and from the user's own account, without those of tokens. */
  permissionsOf(principal: Principal, id: ID): Promise<Permission[]>
}

const userNotFound = () => notFound('user not found')
const nameTaken = (name: string) => conflict('name-taken', `user with name ${name} already exists`)

export function createUsers(deps: {
  users: Pick<UserStore, 'byID' | 'byName' | 'list'>
  memberships: Pick<MembershipStore, 'ofUser'>
  freshness: Freshness
  ids: IDGenerator
  now: Clock
  mirror: Mirror
}): Users {
  const { users, memberships, ids, mirror } = deps
  const readable = (principal: Principal, id: ID) => may(principal, permission('read', 'users', { id }))

  async function find({ id, name }: UserFilter): Promise<User> {
    const user = id ? await users.byID(id) : await users.byName(name ?? '')
    if (!user) throw userNotFound()
    return user
  }

  return {
    async create(caller, input) {
      const status = parseStatus(input.status ?? 'active')
      requirePermission(caller.principal, permission('write', 'users'))
      const name = parseName(input.name ?? '')
      return mirror.create({
        alone: () => ids.next(),
        async here(change, id) {
          const user: User = { id, name, status }
          if (!(await change.users.add(user))) throw nameTaken(name)
          change.records({ event: 'user.create', target: userTarget(user), caller })
          return user
        },
        there: (upstream, user) => upstream.createUser(user),
        isKept: async (id) => (await users.byID(id)) !== undefined,
        undo: (upstream, id) => upstream.removeUser(id),
      })
    },

    async get(principal, id) {
      requirePermission(principal, permission('read', 'users', { id }))
      return find({ id })
    },

    async list(principal, filter, page) {
      if (filter.id || filter.name) {
        const user = await find(filter)
        // The same as for a name that nobody has, so that asking does not tell which names there are.
        if (!readable(principal, user.id)) throw userNotFound()
        return [user]
      }
      return visiblePage(users.list, (user) => readable(principal, user.id), page)
    },

    async update(caller, id, input) {
      const status = input.status === undefined ? undefined : parseStatus(input.status)
      requirePermission(caller.principal, permission('write', 'users', { id }))
      const name = input.name === undefined ? undefined : parseName(input.name)
      async function here(change: Change): Promise<UserUpdate> {
        const user = await change.users.byID(id)
        if (!user) throw userNotFound()
        const next: User = { id, name: name ?? user.name, status: status ?? user.status }
        if (next.name === user.name && next.status === user.status) return { user, next: user, held: [] }
        if (next.status !== user.status) deps.freshness.require(caller, 'user.status')
        const isOther = id !== caller.principal.user.id
        if (next.name !== user.name && isOther) deps.freshness.require(caller, 'user.rename')
        if (next.status === 'active' && user.status === 'inactive') {
          await requireRightsOf(caller, id, change, deps.now())
        }
        await keepingAnOperator(change, [id], async () => {
          if (!(await change.users.update(next))) throw nameTaken(next.name)
        })
        if (next.status === 'inactive') {
          await change.endsSessionsOf(id, { caller })
          await change.oneTimeLinks.removeOfUser(id, 'reset')
        }
        change.affects(id)
        change.records({ event: 'user.update', target: userTarget(next), caller })
        return { user, next, held: await change.memberships.ofUser(id) }
      }
      const { next } = await mirror.change({
        ...{ about: id, here },
        async there(upstream, { user, next, held }) {
          if (next.status !== user.status) await mirrorStatus(upstream, next, held)
          else if (next !== user) await upstream.updateUser(next)
        },
      })
      return next
    },

    async remove(caller, id) {
      requirePermission(caller.principal, permission('write', 'users', { id }))
      await mirror.change({
        about: id,
        async here(change) {
          const user = await change.users.byID(id)
          if (!user) throw userNotFound()
          deps.freshness.require(caller, 'user.delete')
          await removeUser(change, user, { caller })
        },
        there: (upstream) => removeUserThere(upstream, id),
      })
    },

    async permissionsOf(principal, id) {
      requirePermission(principal, permission('read', 'users', { id }))
      const held = await memberships.ofUser(id)
      const inside = held.filter(({ resourceID }) => {
        return principal.confinedTo === undefined || resourceID === principal.confinedTo
      })
      return [...inside.flatMap(membershipPermissions), ...selfPermissions(id)]
    },
  }
}

/** What an update does: the user before and after it, and the memberships that go with the status upstream. */
interface UserUpdate {
  readonly user: User
  readonly next: User
  readonly held: readonly Membership[]
}

/** Within a change, removes a user with everything that belongs to them; `conflict` for the last active operator. */
export async function removeUser(
  change: Change,
  user: User,
  by: Pick<DoneEvent, 'caller' | 'origin' | 'actor'>,
): Promise<void> {
  const { id } = user
  await keepingAnOperator(change, [id], async () => {
    await change.passwords.remove(id)
    await change.memberships.removeOfUser(id)
    await change.authorizations.removeOfUser(id)
    await change.legacyAuthorizations.removeOfUser(id)
    await change.knownAddresses.removeOfUser(id)
    await change.factorHolders.removeOfUser(id)
    await change.oneTimeLinks.removeOfUser(id)
    await change.userEmails.remove(id)
    await change.linkedIdentities.removeOfUser(id)
    await change.switchedOffTokens.removeOfUser(id)
    await change.users.remove(id)
  })
  await change.endsSessionsOf(id, by)
  change.affects(id)
  change.records({ event: 'user.delete', target: userTarget(user), ...by })
}

function parseStatus(status: string): Status {
  if (status === 'active' || status === 'inactive') return status
  throw invalid('invalid status: must be active or inactive')
}

/** Returns the name unchanged, even if it is blank or has a newline; throws `empty value` for an empty name. */
export function parseName(name: string): string {
  if (name === '') throw emptyValue('a user needs a name')
  requireNameFits('a user', name)
  return name
}

function userTarget({ id, name }: User): AuditTarget {
  return { type: 'user', id, name }
}
