import type { Id } from '../base/id.ts'

export type Role = 'member' | 'owner'
/** What one can belong to. The instance has the fixed id `INSTANCE_ID`. */
export type MembershipResource = 'orgs' | 'buckets' | 'instance'

export const INSTANCE_ID = '0000000000000001' as Id

export interface Membership {
  readonly userID: Id
  readonly resourceType: MembershipResource
  readonly resourceID: Id
  readonly role: Role
}

export interface MembershipStore {
  /** Adds a membership; `false` when that user belongs to that resource already, in whatever role. */
  add(membership: Membership): Promise<boolean>
  /** Removes the membership of one user in one resource; `false` when there is none. */
  remove(resourceID: Id, userID: Id): Promise<boolean>
  removeOfResource(resourceID: Id): Promise<void>
  removeOfUser(userID: Id): Promise<void>
  /** All of one user's, in the order in which they were added. */
  ofUser(userID: Id): Promise<Membership[]>
  /** All of one resource's, in the order of the users' ids. */
  ofResource(resourceID: Id): Promise<Membership[]>
}
