/** DBRP mappings: which bucket a database and retention policy of InfluxDB 1.x stand for, within an organization. */
import type { Id } from '../base/id.ts'

export interface DbrpMapping {
  readonly id: Id
  readonly orgID: Id
  readonly bucketID: Id
  readonly database: string
  readonly retentionPolicy: string
  /** Whether it answers for its database if no retention policy is named; at most one of each database does. */
  readonly isDefault: boolean
}

export interface DbrpFilter {
  readonly orgID?: Id | undefined
  readonly bucketID?: Id | undefined
  readonly database?: string | undefined
}

/**
 * While a database of an organization has mappings, one of them is the default, unless none ever was: if the default is
 * removed, the mapping with the lowest id takes its place, as in InfluxDB.
 */
export interface DbrpMappingStore {
  /**
   * Adds a mapping; `false` if the organization has one of that database and retention policy. A new default takes the
   * place of the earlier one.
   */
  add(mapping: DbrpMapping): Promise<boolean>
  /** Replaces all mappings by these, which must be unique by id, and by organization, database and retention policy. */
  replaceAll(mappings: readonly DbrpMapping[]): Promise<void>
  remove(id: Id): Promise<boolean>
  removeOfBucket(bucketID: Id): Promise<void>
  removeOfOrganization(orgID: Id): Promise<void>
  /** Those of these ids that exist, in any order. */
  byIds(ids: readonly Id[]): Promise<DbrpMapping[]>
  /** The mapping that answers for a database: that of the retention policy, or the default if none is named. */
  resolve(orgID: Id, database: string, retentionPolicy?: string): Promise<DbrpMapping | undefined>
  /** All that match, in id order. */
  list(filter: DbrpFilter): Promise<DbrpMapping[]>
}
