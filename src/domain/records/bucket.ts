/** Buckets as resources of permissions: metadata only, no points. */
import type { Id } from '../base/id.ts'
import type { PageRequest } from '../base/paging.ts'

export interface Bucket {
  readonly id: Id
  readonly orgID: Id
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
  readonly orgID?: Id | undefined
  readonly name?: string | undefined
}

export interface BucketStore {
  /** Adds a bucket; `false` if its organization has a bucket of that name. */
  add(bucket: Bucket): Promise<boolean>
  /** Updates a bucket; `false` if the name belongs to another bucket of the organization, or if the bucket is gone. */
  update(bucket: Bucket): Promise<boolean>
  remove(id: Id): Promise<boolean>
  byId(id: Id): Promise<Bucket | undefined>
  byName(orgID: Id, name: string): Promise<Bucket | undefined>
  /** Those of these ids that exist, in any order. */
  byIds(ids: readonly Id[]): Promise<Bucket[]>
  list(filter: BucketFilter, page: PageRequest): Promise<Bucket[]>
  /** All ids of an organization's buckets. */
  idsOfOrganization(orgID: Id): Promise<Id[]>
}
