import type { ID } from '../base/id.ts'

export type Role = 'member' | 'owner'
/** A resource that has members. The instance has the fixed id `INSTANCE_ID`. */
export type MembershipResource = 'orgs' | 'buckets' | 'instance'

export const INSTANCE_ID = '0000000000000001' as ID

export interface Membership {
  readonly userID: ID
  readonly resourceType: MembershipResource
  readonly resourceID: ID
  readonly role: Role
}

export interface MembershipStore {
  /** Adds a membership; `false` if the user already belongs to the resource, in either role. */
  add(membership: Membership): Promise<boolean>
  /** Removes a user from a resource; `false` if the user does not belong to it. */
  remove(resourceID: ID, userID: ID): Promise<boolean>
  removeOfResource(resourceID: ID): Promise<void>
  removeOfUser(userID: ID): Promise<void>
  /** All memberships of a user, in the order in which they were added. */
  ofUser(userID: ID): Promise<Membership[]>
  /** All memberships of a resource, ordered by user id. */
  ofResource(resourceID: ID): Promise<Membership[]>
  /** How many users belong to each of these resources; those without any are absent. */
  countByResource(resourceIDs: readonly ID[]): Promise<ReadonlyMap<ID, number>>
}
