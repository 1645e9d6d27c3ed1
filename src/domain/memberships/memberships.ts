import { requireMembershipHeld } from '../access/giving.ts'
import type { PowerfulAct } from '../access/powerful-acts.ts'
import { type Caller, may, type Principal, requirePermission } from '../access/principal.ts'
import type { Freshness } from '../access/recent-sign-in.ts'
import { conflict, forbidden, notFound } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import { bucketPermission } from '../buckets/buckets.ts'
import type { Change } from '../changes.ts'
import { isMirrored } from '../mirror/activity.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { AuditTarget } from '../records/audit-event.ts'
import type { BucketStore } from '../records/bucket.ts'
import { givenByHand, type Membership, type MembershipStore, type Role } from '../records/membership.ts'
import type { OrganizationStore } from '../records/organization.ts'
import { type Permission, permission } from '../records/permission.ts'
import type { User, UserStore } from '../records/user.ts'

/** An organization or a bucket to which users belong. */
export interface MemberResource {
  readonly type: 'orgs' | 'buckets'
  readonly id: ID
}

/** `given` is undefined if it was given by hand alone. */
export type Member = User & Pick<Membership, 'given'>

export interface Memberships {
  /** The users with that role, in id order. */
  list(principal: Principal, resource: MemberResource, role: Role): Promise<Member[]>
  /**
   * Adds a user; `conflict` if the user already belongs to the resource, in either role. The caller must hold all
   * permissions that the role grants, otherwise `forbidden`.
   */
  add(caller: Caller, resource: MemberResource, role: Role, userID: ID): Promise<User>
  /** Changes a user's role in one step, for a caller who holds all that it grants; `not found` without membership. */
  changeRole(caller: Caller, resource: MemberResource, role: Role, userID: ID): Promise<User>
  /** Removes a user in whatever role; nothing happens when it does not belong. */
  remove(caller: Caller, resource: MemberResource, userID: ID): Promise<void>
}

interface Needs {
  readonly read: Permission
  readonly write: Permission
  /** The organization of the resource. */
  readonly orgID: ID
}

