/** Buckets as resources of permissions: metadata only, no points. */
import type { ID } from '../base/id.ts'
import type { PageRequest } from '../base/paging.ts'

export interface Bucket {
  readonly id: ID
  readonly orgID: ID
  readonly type: 'user' | 'system'
  readonly name: string
  readonly description: string
  /** The InfluxDB 1.x retention policy that the bucket represents; usually empty. */
  readonly retentionPolicy: string
  /** 0 is forever. */
  readonly retentionSeconds: number
  readonly shardGroupSeconds: number
  readonly createdAt: string
  readonly updatedAt: string
}

export interface BucketFilter {
  readonly orgID?: ID | undefined
  readonly name?: string | undefined
}

export interface BucketStore {
  /** Adds a bucket; `false` if its organization has a bucket of that name. */
  add(bucket: Bucket): Promise<boolean>
  /** Updates a bucket; `false` if the name belongs to another bucket of the organization, or if the bucket is gone. */
  update(bucket: Bucket): Promise<boolean>
  remove(id: ID): Promise<boolean>
  byID(id: ID): Promise<Bucket | undefined>
  byName(orgID: ID, name: string): Promise<Bucket | undefined>
  /** The buckets with these ids that exist, in any order. */
  byIDs(ids: readonly ID[]): Promise<Bucket[]>
  list(filter: BucketFilter, page: PageRequest): Promise<Bucket[]>
  /** All ids of an organization's buckets. */
  idsOfOrganization(orgID: ID): Promise<ID[]>
  /** How many buckets each of these organizations has; those without any are absent. */
  countByOrganization(orgIDs: readonly ID[]): Promise<ReadonlyMap<ID, number>>
}
