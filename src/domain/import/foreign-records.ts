/** The records of another server as they were read: each is well-formed, none was compared with another yet. */
import type { ID } from '../base/id.ts'
import type { Bucket } from '../records/bucket.ts'
import type { DbrpMapping } from '../records/dbrp-mapping.ts'
import type { Organization } from '../records/organization.ts'
import type { PermissionInput } from '../records/permission.ts'
import type { StoredTask } from '../records/stored-task.ts'
import type { Status, User } from '../records/user.ts'

export interface ForeignMembership {
  readonly userID: ID
  readonly resourceID: ID
  /** Such as `orgs`; Sluice knows fewer types than InfluxDB. */
  readonly resourceType: string
  readonly role: string
}

interface ForeignRights {
  readonly id: ID
  readonly status: Status
  readonly description: string
  readonly orgID: ID
  readonly userID: ID
  /** Actions and types may be unknown here; ids are well-formed. */
  readonly permissions: readonly PermissionInput[]
  readonly createdAt: string
  readonly updatedAt: string
}

export interface ForeignToken extends ForeignRights {
  /**
   * Hashes of the token, the one to store first: both forms of `storedTokenHashes` if the server kept the token itself,
   * else what it kept, in whatever form; empty if it kept none.
   */
  readonly hashes: readonly string[]
}

export interface ForeignLegacyAuthorization extends ForeignRights {
  readonly name: string
}

export interface ForeignRecords {
  readonly users: readonly User[]
  /** Password hashes of any form, by user. */
  readonly passwords: ReadonlyMap<ID, string>
  readonly organizations: readonly Organization[]
  readonly buckets: readonly Bucket[]
  readonly memberships: readonly ForeignMembership[]
  readonly tokens: readonly ForeignToken[]
  readonly legacyAuthorizations: readonly ForeignLegacyAuthorization[]
  /** Password hashes of any form, by 1.x authorization. */
  readonly legacyPasswords: ReadonlyMap<ID, string>
  readonly dbrpMappings: readonly DbrpMapping[]
  /** They stay where they are, and are only checked. */
  readonly tasks: readonly StoredTask[]
}
