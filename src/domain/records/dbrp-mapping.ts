/** DBRP mappings: which bucket a database and retention policy of InfluxDB 1.x stand for, within an organization. */
import type { ID } from '../base/id.ts'

export interface DbrpMapping {
  readonly id: ID
  readonly orgID: ID
  readonly bucketID: ID
  readonly database: string
  readonly retentionPolicy: string
  /** Whether it answers for its database if no retention policy is named; at most one of each database does. */
  readonly isDefault: boolean
}

export interface DbrpFilter {
  readonly orgID?: ID | undefined
  readonly bucketID?: ID | undefined
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
  remove(id: ID): Promise<boolean>
  removeOfBucket(bucketID: ID): Promise<void>
  removeOfOrganization(orgID: ID): Promise<void>
  /** The mappings with these ids that exist, in any order. */
  byIDs(ids: readonly ID[]): Promise<DbrpMapping[]>
  /** The mapping that answers for a database: that of the retention policy, or the default if none is named. */
  resolve(orgID: ID, database: string, retentionPolicy?: string): Promise<DbrpMapping | undefined>
  /** All that match, in id order. */
  list(filter: DbrpFilter): Promise<DbrpMapping[]>
}
