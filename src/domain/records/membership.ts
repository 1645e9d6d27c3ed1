import type { ID } from '../base/id.ts'

export type Role = 'member' | 'owner'
/** A resource that has members. The instance has the fixed id `INSTANCE_ID`. */
export type MembershipResource = 'orgs' | 'buckets' | 'instance'

export const INSTANCE_ID = '0000000000000001' as ID

export interface Membership {
  readonly userID: ID
  readonly resourceType: MembershipResource
  readonly resourceID: ID
  /** The stronger one of all that were given. */
  readonly role: Role
  /** Who gave it; undefined if it was given by hand alone. */
  readonly given?: GivenRoles
}

export interface GivenRoles {
  /** Undefined if it was not given by hand. */
  readonly byHand: Role | undefined
  readonly byProviders: readonly ProvidedRole[]
}

/** A role that a rule gives to members of a group of a provider. */
export interface ProvidedRole {
  readonly issuer: string
  /** The provider's name in the settings at the last sign-in. */
  readonly provider: string
  readonly group: string
  readonly role: Role
}

/** What a provider gives. */
export type ProvidedMembership = Omit<Membership, 'userID' | 'given'> & Pick<ProvidedRole, 'group'>

/** The membership as it was given by hand; undefined if only providers give it. */
export function givenByHand({ given, ...membership }: Membership): Membership | undefined {
  if (!given) return membership
  return given.byHand && { ...membership, role: given.byHand }
}

/** Memberships given by hand, and apart from them those that providers give. Reading gives both, the stronger role. */
export interface MembershipStore {
  /** Adds a membership by hand; `false` if the user already belongs to the resource by hand, in either role. */
  add(membership: Omit<Membership, 'given'>): Promise<boolean>
  /** Removes the role that was given by hand; `false` if none was. */
  remove(resourceID: ID, userID: ID): Promise<boolean>
  /** Replaces all that the provider with this issuer gives a user. */
  provide(
    userID: ID,
    by: Pick<ProvidedRole, 'issuer' | 'provider'>,
    memberships: readonly ProvidedMembership[],
  ): Promise<void>
  /** Gives what providers gave for a resource to another id of the same resource. */
  reassignProvided(from: ID, to: ID): Promise<void>
  /** Removes all, however given. */
  removeOfResource(resourceID: ID): Promise<void>
  /** Removes all, however given. */
  removeOfUser(userID: ID): Promise<void>
  /** All memberships of a user: in the order in which they were added by hand, then those that only providers give. */
  ofUser(userID: ID): Promise<Membership[]>
  /** All memberships of a resource, ordered by user id. */
  ofResource(resourceID: ID): Promise<Membership[]>
  /** How many users belong to each of these resources; those without any are absent. */
  countByResource(resourceIDs: readonly ID[]): Promise<ReadonlyMap<ID, number>>
}
