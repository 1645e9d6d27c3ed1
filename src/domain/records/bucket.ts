/** Buckets as resources of permissions: their metadata, not their points. */
import type { Id } from '../base/id.ts'
import type { PageRequest } from '../base/paging.ts'

export interface Bucket {
  readonly id: Id
  readonly orgID: Id
  readonly type: 'user' | 'system'
  readonly name: string
  readonly description: string
  /** The v1 retention policy that a bucket stands for; empty for most. */
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
  /** Adds a bucket; `false` when its organization has one of that name. */
  add(bucket: Bucket): Promise<boolean>
  /** Replaces what may change; `false` when the name is another's in the organization or it is gone. */
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
