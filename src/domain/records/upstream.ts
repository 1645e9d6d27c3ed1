/** The InfluxDB that Sluice guards, as the domain sees it. Its records have the same ids there and here. */
import type { ID } from '../base/id.ts'
import type { Bucket } from './bucket.ts'
import type { DbrpMapping } from './dbrp-mapping.ts'
import type { Membership } from './membership.ts'
import type { Organization } from './organization.ts'
import type { Permission } from './permission.ts'
import type { StoredTask } from './stored-task.ts'
import type { User } from './user.ts'

/**
 * Where users, organizations, buckets and memberships are made first. Every method throws `unavailable` if upstream
 * cannot be reached or does not answer in time, and the error that InfluxDB documents if upstream refuses
 * (`conflict`, `invalid`, `unprocessable entity`); then nothing was changed there.
 */
export interface UpstreamIdentities {
  /** The id that the user has there. Without `id` upstream chooses one. */
  createUser(user: Pick<User, 'name' | 'status'> & { readonly id?: ID }): Promise<ID>
  /** Changes name and status, and nothing else of the user there. */
  updateUser(user: User): Promise<void>
  /** Does nothing if the user is already deleted there; the same for the other removals. */
  removeUser(id: ID): Promise<void>
  /** Sets the active tasks of a user inactive: upstream would run them with the rights that the user still has there. */
  stopTasksOf(userID: ID): Promise<void>
  /** Creates an organization without members. Upstream chooses its id and those of its system buckets. */
  createOrganization(organization: Pick<Organization, 'name' | 'description'>): Promise<CreatedOrganization>
  updateOrganization(organization: Organization): Promise<void>
  /** Deletes the organization with its buckets and their data. */
  removeOrganization(id: ID): Promise<void>
  /** The id is upstream's. */
  createBucket(bucket: Omit<Bucket, 'id'>): Promise<ID>
  updateBucket(bucket: Bucket): Promise<void>
  /** Deletes the bucket with its data. */
  removeBucket(id: ID): Promise<void>
  /** Does nothing if the user has that role already, and replaces another role. */
  addMembership(membership: Membership): Promise<void>
  /** Removes the membership, whatever its role there. */
  removeMembership(membership: Membership): Promise<void>
  /** Lists everything, with one request for each hundred records. */
  list(): Promise<UpstreamRecords>
  /**
   * Lists the mappings, with one request for each organization. Leaves out virtual ones, which stand for a bucket by
   * its name alone.
   */
  mappingsOf(organizations: readonly ID[]): Promise<DbrpMapping[]>
  /** Lists memberships, with two requests for each resource. InfluxDB has no request for owners of the instance. */
  membershipsOf(resources: readonly Pick<Membership, 'resourceType' | 'resourceID'>[]): Promise<Membership[]>
}

export interface CreatedOrganization {
  readonly id: ID
  /** The system buckets, which upstream makes with it. */
  readonly buckets: readonly Bucket[]
}

export interface UpstreamRecords {
  readonly users: readonly User[]
  readonly organizations: readonly Organization[]
  readonly buckets: readonly Bucket[]
  /** The user to whom the operator token of the settings belongs, who may exist there alone. */
  readonly operatorID: ID | undefined
}

/** The first user, organization and bucket there; upstream then knows the operator token of the settings. */
export interface UpstreamSetup {
  /** Whether upstream has neither users nor organizations. */
  isAllowed(): Promise<boolean>
  run(
    wanted: { readonly username: string; readonly org: string; readonly bucket: string } & Pick<
      Bucket,
      'retentionSeconds'
    >,
  ): Promise<UpstreamSetupResult>
}

export interface UpstreamSetupResult {
  readonly userID: ID
  readonly organization: CreatedOrganization
  readonly bucketID: ID
}

/** What the check at the start asks of upstream. */
export interface UpstreamCheck {
  /** Whether upstream takes requests; `away` also if it is still starting. */
  readiness(): Promise<'ready' | 'away' | CertificateProblem>
  /**
   * Whether the token of the settings is an operator's, and whether scripts are kept from the network of upstream
   * itself (`--hardening-enabled`). Undefined if upstream is too old to say.
   */
  configuration(): Promise<UpstreamConfiguration | undefined>
}

/**
 * Why no TLS connection comes about:
 * - `untrusted`: by no known authority
 * - `expired`: or not valid yet
 * - `other-name`: of another host
 * - `client-refused`: upstream ends the connection, which it does if it wants another client certificate
 */
export type CertificateProblem = 'untrusted' | 'expired' | 'other-name' | 'client-refused'

export interface UpstreamConfiguration {
  readonly isOperator: boolean
  /** Undefined if the token may not ask. */
  readonly isHardened: boolean | undefined
}

/** What a minted token carries: a caller's rights in one organization. */
export interface MintRequest {
  /** Undefined for the user of the operator token: what the caller may do is in `permissions` alone. */
  readonly userID: ID | undefined
  readonly orgID: ID
  /** Never empty: InfluxDB refuses that. */
  readonly permissions: readonly Permission[]
  readonly description: string
}

/** Authorizations that Sluice makes upstream, to forward requests with. Errors as for `UpstreamIdentities`. */
export interface UpstreamTokens {
  /** The only answer that holds the secret. */
  mint(request: MintRequest): Promise<{ readonly id: ID; readonly token: string }>
  /** Does nothing if the token is already deleted. */
  remove(id: ID): Promise<void>
  /** Whether upstream still has it. */
  exists(id: ID): Promise<boolean>
  /** All authorizations whose description begins with `prefix`. Slow if upstream has many. */
  described(prefix: string): Promise<readonly DescribedToken[]>
}

export interface DescribedToken {
  readonly id: ID
  readonly description: string
  /** ISO 8601, by upstream's clock. */
  readonly createdAt: string
}

/** A resource that only upstream knows, as far as rights depend on it. */
export interface UpstreamResource {
  readonly orgID: ID
  /** The user with whose memberships upstream runs the resource; undefined if it runs nothing. */
  readonly ownerID: ID | undefined
  /** The bucket that a replication copies to another server. */
  readonly bucketID?: ID | undefined
}

/** Looks resources up that only upstream knows. Throws `unavailable` if upstream cannot be reached. */
export interface UpstreamResources {
  /**
   * Undefined if upstream has no such resource.
   *
   * @param type as in InfluxDB's paths: `tasks`, `dashboards`
   */
  find(type: string, id: ID): Promise<UpstreamResource | undefined>
}

/** A label, as InfluxDB shows it beside what it is on. */
export interface Label {
  readonly id: ID
  readonly orgID: ID
  readonly name: string
  readonly properties?: Readonly<Record<string, string>>
}

/** Labels of buckets, asked for with the token of a caller, whose rights upstream applies. */
export interface UpstreamLabels {
  /**
   * One request. The labels of the organization's buckets by id, of up to a hundred of them; undefined if upstream does
   * not know the token.
   */
  ofOrganization(orgID: ID, ask: LabelRequest): Promise<ReadonlyMap<ID, readonly Label[]> | undefined>
  /** One request. Undefined if upstream does not know the token. */
  ofBucket(id: ID, ask: LabelRequest): Promise<readonly Label[] | undefined>
}

export interface LabelRequest {
  readonly token: string
  readonly timeoutMs: number
}

/** Reads what upstream runs on schedule, for all users. Throws `unavailable` if upstream cannot be reached. */
export interface UpstreamTasks {
  /**
   * Lists those of all organizations, with one request for each hundred tasks of an organization, and one for each
   * check and notification rule.
   */
  list(): Promise<readonly StoredTask[]>
}
