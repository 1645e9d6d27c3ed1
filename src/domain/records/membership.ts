import type { Id } from '../base/id.ts'

export type Role = 'member' | 'owner'
/** A resource that has members. The instance has the fixed id `INSTANCE_ID`. */
export type MembershipResource = 'orgs' | 'buckets' | 'instance'

export const INSTANCE_ID = '0000000000000001' as Id

export interface Membership {
  readonly userID: Id
  readonly resourceType: MembershipResource
  readonly resourceID: Id
  readonly role: Role
}

export interface MembershipStore {
  /** Adds a membership; `false` if the user already belongs to the resource, in either role. */
  add(membership: Membership): Promise<boolean>
  /** Removes a user from a resource; `false` if the user does not belong to it. */
  remove(resourceID: Id, userID: Id): Promise<boolean>
  removeOfResource(resourceID: Id): Promise<void>
  removeOfUser(userID: Id): Promise<void>
  /** All memberships of a user, in the order in which they were added. */
  ofUser(userID: Id): Promise<Membership[]>
  /** All memberships of a resource, ordered by user id. */
  ofResource(resourceID: Id): Promise<Membership[]>
}