export function createMemberships(deps: {
  memberships: Pick<MembershipStore, 'ofResource'>
  users: Pick<UserStore, 'byIDs'>
  organizations: Pick<OrganizationStore, 'byID'>
  buckets: Pick<BucketStore, 'byID'>
  freshness: Freshness
  mirror: Mirror
}): Memberships {
  const { memberships, users, organizations, buckets, freshness, mirror } = deps
  const noSuchResource = () => notFound('404 page not found')

  /** What is needed to see and to change who belongs; an organization need not exist to refuse. */
  async function needs({ type, id }: MemberResource): Promise<Needs> {
    if (type === 'orgs') {
      return {
        read: permission('read', 'orgs', { id }),
        write: organizationWrite(id),
        orgID: id,
      }
    }
    const bucket = await buckets.byID(id)
    if (!bucket) throw noSuchResource()
    const [read, write] = [bucketPermission('read', bucket), bucketPermission('write', bucket)]
    return { read, write, orgID: bucket.orgID }
  }

  /**
   * Requires a recent sign-in of a session. A token needs the permission to change members of the organization, which
   * itself takes a recent sign-in to get: otherwise an old session could create a token for a single bucket, which takes
   * none, and change the bucket's owners with it.
   */
  function requireForOwners(caller: Caller, act: PowerfulAct, { type }: MemberResource, orgID: ID): void {
    const isToken = caller.principal.kind === 'token'
    if (isToken && type === 'buckets') requirePermission(caller.principal, organizationWrite(orgID))
    freshness.require(caller, act)
  }

  async function requireExisting({ type, id }: MemberResource): Promise<void> {
    if (type === 'orgs' && !(await organizations.byID(id))) throw noSuchResource()
  }

  return {
    async list(principal, resource, role) {
      const { read } = await needs(resource)
      if (!may(principal, read)) throw notFound('not found')
      await requireExisting(resource)
      const held = (await memberships.ofResource(resource.id)).filter((each) => each.role === role)
      const ids = held.map(({ userID }) => userID)
      const byID = new Map((await users.byIDs(ids)).map((user) => [user.id, user]))
      return held.flatMap(({ userID, given }) => {
        const user = byID.get(userID)
        return user ? [given ? { ...user, given } : user] : []
      })
    },

    async add(caller, resource, role, userID) {
      const { write, orgID } = await needs(resource)
      requirePermission(caller.principal, write)
      await requireExisting(resource)
      const membership: Membership = { userID, resourceType: resource.type, resourceID: resource.id, role }
      requireMembershipHeld(caller, membership, orgID)
      if (role === 'owner') requireForOwners(caller, 'owner.add', resource, orgID)
      const { user } = await mirror.change({
        about: userID,
        async here(change) {
          const user = await change.users.byID(userID)
          if (!user) throw notFound('user not found')
          if (!(await change.memberships.add(membership))) {
            throw conflict(
              'already-member',
              `user ${userID} belongs to it already; change the role, or remove the user first`,
            )
          }
          change.affects(userID)
          change.records({ event: `${role}.add`, target: targetOf(resource, orgID, user), caller })
          return { user, now: membershipIn(resource, await change.memberships.ofUser(userID)) ?? membership }
        },
        async there(upstream, { user, now }) {
          if (isMirrored(now, user)) await upstream.addMembership(now)
        },
      })
      return user
    },

    async changeRole(caller, resource, role, userID) {
      const { write, orgID } = await needs(resource)
      requirePermission(caller.principal, write)
      await requireExisting(resource)
      const membership: Membership = { userID, resourceType: resource.type, resourceID: resource.id, role }
      async function here(change: Change): Promise<{ user: User; now: Membership }> {
        const user = await change.users.byID(userID)
        const held = membershipIn(resource, await change.memberships.ofUser(userID))
        if (!user || !held) throw notFound(`user ${userID} does not belong to it; add the user first`)
        const before = givenByHand(held)
        if (!before) throw isProvided(held)
        if (before.role === role) return { user, now: held }
        requireMembershipHeld(caller, { ...before, role }, orgID)
        requireForOwners(caller, 'role.change', resource, orgID)
        await change.memberships.remove(resource.id, userID)
        await change.memberships.add({ ...before, role })
        change.affects(userID)
        const target = targetOf(resource, orgID, user)
        change.records({ event: `${before.role}.remove`, target, caller })
        change.records({ event: `${role}.add`, target, caller })
        return { user, now: membershipIn(resource, await change.memberships.ofUser(userID)) ?? membership }
      }
      const { user } = await mirror.change({
        ...{ about: userID, here },
        async there(upstream, { user, now }) {
          if (isMirrored(now, user)) await upstream.addMembership(now)
        },
      })
      return user
    },

    async remove(caller, resource, userID) {
      const { write, orgID } = await needs(resource)
      requirePermission(caller.principal, write)
      await mirror.change({
        about: userID,
        async here(change) {
          const held = membershipIn(resource, await change.memberships.ofUser(userID))
          if (!held) return undefined
          const byHand = givenByHand(held)
          if (!byHand) throw isProvided(held)
          const { role } = byHand
          if (role === 'owner') requireForOwners(caller, 'owner.remove', resource, orgID)
          await change.memberships.remove(resource.id, userID)
          change.affects(userID)
          const target = targetOf(resource, orgID, { id: userID })
          change.records({ event: `${role}.remove`, target, caller })
          return { held, left: membershipIn(resource, await change.memberships.ofUser(userID)) }
        },
        async there(upstream, planned) {
          if (planned?.left) await upstream.addMembership(planned.left)
          else if (planned) await upstream.removeMembership(planned.held)
        },
      })
    },
  }
}

const organizationWrite = (id: ID) => permission('write', 'orgs', { id, orgID: id })

/** Compares type and id: the instance has an id too, and an organization with that id must not lead to its owners. */
function membershipIn({ type, id }: MemberResource, held: readonly Membership[]): Membership | undefined {
  return held.find(({ resourceType, resourceID }) => resourceType === type && resourceID === id)
}

/** The next sign-in would give it again. */
function isProvided({ given }: Membership) {
  const [by] = given?.byProviders ?? []
  return forbidden(
    'given-by-provider',
    `the provider ${by?.provider} gives this to members of ${by?.group}; remove the user from that group there, or change the rule`,
  )
}

/** The resource that a user joined or left, and the user. */
function targetOf({ type, id }: MemberResource, orgID: ID, user: Pick<User, 'id'>): AuditTarget {
  return { type: type === 'orgs' ? 'organization' : 'bucket', id, orgID, userID: user.id }
}
