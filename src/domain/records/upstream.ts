/** The InfluxDB that Sluice guards, as the domain sees it. Its records have the same ids there and here. */
import type { ID } from '../base/id.ts'
import type { Bucket } from './bucket.ts'
import type { Membership } from './membership.ts'
import type { Organization } from './organization.ts'
import type { Permission } from './permission.ts'
import type { User } from './user.ts'

/**
 * Where users, organizations, buckets and memberships are made first. Every method throws `unavailable` where upstream
 * cannot be reached or does not answer in time, and the error that InfluxDB documents where upstream refuses
 * (`conflict`, `invalid`, `unprocessable`); then nothing was changed there.
 */
export interface UpstreamIdentities {
  /** The id is upstream's. */
  createUser(user: Pick<User, 'name' | 'status'>): Promise<ID>
  updateUser(user: User): Promise<void>
  /** Nothing happens where it is gone already; the same for the other removals. */
  removeUser(id: ID): Promise<void>
  /** The organization's id and its system buckets, which upstream makes with it. */
  createOrganization(
    organization: Pick<Organization, 'name' | 'description'>,
  ): Promise<{ readonly id: ID; readonly buckets: readonly Bucket[] }>
  updateOrganization(organization: Organization): Promise<void>
  removeOrganization(id: ID): Promise<void>
  createBucket(bucket: Omit<Bucket, 'id' | 'type' | 'createdAt' | 'updatedAt'>): Promise<ID>
  updateBucket(bucket: Bucket): Promise<void>
  removeBucket(id: ID): Promise<void>
  /** Nothing happens where the user has that role already; another role is replaced. */
  addMembership(membership: Membership): Promise<void>
  removeMembership(membership: Membership): Promise<void>
  /** Everything of these kinds that upstream has, for the comparison. */
  list(): Promise<UpstreamRecords>
}

export interface UpstreamRecords {
  readonly users: readonly User[]
  readonly organizations: readonly Organization[]
  readonly buckets: readonly Bucket[]
  readonly memberships: readonly Membership[]
}

/** What a minted token carries: one user's rights in one organization. */
export interface MintRequest {
  readonly userID: ID
  readonly orgID: ID
  /** Never empty: InfluxDB refuses that. */
  readonly permissions: readonly Permission[]
  readonly description: string
}

/** Authorizations that Sluice makes upstream, to forward requests with. Errors as for `UpstreamIdentities`. */
export interface UpstreamTokens {
  /** The secret is told only now. */
  mint(request: MintRequest): Promise<{ readonly id: ID; readonly token: string }>
  /** Nothing happens where it is gone already. */
  remove(id: ID): Promise<void>
  /** Whether upstream still has it. */
  exists(id: ID): Promise<boolean>
  /** The ids of all authorizations whose description begins so. Slow where upstream has many. */
  idsDescribed(prefix: string): Promise<ID[]>
}

/** A resource that only upstream knows, as far as rights depend on it. */
export interface UpstreamResource {
  readonly orgID: ID
  /** The user with whose memberships upstream runs it; undefined where it runs nothing. */
  readonly ownerID: ID | undefined
}

/** Looks resources up that only upstream knows. Throws `unavailable` where upstream cannot be reached. */
export interface UpstreamResources {
  /**
   * Undefined where upstream has no such resource.
   *
   * @param type as in InfluxDB's paths: `tasks`, `dashboards`
   */
  find(type: string, id: ID): Promise<UpstreamResource | undefined>
}
