import type { ID } from '../base/id.ts'
import type { PageRequest } from '../base/paging.ts'

export interface Organization {
  readonly id: ID
  readonly name: string
  readonly description: string
  /** RFC 3339, UTC, like all times in records. */
  readonly createdAt: string
  readonly updatedAt: string
}

export interface OrganizationStore {
  /** Adds an organization; `false` if the name is taken. */
  add(organization: Organization): Promise<boolean>
  /** Replaces name, description and `updatedAt`; `false` if the name is taken or the organization is gone. */
  update(organization: Organization): Promise<boolean>
  remove(id: ID): Promise<boolean>
  byID(id: ID): Promise<Organization | undefined>
  byName(name: string): Promise<Organization | undefined>
  /** The organizations with these ids that exist, in any order. */
  byIDs(ids: readonly ID[]): Promise<Organization[]>
  list(page: PageRequest): Promise<Organization[]>
  count(): Promise<number>
}
